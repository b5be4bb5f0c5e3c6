/* A process window: a map over two keys (a third by a slider) or curves over one, of any quantity; with a card for one point. */

import { axis, chart, figure, tip, tooltip, type Option } from "../chart";
import { ticks, colourTable, place } from "../colour";
import { h, notice, s } from "../dom";
import { formatNumber, formatTick, prettyUnit, withUnit } from "../number";
import { isPaper, onPaper, onTheme, tokens, type Tokens } from "../theme";
import { pointCard } from "../window/card";
import { categoryColours, drawMap, frameOf, pointAt, scaleOf, valueAt, type MapState } from "../window/map";
import {
  indicesOf,
  pointOf,
  readGrid,
  statisticNames,
  statisticsOf,
  type Grid,
  type Quantity,
  type WindowBlock,
} from "../window/model";
import type { Renderer } from "./block";

const groups: [string, (q: Quantity) => boolean][] = [
  ["Verdict", (q) => q.kind === "probability" || q.kind === "category"],
  ["Shares of the regimes", (q) => q.kind === "regime"],
  ["Quantities of the via", (q) => q.kind === "column"],
  ["Failures by cause", (q) => q.kind === "cause"],
  ["Doubt", (q) => q.kind === "doubt"],
];

const titleOf = (q: Quantity): string => (q.kind === "column" ? `${q.name}: ${q.label}` : q.label);

function select(label: string, entries: [string, string, string][], chosen: string, change: (v: string) => void): HTMLElement {
  const heads = [...new Set(entries.map(([group]) => group))];
  const options = (head: string): HTMLElement[] =>
    entries
      .filter(([group]) => group === head)
      .map(([, value, text]) => h("option", { value, selected: value === chosen }, text));
  const box = h(
    "select",
    { "aria-label": label, change: () => change(box.value) },
    ...heads.flatMap((head) => (head ? [h("optgroup", { label: head }, ...options(head))] : options(head))),
  );
  return h("label", { class: "window-choice" }, h("span", {}, label), box);
}

/* ---- the colour bar or the words of the categories */

function legend(q: Quantity, statistic: string): HTMLElement {
  const t = tokens();
  if (q.categories) {
    const colours = categoryColours(t, q.categories.length);
    return h(
      "ul",
      { class: "categories row" },
      ...q.categories.map((name, i) => h("li", {}, h("span", { class: "swatch", style: `--swatch:${colours[i]}` }), name)),
    );
  }
  const scale = scaleOf(q, statistic);
  const table = colourTable(scale.map);
  const stops = Array.from({ length: 33 }, (_, i) => {
    const k = 3 * Math.round((i * 255) / 32);
    return `rgb(${table[k]},${table[k + 1]},${table[k + 2]})`;
  });
  return h(
    "div",
    { class: "colour-bar" },
    h("div", { class: "label" }, withUnit(titleOf(q), q.unit)),
    h(
      "div",
      { class: "bar-box" },
      h("div", { class: "bar", style: `background:linear-gradient(90deg,${stops.join(",")})` }),
      h(
        "div",
        { class: "ticks" },
        ...ticks(scale.low, scale.high, 6, scale.log).map((v) =>
          h("span", { style: `left:${(100 * place(scale, v)).toFixed(2)}%` }, formatTick(v)),
        ),
      ),
    ),
  );
}

/* ---- curves over one key */

interface Curve {
  label: string;
  values: ArrayLike<number>;
  color: string;
  dashed?: boolean;
  area?: boolean;
}

function curvesOf(g: Grid, q: Quantity, t: Tokens): Curve[] {
  if (q.kind === "category" || q.kind === "regime") {
    const shares = g.quantities.filter((c) => c.kind === "regime");
    const colours = categoryColours(t, shares.length);
    return shares.map((c, i) => ({ label: c.label, values: c.values.value!, color: colours[i]!, area: true }));
  }
  const all: [string, number, boolean][] = [
    ["value", 0, false],
    ["median", 0, false],
    ["nominal", 1, true],
    ["mean", 2, false],
    ["low", 7, true],
    ["high", 7, true],
    ["q05", 7, true],
    ["q95", 7, true],
  ];
  return all
    .filter(([k]) => q.values[k])
    .map(([k, c, dashed]) => ({
      label: statisticNames[k] ?? k,
      values: q.values[k]!,
      color: t.series[c]!,
      dashed,
    }));
}

