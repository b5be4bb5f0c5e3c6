/* The map of a process window: colours of a quantity, level lines over it, the project's own place, a point that is looked at. */

import { colourTable, shade, type Scale } from "../colour";
import { s } from "../dom";
import { formatNumber, formatTick, prettyUnit, withUnit } from "../number";
import { tokens, type Tokens } from "../theme";
import { contour } from "./contour";
import { axisTicks, pointOf, stepOf, type Grid, type Quantity, type WindowAxis } from "./model";

const levels = [0.1, 1, 10, 50];

/** One colour a category: grey and blue for what stays open, green for what is full, warm for what traps electrolyte. */
export function categoryColours(t: Tokens, n: number): string[] {
  const order = [t.series[7], t.series[5], t.series[2], t.bad, t.series[4], t.series[0], t.series[3], t.series[6]];
  return Array.from({ length: n }, (_, i) => order[i % order.length]!);
}

export interface MapState {
  quantity: Quantity;
  statistic: string;
  lines: Quantity | null;
  facet: number;
  at: [number, number, number];
}

export interface Frame {
  width: number;
  height: number;
  left: number;
  top: number;
  w: number;
  h: number;
}

export function frameOf(width: number): Frame {
  const height = Math.round(Math.max(300, Math.min(560, width * 0.72)));
  const [left, top, right, bottom] = [62, 14, 16, 50];
  return { width, height, left, top, w: width - left - right, h: height - top - bottom };
}

/** Values of the facet that is shown, [ny][nx]. */
export function facetValues(g: Grid, q: Quantity, statistic: string, facet: number): number[] {
  const from = q.values[statistic] ?? Object.values(q.values)[0]!;
  const size = g.shape[0] * g.shape[1];
  return Array.from(from.subarray(facet * size, (facet + 1) * size));
}

/** The scale is that of all facets, so that they can be compared. */
export function scaleOf(q: Quantity, statistic: string): Scale {
  if (q.unit === "%" && q.kind !== "column") return { low: 0, high: 100, log: false, zero: false, map: "viridis" };
  const finite = [...(q.values[statistic] ?? [])].filter(Number.isFinite);
  const low = Math.min(...finite);
  const high = Math.max(...finite);
  const log = low > 0 && high / low > 1000;
  return { low, high: high > low ? high : low + (Math.abs(low) || 1), log, zero: false, map: "viridis" };
}

function parse(css: string): [number, number, number] {
  const c = document.createElement("canvas").getContext("2d")!;
  c.fillStyle = css;
  const hex = c.fillStyle;
  return [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16)) as [number, number, number];
}

/** The cells as a picture of one pixel each, the upper row first. */
function picture(g: Grid, state: MapState, values: number[]): string {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [g.shape[0], g.shape[1]];
  const context = canvas.getContext("2d")!;
  const image = context.createImageData(canvas.width, canvas.height);
  const scale = scaleOf(state.quantity, state.statistic);
  const table = colourTable(scale.map);
  const categories = state.quantity.categories
    ? categoryColours(tokens(), state.quantity.categories.length).map(parse)
    : null;
  values.forEach((v, i) => {
    const [x, y] = [i % g.shape[0], Math.floor(i / g.shape[0])];
    const to = 4 * ((g.shape[1] - 1 - y) * g.shape[0] + x);
    const k = 3 * shade(scale, v);
    const rgb = categories ? categories[Math.round(v)] : [table[k]!, table[k + 1]!, table[k + 2]!];
    if (!Number.isFinite(v) || !rgb) return; /* nothing is known there: the ground shows */
    image.data.set([...rgb, 255], to);
  });
  context.putImageData(image, 0, 0);
  return canvas.toDataURL();
}

const place = (g: Grid, f: Frame, i: number, j: number): [number, number] => [
  f.left + ((i + 0.5) / g.shape[0]) * f.w,
  f.top + f.h - ((j + 0.5) / g.shape[1]) * f.h,
];

function axisNodes(a: WindowAxis, f: Frame, n: number, across: boolean): SVGElement[] {
  const ticks = axisTicks(a, across ? Math.max(3, Math.floor(f.w / 90)) : Math.max(3, Math.floor(f.h / 60)));
  const nodes = ticks.flatMap((v) => {
    const u = (stepOf(a, v) + 0.5) / n;
    const [x, y] = across ? [f.left + u * f.w, f.top + f.h] : [f.left, f.top + f.h - u * f.h];
    return [
      s("path", { class: "window-tick", d: across ? `M${x} ${y}v5` : `M${x} ${y}h-5` }),
      s(
        "text",
        { class: "window-number", x: across ? x : x - 9, y: across ? y + 19 : y + 4, "text-anchor": across ? "middle" : "end" },
        formatTick(v),
      ),
    ];
  });
  const name = withUnit(a.name, a.unit);
  const title = across
    ? s("text", { class: "window-name", x: f.left + f.w / 2, y: f.height - 8, "text-anchor": "middle" }, name)
    : s(
        "text",
        {
          class: "window-name",
          x: 0,
          y: 0,
          "text-anchor": "middle",
          transform: `translate(14 ${f.top + f.h / 2}) rotate(-90)`,
        },
        name,
      );
  return [...nodes, title];
}

