/* The cards beside the map: facts of the panel, of a unit, of a via. */

import { h, icon, numberElement } from "../dom";
import { fixed, formatNumber, prettyName, prettyUnit } from "../number";
import { categoryColour, viaColumn, type Shown } from "./draw";
import { tokens } from "../theme";
import type { Point } from "../view";
import {
  causesOf,
  flagsOf,
  limitsOf,
  marginOf,
  namesOf,
  valueOf,
  type Layer,
  type Model,
  type Unit,
} from "./model";

type Pair = [string, Node | string];

export function facts(pairs: Pair[]): HTMLElement {
  return h("dl", { class: "facts compact" }, ...pairs.flatMap(([k, v]) => [h("dt", {}, k), h("dd", {}, v)]));
}

function quantity(v: number, unit: string | undefined, digits = 4): HTMLElement {
  const u = prettyUnit(unit);
  return h("span", {}, numberElement(v, formatNumber(v, digits, unit), u), u ? ` ${u}` : "");
}

const head = (kind: string, title: string): HTMLElement =>
  h("header", {}, h("span", { class: "kind" }, kind), h("h4", {}, title));

/** The number a via carries on the panel, or in its unit, or its row in the data. */
export function viaName(m: Model, via: number): string {
  const given = ["index", "local"].map((column) => valueOf(m, column, via)).find(Number.isFinite);
  return fixed(given ?? via, 0);
}

export function panelCard(m: Model, layer: Layer | undefined, panel: number): HTMLElement {
  const { panel: p, vias } = m.block;
  const size =
    p.shape === "round"
      ? `Ø ${formatNumber(p.width)} mm`
      : `${formatNumber(p.width)} × ${formatNumber(p.height)} mm`;
  const pairs: Pair[] = [
    ["Size", size],
    ["Units", h("span", {}, numberElement(m.units.length, formatNumber(m.units.length)))],
    ["Unit", `${formatNumber(p.units.width)} × ${formatNumber(p.units.height)} mm`],
  ];
  if (p.edge_exclusion) pairs.push(["Edge exclusion", quantity(p.edge_exclusion, "mm")]);
  if (vias) {
    pairs.push(["Vias", h("span", {}, numberElement(vias.total, formatNumber(vias.total)))]);
    if (!vias.complete)
      pairs.push(["Vias in this file", h("span", {}, numberElement(vias.count, formatNumber(vias.count)))]);
  }
  const blocks: HTMLElement[] = [
    head("Panel", m.panels.length > 1 ? `Panel ${panel + 1} of ${m.panels.length}` : "Whole panel"),
    facts(pairs),
  ];
  if (layer)
    blocks.push(
      h("h5", {}, namesOf(layer).short),
      layer.categories ? categoryFacts(layer) : layerFacts(layer),
    );
  blocks.push(
    h("p", { class: "note" }, "Click a unit to look into it; scroll or pinch to zoom, drag to move."),
  );
  return h("div", { class: "card" }, ...blocks);
}

function layerFacts(layer: Layer): HTMLElement {
  const { stats } = layer;
  const q = (v: number): HTMLElement => quantity(v, layer.unit);
  const where = layer.kind === "unit" ? "Units" : "Cells";
  return facts([
    ["Mean", q(stats.mean)],
    ["Min", q(stats.min)],
    ["Max", q(stats.max)],
    ["Std dev", q(stats.std)],
    [where, formatNumber(stats.n)],
  ]);
}

function categoryFacts(layer: Layer): HTMLElement {
  const t = tokens();
  const counts = layer.categories!.map((_, k) => Array.from(layer.values).filter((v) => v === k).length);
  return h(
    "ul",
    { class: "categories" },
    ...layer.categories!.map((name, k) =>
      h(
        "li",
        { class: counts[k] ? null : "none" },
        h("span", {
          class: `swatch ${k === (layer.good ?? 0) ? "" : "hatched"}`,
          style: `--swatch:${categoryColour(t, layer, k)}`,
        }),
        h("span", {}, name),
        numberElement(counts[k], formatNumber(counts[k])),
      ),
    ),
  );
}