function curveOption(g: Grid, q: Quantity, t: Tokens): Option {
  const a = g.axes[0]!;
  const curves = curvesOf(g, q, t);
  const shares = curves.some((c) => c.area);
  const unit = shares ? "%" : q.unit;
  return {
    grid: { left: 74, right: 18, top: 40, bottom: 50 },
    legend: { top: 0, left: 0, itemWidth: 22, textStyle: { color: t.ink }, inactiveColor: t.faint, type: "plain" },
    tooltip: tooltip(t, "axis", (points: { axisValue: number; seriesName: string; value: [number, number] }[]) =>
      tip(
        `${a.name} ${formatNumber(points[0]?.axisValue)} ${prettyUnit(a.unit)}`,
        points.map((p): [string, string] => [p.seriesName, `${formatNumber(p.value[1])} ${prettyUnit(unit)}`]),
      ),
    ),
    xAxis: axis(t, withUnit(a.name, a.unit), {
      type: a.log ? "log" : "value",
      min: a.values[0],
      max: a.values[a.values.length - 1],
    }),
    yAxis: axis(t, withUnit(shares ? "share of the vias" : titleOf(q), unit), {
      scale: true,
      nameGap: 52,
      ...(shares ? { min: 0, max: 100 } : {}),
    }),
    series: curves.map((c) => ({
      type: "line",
      name: c.label,
      data: a.values.map((x, i) => [x, Number.isFinite(c.values[i]) ? c.values[i] : null]),
      color: c.color,
      showSymbol: false,
      lineStyle: { width: c.area ? 0 : 2, type: c.dashed ? [6, 4] : "solid" },
      ...(c.area ? { stack: "all", areaStyle: { color: c.color, opacity: 0.85 } } : {}),
      ...(c === curves[0] && a.here !== undefined
        ? {
            markLine: {
              silent: true,
              symbol: "none",
              lineStyle: { color: t.muted, type: "dotted", width: 1.5 },
              label: { formatter: "project", color: t.muted, fontSize: 12 },
              data: [{ xAxis: a.here }],
            },
          }
        : {}),
    })),
  };
}

/* ---- the whole */

interface View {
  grid: Grid;
  state: MapState;
  body: HTMLElement;
  card: HTMLElement;
  under: HTMLElement;
  draw(): void;
}

function describe(v: View): string {
  const { grid: g, state } = v;
  const value = valueAt(g, state.quantity, state.statistic, state.at);
  const words = state.quantity.categories?.[value] ?? `${formatNumber(value)} ${prettyUnit(state.quantity.unit)}`;
  return `${titleOf(state.quantity)} ${words} at ${g.axes
    .map((a, i) => `${a.name} ${formatNumber(a.values[state.at[i]!])} ${prettyUnit(a.unit)}`)
    .join(", ")}`;
}

function lookAt(v: View, at: [number, number, number]): void {
  v.state.at = at;
  v.draw();
  v.card.replaceChildren(...pointCard(v.grid, v.state.quantity, at));
}

/** The map with pointer and keys; returns how it is drawn again. */
function mapPart(v: View): () => void {
  const svg = s("svg", {
    class: "window-map",
    tabindex: 0,
    role: "img",
  });
  let frame = frameOf(640);
  const move = (di: number, dj: number): void => {
    const [i, j, k] = v.state.at;
    const [nx, ny] = v.grid.shape;
    lookAt(v, [Math.min(Math.max(i + di, 0), nx - 1), Math.min(Math.max(j + dj, 0), ny - 1), k]);
  };
  svg.addEventListener("pointermove", (e) => {
    const p = (e as PointerEvent).pointerType === "touch" && !(e as PointerEvent).isPrimary ? null : (e as PointerEvent);
    const box = svg.getBoundingClientRect();
    const at = p
      ? pointAt(
          v.grid,
          frame,
          ((p.clientX - box.left) / box.width) * frame.width,
          ((p.clientY - box.top) / box.height) * frame.height,
        )
      : null;
    if (at && (at[0] !== v.state.at[0] || at[1] !== v.state.at[1])) lookAt(v, [...at, v.state.facet]);
  });
  svg.addEventListener("keydown", (e) => {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[(e as KeyboardEvent).key];
    if (!step) return;
    e.preventDefault();
    move(step[0]!, step[1]!);
  });
  v.body.append(svg);
  const draw = (): void => {
    const width = v.body.clientWidth;
    if (!isPaper() && width >= 40) frame = frameOf(width);
    svg.setAttribute("viewBox", `0 0 ${frame.width} ${frame.height}`);
    svg.setAttribute("aria-label", describe(v));
    svg.replaceChildren(...drawMap(v.grid, v.state, frame));
  };
  let before = 0;
  new ResizeObserver(() => {
    if (Math.abs(v.body.clientWidth - before) < 1) return;
    before = v.body.clientWidth;
    draw();
  }).observe(v.body);
  return draw;
}

function controls(v: View): HTMLElement {
  const { grid: g, state } = v;
  const root = h("div", { class: "window-controls" });
  const probabilities = g.quantities.filter((q) => q.kind === "probability");
  const fill = (): void => {
    const statistics = statisticsOf(state.quantity);
    const parts: HTMLElement[] = [
      select(
        "Show",
        groups.flatMap(([head, belongs]) =>
          g.quantities.filter(belongs).map((q): [string, string, string] => [head, q.name, titleOf(q)]),
        ),
        state.quantity.name,
        (name) => {
          state.quantity = g.quantities.find((q) => q.name === name)!;
          if (!statisticsOf(state.quantity).includes(state.statistic)) state.statistic = statisticsOf(state.quantity)[0]!;
          fill();
          lookAt(v, state.at);
        },
      ),
    ];
    if (g.axes.length > 1 && statistics.length > 1)
      parts.push(
        select(
          "as",
          statistics.map((k) => ["", k, statisticNames[k] ?? k]),
          state.statistic,
          (k) => {
            state.statistic = k;
            lookAt(v, state.at);
          },
        ),
      );
    if (g.axes.length > 1)
      parts.push(
        select(
          "Lines of",
          [...probabilities.map((q): [string, string, string] => ["", q.name, q.label]), ["", "", "nothing"]],
          state.lines?.name ?? "",
          (name) => {
            state.lines = g.quantities.find((q) => q.name === name) ?? null;
            v.draw();
          },
        ),
      );
    if (g.axes.length > 2) parts.push(facetControl(v));
    root.replaceChildren(...parts);
  };
  fill();
  return root;
}

