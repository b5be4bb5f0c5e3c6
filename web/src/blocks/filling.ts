/* The filling of a via as an animation: the section to scale, current and concentrations along the front, for each solver. */

import { figure } from "../chart";
import { h, notice, numberElement, s } from "../dom";
import { formatNumber, prettyUnit } from "../number";
import { laneNodes, layoutOf, sectionNodes, type Lane } from "../filling/section";
import { pictureAt, readFilling, type Filling, type FillingBlock, type Solution } from "../filling/model";
import type { Renderer } from "./block";

const [gutter, laneWidth, gap] = [46, 118, 22];

function largest(f: Filling, of: (s: Solution) => number[]): number {
  const all = f.solutions
    .flatMap(of)
    .filter(Number.isFinite)
    .sort((a, b) => a - b);
  return all.length ? all[Math.floor(0.995 * (all.length - 1))]! : 1;
}

/** Scales are those of all times and solvers, so that nothing jumps and both can be compared. */
function lanesOf(f: Filling): Lane[] {
  const current = largest(f, (solution) =>
    solution.pictures.flatMap((p) => p.chains.flatMap((c) => c.map((q) => q.current))),
  );
  const high = 1.08 * (current > 0 ? current : 1);
  return [
    {
      label: "current, A/dm²",
      unit: "A/dm2",
      low: 0,
      high,
      curves: [{ label: "current density", className: "current", of: (q) => q.current, scale: 1 }],
    },
    {
      label: "over the bath",
      unit: "",
      low: 0,
      high: 1.05,
      curves: [
        { label: "metal ion", className: "ion", of: (q) => q.ion, scale: 1 },
        { label: "additive", className: "additive", of: (q) => q.additive, scale: 1 },
        { label: "coverage of the surface", className: "coverage", of: (q) => q.coverage, scale: 1 },
      ],
    },
  ];
}

interface Pane {
  root: HTMLElement;
  show(time: number): void;
}

function pane(f: Filling, solution: Solution, lanes: Lane[]): Pane {
  const l = { ...layoutOf(f, 200), left: gutter };
  const width = gutter + l.width + gap + lanes.length * (laneWidth + gap);
  const svg = s("svg", { class: "filling-picture", viewBox: `0 0 ${Math.ceil(width)} ${l.height}`, role: "img" });
  const state = h("p", { class: "filling-state" });
  const root = h(
    "div",
    { class: "filling-pane" },
    h("h4", {}, solution.name),
    state,
    svg,
    h(
      "dl",
      { class: "facts" },
      h("dt", {}, "regime"),
      h("dd", {}, h("strong", { class: solution.good ? "good" : "bad" }, solution.regime)),
      ...solution.facts.flatMap((v) => [
        h("dt", {}, v.label),
        h(
          "dd",
          {},
          numberElement(v.value, formatNumber(v.value, 4, v.unit), v.unit, v.name),
          v.value === null ? "" : ` ${prettyUnit(v.unit)}`,
        ),
      ]),
    ),
    solution.method ? h("p", { class: "note" }, solution.method) : null,
  );
  const show = (time: number): void => {
    const picture = pictureAt(solution, time);
    const index = solution.pictures.indexOf(picture);
    const done = index === solution.pictures.length - 1;
    state.textContent = done ? `ended at ${formatNumber(picture.time)} min` : `at ${formatNumber(picture.time)} min`;
    svg.setAttribute("aria-label", `Section of the via, ${solution.name}, ${state.textContent}`);
    svg.replaceChildren(
      ...sectionNodes(f, solution, index, l),
      ...lanes.flatMap((lane, i) =>
        laneNodes(f, picture, lane, l, gutter + l.width + gap + i * (laneWidth + gap), laneWidth),
      ),
    );
  };
  return { root, show };
}

function build(f: Filling, body: HTMLElement): void {
  const lanes = lanesOf(f);
  const panes = f.solutions.map((x) => pane(f, x, lanes));
  const output = h("output", {});
  let timer = 0;
  const last = f.times.length - 1;
  const range = h("input", {
    type: "range",
    min: 0,
    max: last,
    step: 1,
    value: last,
    "aria-label": "time",
    input: () => {
      stop();
      show(Number(range.value));
    },
  });
  const show = (i: number): void => {
    const time = f.times[i]!;
    output.textContent = `${formatNumber(time)} min`;
    for (const p of panes) p.show(time);
  };
  const stop = (): void => {
    clearInterval(timer);
    timer = 0;
    button.textContent = "Play";
    button.setAttribute("aria-pressed", "false");
  };
  const play = (): void => {
    if (Number(range.value) >= last) range.value = "0";
    button.textContent = "Pause";
    button.setAttribute("aria-pressed", "true");
    show(Number(range.value));
    timer = window.setInterval(() => {
      if (Number(range.value) >= last) return stop();
      range.value = String(Number(range.value) + 1);
      show(Number(range.value));
    }, 140);
  };
  const button = h(
    "button",
    { type: "button", class: "tool", "aria-pressed": "false", click: () => (timer ? stop() : play()) },
    "Play",
  );
  const key = ["current", "ion", "additive", "coverage"].map((name, i) =>
    h("li", {}, h("span", { class: `filling-key ${name}` }), ["current density", "metal ion", "additive", "coverage"][i]!),
  );
  body.replaceChildren(
    h("div", { class: "filling-controls" }, button, range, output, h("ul", { class: "categories row" }, ...key)),
    h("div", { class: "filling-panes" }, ...panes.map((p) => p.root)),
  );
  show(last);
}

export const filling: Renderer<FillingBlock> = (block, later) => {
  if (!Array.isArray(block.solutions) || !block.solutions.length) throw new Error("there is no solution");
  const f = figure(block.title ?? "", block.note);
  later(
    readFilling(block)
      .then((data) => build(data, f.body))
      .catch((e: unknown) => {
        f.body.replaceChildren(notice(`This picture cannot be drawn: ${e instanceof Error ? e.message : String(e)}.`));
      }),
  );
  return f.root;
};