export function unitCard(m: Model, unit: Unit, panel: number, openVia: (via: number) => void): HTMLElement {
  const [first, last] = m.range(unit.index, panel);
  const vias = Array.from(m.order.subarray(first, last));
  const layers = m.layers.filter(
    (l) => l.kind === "unit" && (l.panel ?? 0) === panel && Number.isFinite(l.values[unit.index]),
  );
  const pairs = layers.map((l): Pair => {
    const v = l.values[unit.index]!;
    return [
      namesOf(l).short,
      l.categories ? categoryBadge(l.categories[v] ?? String(v), v === (l.good ?? 0)) : quantity(v, l.unit),
    ];
  });
  const where = `x ${fixed((unit.x0 + unit.x1) / 2, 1)} mm, y ${fixed((unit.y0 + unit.y1) / 2, 1)} mm`;
  const blocks: HTMLElement[] = [
    head("Unit", unit.name),
    facts([["Place", `column ${unit.column}, row ${unit.row}`], ["Centre", where], ...pairs]),
  ];
  if (m.block.vias) blocks.push(...viaLists(m, vias, openVia));
  return h("div", { class: "card" }, ...blocks);
}

function categoryBadge(word: string, good: boolean): HTMLElement {
  return h("span", { class: `badge ${good ? "good" : "bad"}` }, word);
}

function viaLists(m: Model, vias: number[], openVia: (via: number) => void): HTMLElement[] {
  const { complete, note: part } = m.block.vias!;
  const note = complete ? "" : `Not every via is in this file${part ? `: ${part}` : ""}.`;
  if (!vias.length) return [h("p", { class: "note" }, `No single via of this unit is in this file. ${note}`)];
  const failed = vias.filter((v) => flagsOf(m, v) !== 0);
  const margins = vias
    .map((via) => ({ via, ...marginOf(m, via) }))
    .sort((a, b) => a.margin - b.margin)
    .slice(0, 10);
  const out: HTMLElement[] = [
    facts([
      ["Vias shown", h("span", {}, numberElement(vias.length, formatNumber(vias.length)))],
      ["of these failed", h("span", {}, numberElement(failed.length, formatNumber(failed.length)))],
    ]),
  ];
  if (note) out.push(h("p", { class: "note" }, note));
  const rows = margins.map(({ via, margin, cause }) => {
    const causes = causesOf(m, via);
    const text = causes.length ? causes.map((c) => c.name).join(", ") : (cause?.name ?? "–");
    const room = Number.isFinite(margin) ? `${fixed(100 * margin, 1)} %` : "–";
    return h(
      "tr",
      {},
      h(
        "td",
        {},
        h(
          "button",
          { type: "button", class: "link", "data-open-via": via, click: () => openVia(via) },
          `Via ${viaName(m, via)}`,
        ),
      ),
      h("td", { class: "cause" }, causes.length ? icon("bad") : null, text),
      h("td", { class: "n" }, room),
    );
  });
  out.push(
    h(
      "table",
      { class: "plain worst", "aria-label": "Worst vias" },
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          h("th", { scope: "col" }, "Worst vias"),
          h("th", { scope: "col" }, "Nearest limit"),
          h(
            "th",
            {
              scope: "col",
              class: "n",
              title:
                "Distance to the nearest limit, over half the tolerance or, with one limit, over the limit",
            },
            "Margin",
          ),
        ),
      ),
      h("tbody", {}, ...rows),
    ),
  );
  return out;
}

const hidden = new Set(["x", "y", "unit", "group", "flags", "panel", "local", "index"]);

