/* The page: head, contents, sections, and a renderer for every type of block. */

import "./style.css";

import { bars } from "./blocks/bars";
import type { Renderer } from "./blocks/block";
import { explorer } from "./blocks/explorer";
import { filling } from "./blocks/filling";
import { histogram } from "./blocks/histogram";
import { lines } from "./blocks/lines";
import { maps } from "./blocks/maps";
import { packageView } from "./blocks/package";
import { profiles } from "./blocks/profiles";
import { scalars } from "./blocks/scalars";
import { table } from "./blocks/table";
import { text } from "./blocks/text";
import { validation } from "./blocks/validation";
import { verdict } from "./blocks/verdict";
import { processWindow } from "./blocks/window";
import { readReport, type Block, type Report, type Section } from "./data";
import { h, icon, notice, paragraphs } from "./dom";
import { prettyText } from "./number";
import { setPaper, startTheme, toggleTheme } from "./theme";

const renderers: Record<string, Renderer<never>> = {
  verdict,
  text,
  scalars,
  table,
  bars,
  lines,
  histogram,
  package: packageView,
  explorer,
  validation,
  window: processWindow,
  filling,
  maps,
  profiles,
};

const work: Promise<void>[] = [];

/** Draws a block, or says why it cannot be drawn: one bad block never breaks the page. */
function drawBlock(block: Block): HTMLElement {
  const type = String(block?.type);
  const classes = `block block-${type.replace(/[^\w-]/g, "")}${block?.half ? " half" : ""}`;
  const root = h("div", { class: classes, "data-block": type });
  const render = Object.hasOwn(renderers, type) ? renderers[type] : undefined;
  if (!render) {
    root.append(
      notice(`This page does not know blocks of type “${type}”. The report was written by a newer program.`),
    );
    return root;
  }
  try {
    root.append(render(block as never, (w) => work.push(w)));
  } catch (e) {
    root.dataset.failed = "1";
    root.append(
      notice(`This block of type “${type}” cannot be drawn: ${e instanceof Error ? e.message : String(e)}.`),
    );
  }
  return root;
}

function drawSection(section: Section): HTMLElement {
  const id = section.name;
  return h(
    "section",
    { id, "aria-labelledby": `${id}-title` },
    h("h2", { id: `${id}-title` }, section.title),
    ...paragraphs(section.intro ?? "", "intro"),
    h("div", { class: "blocks" }, ...(section.blocks ?? []).map(drawBlock)),
  );
}

function contents(report: Report): HTMLElement {
  const links = report.sections.map((s) => h("li", {}, h("a", { href: `#${s.name}` }, s.title)));
  const nav = h(
    "nav",
    { class: "contents", id: "contents", "aria-label": "Contents" },
    h("ol", {}, ...links),
  );
  nav.addEventListener("click", (e) => {
    if ((e.target as Element).closest("a")) document.body.classList.remove("menu-open");
  });
  return nav;
}

/** Marks the section being read in the contents. */
function followReading(): void {
  const sections = [...document.querySelectorAll("main > section")];
  const links = new Map(
    [...document.querySelectorAll<HTMLAnchorElement>(".contents a")].map((a) => [a.hash.slice(1), a]),
  );
  const mark = (): void => {
    const end = window.innerHeight + window.scrollY >= document.documentElement.scrollHeight - 4;
    const above = sections.filter((s) => s.getBoundingClientRect().top < window.innerHeight * 0.3);
    const current =
      end && window.scrollY > 0 ? sections[sections.length - 1] : (above[above.length - 1] ?? sections[0]);
    for (const [id, a] of links) {
      if (id === current?.id) a.setAttribute("aria-current", "true");
      else a.removeAttribute("aria-current");
    }
  };
  window.addEventListener("scroll", mark, { passive: true });
  window.addEventListener("resize", mark);
  mark();
}

function sidebar(report: Report): HTMLElement {
  const menu = h(
    "button",
    {
      type: "button",
      class: "menu",
      "aria-controls": "contents",
      "aria-label": "Contents",
      "aria-expanded": "false",
      click: () => {
        const open = document.body.classList.toggle("menu-open");
        menu.setAttribute("aria-expanded", String(open));
      },
    },
    icon("menu"),
  );
  return h(
    "aside",
    { class: "sidebar" },
    h(
      "div",
      { class: "brand" },
      menu,
      h("a", { href: "#opentgv" }, h("span", { class: "mark", "aria-hidden": "true" }), "OpenTGV"),
      h("span", { class: "brand-title" }, prettyText(report.title)),
    ),
    contents(report),
    h(
      "div",
      { class: "actions" },
      h(
        "button",
        { type: "button", class: "theme", title: "Light or dark", click: toggleTheme },
        icon("theme"),
        h("span", {}, "Light / dark"),
      ),
      h(
        "button",
        { type: "button", class: "print", title: "Print or save as PDF", click: () => window.print() },
        icon("print"),
        h("span", {}, "Print"),
      ),
    ),
  );
}

function header(report: Report): HTMLElement {
  const p = report.project ?? {};
  const facts: [string, string | number | undefined, boolean][] = [
    ["Project", p.name, false],
    ["File", p.file, true],
    ["Input hash", p.hash?.slice(0, 12), true],
    ["Seed", p.seed, false],
    ["Written", report.generated, false],
    ["By", report.program, false],
  ];
  return h(
    "header",
    { class: "title" },
    h("h1", {}, prettyText(report.title)),
    report.subtitle ? h("p", { class: "subtitle" }, prettyText(report.subtitle)) : null,
    h(
      "dl",
      { class: "meta" },
      ...facts
        .filter(([, v]) => v !== undefined && v !== "")
        .map(([k, v, code]) =>
          h(
            "div",
            {},
            h("dt", {}, k),
            h(
              "dd",
              { title: k === "Input hash" ? p.hash : null },
              code ? h("code", {}, String(v)) : String(v),
            ),
          ),
        ),
    ),
  );
}

function footer(report: Report): HTMLElement {
  return h(
    "footer",
    {},
    h(
      "p",
      {},
      `${report.program ?? "OpenTGV"}. This file is complete: it opens without a network and loads nothing.`,
    ),
    h(
      "p",
      {},
      "Contains __OPENTGV_LIBRARIES__; the licence texts stand at the head of the script in this file.",
    ),
  );
}

async function start(): Promise<void> {
  startTheme();
  const root = document.getElementById("opentgv")!;
  let report: Report;
  try {
    report = readReport();
  } catch (e) {
    root.append(
      h(
        "main",
        {},
        notice(`The data of this report cannot be read: ${e instanceof Error ? e.message : String(e)}.`),
      ),
    );
    return;
  }
  await Promise.all([
    document.fonts.load("14px 'Inter Variable'"),
    document.fonts.load("600 14px 'Inter Variable'"),
  ]).catch(() => undefined);
  root.append(
    sidebar(report),
    h("main", { id: "main" }, header(report), ...report.sections.map(drawSection), footer(report)),
  );
  followReading();
  window.addEventListener("beforeprint", () => setPaper(true));
  window.addEventListener("afterprint", () => setPaper(false));
  document.addEventListener("keydown", (e) => {
    if (e.key === "Escape") document.body.classList.remove("menu-open");
  });
  await Promise.allSettled(work);
  if (location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView();
  document.documentElement.dataset.ready = "1";
}

void start();