function lineNodes(g: Grid, f: Frame, state: MapState): SVGElement[] {
  const q = state.lines;
  if (!q) return [];
  const values = facetValues(g, q, "value", state.facet).map((v) => Math.log10(v + 0.02));
  return levels.flatMap((level, nth) => {
    const lines = contour(values, g.shape[0], g.shape[1], Math.log10(level + 0.02));
    if (!lines.length) return [];
    const to = (p: [number, number]): string => place(g, f, p[0], p[1]).map((v) => v.toFixed(1)).join(" ");
    const longest = lines.reduce((a, b) => (b.length > a.length ? b : a));
    const [x, y] = place(g, f, ...longest[Math.floor(longest.length * (0.2 + 0.2 * nth))]!);
    const d = lines.map((l) => `M${l.map(to).join("L")}`).join("");
    return [
      s("path", { class: "window-line halo", d }),
      s("path", { class: `window-line${level === 1 ? " strong" : ""}`, d }),
      s("text", { class: "window-level", x, y: y + 4, "text-anchor": "middle" }, `${level} %`),
    ];
  });
}

/** The name of a category in the middle of its largest stretch. */
function categoryNames(g: Grid, f: Frame, values: number[], categories: string[]): SVGElement[] {
  return categories.flatMap((name, k) => {
    let best = { run: 0, i: 0, j: 0 };
    for (let j = 0; j < g.shape[1]; j++)
      for (let i = 0, run = 0; i < g.shape[0]; i++) {
        run = Math.round(values[j * g.shape[0] + i]!) === k ? run + 1 : 0;
        const above = [-1, 1].filter((d) => Math.round(values[(j + d) * g.shape[0] + i] ?? -1) === k).length;
        if (run + above > best.run) best = { run: run + above, i: i - (run - 1) / 2, j };
      }
    if ((best.run / g.shape[0]) * f.w < 9 * name.length) return [];
    const [x, y] = place(g, f, best.i, best.j);
    return [s("text", { class: "window-region", x, y: y + 5, "text-anchor": "middle" }, name)];
  });
}

/** Lines between cells of different categories. */
function borders(g: Grid, f: Frame, values: number[]): SVGElement {
  const [dx, dy] = [f.w / g.shape[0], f.h / g.shape[1]];
  let d = "";
  for (let j = 0; j < g.shape[1]; j++)
    for (let i = 0; i < g.shape[0]; i++) {
      const [v, right, up] = [0, 1, g.shape[0]].map((k) => values[j * g.shape[0] + i + k]);
      const [x, y] = [f.left + i * dx, f.top + f.h - j * dy];
      if (i + 1 < g.shape[0] && v !== right) d += `M${(x + dx).toFixed(1)} ${y.toFixed(1)}v${(-dy).toFixed(2)}`;
      if (j + 1 < g.shape[1] && v !== up) d += `M${x.toFixed(1)} ${(y - dy).toFixed(1)}h${dx.toFixed(2)}`;
    }
  return s("path", { class: "window-border", d });
}

function project(g: Grid, f: Frame): SVGElement[] {
  const [a, b] = [g.axes[0]!, g.axes[1]!];
  if (a.here === undefined || b.here === undefined) return [];
  const [i, j] = [stepOf(a, a.here), stepOf(b, b.here)];
  if (!(i >= -0.5 && i <= g.shape[0] - 0.5 && j >= -0.5 && j <= g.shape[1] - 0.5)) return [];
  const [x, y] = place(g, f, i, j);
  const title = `the project: ${formatNumber(a.here)} ${prettyUnit(a.unit)}, ${formatNumber(b.here)} ${prettyUnit(b.unit)}`;
  return [
    s(
      "g",
      { class: "window-here" },
      s("title", {}, title),
      s("path", { class: "halo", d: `M${x - 8} ${y}h16M${x} ${y - 8}v16` }),
      s("path", { d: `M${x - 8} ${y}h16M${x} ${y - 8}v16` }),
    ),
  ];
}

/** The whole drawing. */
export function drawMap(g: Grid, state: MapState, f: Frame): SVGElement[] {
  const values = facetValues(g, state.quantity, state.statistic, state.facet);
  const [dx, dy] = [f.w / g.shape[0], f.h / g.shape[1]];
  const [x, y] = place(g, f, state.at[0], state.at[1]);
  const categories = state.quantity.categories;
  return [
    s("rect", { class: "window-ground", x: f.left, y: f.top, width: f.w, height: f.h }),
    s("image", {
      class: "window-cells",
      href: picture(g, state, values),
      x: f.left,
      y: f.top,
      width: f.w,
      height: f.h,
      preserveAspectRatio: "none",
    }),
    ...(categories ? [borders(g, f, values), ...categoryNames(g, f, values, categories)] : []),
    ...lineNodes(g, f, state),
    s("rect", { class: "window-frame", x: f.left, y: f.top, width: f.w, height: f.h }),
    ...axisNodes(g.axes[0]!, f, g.shape[0], true),
    ...axisNodes(g.axes[1]!, f, g.shape[1], false),
    ...project(g, f),
    s("rect", { class: "window-at halo", x: x - dx / 2, y: y - dy / 2, width: dx, height: dy }),
    s("rect", { class: "window-at", x: x - dx / 2, y: y - dy / 2, width: dx, height: dy }),
  ];
}

/** The point of the grid under a place of the drawing. */
export function pointAt(g: Grid, f: Frame, x: number, y: number): [number, number] | null {
  const i = Math.floor(((x - f.left) / f.w) * g.shape[0]);
  const j = Math.floor(((f.top + f.h - y) / f.h) * g.shape[1]);
  return i >= 0 && j >= 0 && i < g.shape[0] && j < g.shape[1] ? [i, j] : null;
}

export function valueAt(g: Grid, q: Quantity, statistic: string, k: readonly number[]): number {
  return q.values[statistic]?.[pointOf(g, k)] ?? NaN;
}