function facetControl(v: View): HTMLElement {
  const a = v.grid.axes[2]!;
  const text = h("output", {});
  const show = (): void => {
    text.textContent = `${formatNumber(a.values[v.state.facet])} ${prettyUnit(a.unit)}`;
  };
  const range = h("input", {
    type: "range",
    min: 0,
    max: a.values.length - 1,
    step: 1,
    value: v.state.facet,
    "aria-label": a.name,
    input: () => {
      v.state.facet = Number(range.value);
      show();
      lookAt(v, [v.state.at[0], v.state.at[1], v.state.facet]);
    },
  });
  show();
  return h("label", { class: "window-choice" }, h("span", {}, a.name), range, text);
}

function build(block: WindowBlock, g: Grid, root: HTMLElement, numbers: (f: () => MapState) => void): void {
  const quantity = g.quantities.find((q) => q.name === block.first) ?? g.quantities[0]!;
  const at = indicesOf(g, Math.min(Math.max(block.best ?? 0, 0), g.shape[0] * g.shape[1] * g.shape[2] - 1));
  const lines = g.quantities.find((q) => q.name === "fail") ?? null;
  const state: MapState = { quantity, statistic: statisticsOf(quantity)[0]!, lines, facet: at[2], at };
  const body = h("div", { class: "window-body" });
  const card = h("div", { class: "card window-card" });
  const under = h("div", { class: "window-under" });
  const v: View = { grid: g, state, body, card, under, draw: () => undefined };
  if (g.axes.length > 1) {
    const draw = mapPart(v);
    v.draw = () => {
      draw();
      under.replaceChildren(legend(state.quantity, state.statistic));
    };
  } else {
    const host = h("div");
    body.append(host);
    v.draw = chart(
      host,
      `${titleOf(quantity)} over ${g.axes[0]!.name}`,
      (w) => Math.max(280, Math.min(420, w * 0.5)),
      (t) => curveOption(g, state.quantity, t),
    );
  }
  numbers(() => state);
  root.replaceChildren(controls(v), h("div", { class: "window-parts" }, h("div", {}, body, under), card));
  if (g.axes.length < 2) {
    const range = h("input", {
      type: "range",
      min: 0,
      max: g.shape[0] - 1,
      step: 1,
      value: at[0],
      "aria-label": g.axes[0]!.name,
      input: () => lookAt(v, [Number(range.value), 0, 0]),
    });
    under.append(h("label", { class: "window-choice" }, h("span", {}, "Point"), range));
  }
  lookAt(v, at);
  onTheme(() => lookAt(v, state.at));
  onPaper(() => v.draw());
}

/** The numbers of what is shown, one row a point. */
function rowsOf(g: Grid, state: MapState): (string | number | null)[][] {
  const n = g.shape[0] * g.shape[1] * g.shape[2];
  const finite = (v: number | undefined): number | null => (v !== undefined && Number.isFinite(v) ? v : null);
  return Array.from({ length: n }, (_, point) => {
    const k = indicesOf(g, point);
    return [
      ...g.axes.map((a, i) => a.values[k[i]!]!),
      ...statisticsOf(state.quantity).map((name) => finite(state.quantity.values[name]![pointOf(g, k)])),
    ];
  });
}

export const processWindow: Renderer<WindowBlock> = (block, later) => {
  if (!block.axes.length || block.axes.length > 3) throw new Error(`${block.axes.length} axes`);
  let grid: Grid | null = null;
  let shown: (() => MapState) | null = null;
  const f = figure(block.title ?? "", block.note, () =>
    grid && shown
      ? {
          columns: [
            ...grid.axes.map((a) => withUnit(a.name, a.unit)),
            ...statisticsOf(shown().quantity).map((k) =>
              withUnit(`${shown!().quantity.name}, ${statisticNames[k] ?? k}`, shown!().quantity.unit),
            ),
          ],
          rows: rowsOf(grid, shown()),
        }
      : { columns: [], rows: [] },
  );
  f.root.classList.add("window");
  later(
    readGrid(block)
      .then((g) => {
        grid = g;
        build(block, g, f.body, (get) => {
          shown = get;
        });
      })
      .catch((e: unknown) => {
        f.body.replaceChildren(notice(`This picture cannot be drawn: ${e instanceof Error ? e.message : String(e)}.`));
      }),
  );
  return f.root;
};