function limitText(m: Model, via: number, column: string): { text: string; fails: boolean } {
  const failed = new Set(causesOf(m, via));
  const limits = limitsOf(m, via, column);
  const above = limits.filter((l) => l.cause.side === "above").map((l) => l.limit);
  const below = limits.filter((l) => l.cause.side !== "above").map((l) => l.limit);
  const low = below.length ? Math.max(...below) : null;
  const high = above.length ? Math.min(...above) : null;
  const text =
    low === null && high === null
      ? "–"
      : low === null
        ? `≤ ${formatNumber(high)}`
        : high === null
          ? low === 0
            ? "> 0"
            : `≥ ${formatNumber(low)}`
          : `${formatNumber(low)} to ${formatNumber(high)}`;
  return { text, fails: [...failed].some((c) => c.column === column) };
}

/** The values of a via against its limits. */
export function viaTable(m: Model, via: number): HTMLElement {
  const rows = [...m.columns.values()]
    .filter((c) => !hidden.has(c.name))
    .map((c) => {
      const v = c.values[via]!;
      const { text, fails } = limitText(m, via, c.name);
      const u = prettyUnit(c.unit);
      return h(
        "tr",
        { class: fails ? "fails" : null },
        h("th", { scope: "row", title: c.label }, prettyName(c.name)),
        h(
          "td",
          { class: "n" },
          numberElement(Number.isFinite(v) ? v : null, formatNumber(v), u, `via.${c.name}`),
          u ? h("span", { class: "unit" }, ` ${u}`) : null,
        ),
        h("td", { class: "n limit" }, text),
        h("td", {}, text === "–" && !fails ? "" : icon(fails ? "bad" : "good")),
      );
    });
  return h(
    "table",
    { class: "plain via-values", "aria-label": "Values of the via and their limits" },
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        h("th", { scope: "col" }, "Quantity"),
        h("th", { scope: "col", class: "n" }, "Value"),
        h("th", { scope: "col", class: "n" }, "Limit"),
        h("th", { scope: "col" }, h("span", { class: "visually-hidden" }, "Within")),
      ),
    ),
    h("tbody", {}, ...rows),
  );
}

export function viaHead(m: Model, via: number): HTMLElement[] {
  const causes = causesOf(m, via);
  const group = m.groups[valueOf(m, "group", via)];
  const where = `x ${fixed(valueOf(m, "x", via), 3)} mm, y ${fixed(valueOf(m, "y", via), 3)} mm`;
  const status = causes.length
    ? h("ul", { class: "causes" }, ...causes.map((c) => h("li", {}, icon("bad"), c.label)))
    : h("p", { class: "causes good" }, icon("good"), "within all limits");
  const local = valueOf(m, "local", via);
  const number: Pair[] = Number.isFinite(local) ? [["Number within its unit", fixed(local, 0)]] : [];
  return [
    head("Via", viaName(m, via)),
    facts([
      ...number,
      ["Group", [group?.name, group?.function].filter(Boolean).join(", ") || "–"],
      ["Position", where],
    ]),
    status,
  ];
}

/** Value of the layer at a point: of the via, of the map's cell, of the unit. */
export function valueUnder(s: Shown, at: Point, unit: number, via: number): { value: number; text: string } {
  const { layer, model } = s;
  const column = viaColumn(s);
  const show = (v: number, label: string, u: string | undefined): { value: number; text: string } => ({
    value: v,
    text: Number.isFinite(v) ? `${label} ${formatNumber(v, 4, u)} ${prettyUnit(u)}`.trim() : "",
  });
  if (!layer) return { value: NaN, text: "" };
  if (via >= 0 && column) {
    const c = model.columns.get(column)!;
    return show(c.values[via]!, prettyName(c.name), c.unit);
  }
  if (layer.grid) {
    const { nx, ny, x0, y0, dx, dy } = layer.grid;
    const [i, j] = [Math.floor((at.x - x0) / dx), Math.floor((at.y - y0) / dy)];
    return show(
      i >= 0 && j >= 0 && i < nx && j < ny ? layer.values[j * nx + i]! : NaN,
      namesOf(layer).short,
      layer.unit,
    );
  }
  const v = unit >= 0 ? (layer.values[unit] ?? NaN) : NaN;
  if (layer.categories) return { value: NaN, text: layer.categories[v] ?? "" };
  return show(v, namesOf(layer).short, layer.unit);
}
