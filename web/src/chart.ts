/* Charts: Apache ECharts with only the parts that are used, drawn as SVG, in the colours of the page. */

import { BarChart, CustomChart, LineChart } from "echarts/charts";
import { GridComponent, LegendComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

import { h, icon, saveCsv } from "./dom";
import { formatDecade, formatTick } from "./number";
import { isPaper, onPaper, onTheme, tokens, type Tokens } from "./theme";

echarts.use([
  BarChart,
  LineChart,
  CustomChart,
  GridComponent,
  LegendComponent,
  MarkLineComponent,
  TooltipComponent,
  SVGRenderer,
]);

export type Option = Record<string, unknown>;

/* A4 less its margins, in CSS pixels at 96 dpi: the layout of paper is not known when a page is about to be printed. */
const paperWidth = 690;

interface Chart {
  draw(): void;
}
const charts = new Set<Chart>();

/** Draws a chart that follows the width of its host and the theme. Returns a function that draws it again. */
export function chart(
  host: HTMLElement,
  label: string,
  height: (width: number) => number,
  option: (t: Tokens, width: number) => Option,
): () => void {
  let drawn: echarts.ECharts | null = null;
  let width = 0;
  const draw = (): void => {
    const half = host.closest(".half") !== null;
    const w = isPaper() ? (half ? paperWidth / 2 - 30 : paperWidth - 30) : host.clientWidth;
    if (w < 40) return;
    width = host.clientWidth;
    const size = { width: w, height: Math.round(height(w)) };
    host.style.height = `${size.height}px`;
    if (drawn) drawn.resize(size);
    else drawn = echarts.init(host, null, { renderer: "svg", ...size });
    const t = tokens();
    drawn.setOption({ ...base(t), ...option(t, w) }, { notMerge: true });
  };
  host.classList.add("chart");
  host.setAttribute("role", "img");
  host.setAttribute("aria-label", label);
  new ResizeObserver(() => {
    if (!isPaper() && Math.abs(host.clientWidth - width) >= 1) draw();
  }).observe(host);
  charts.add({ draw });
  return draw;
}

function drawAll(): void {
  for (const c of charts) c.draw();
}
onTheme(drawAll);
onPaper(drawAll);

function base(t: Tokens): Option {
  return {
    animation: false,
    color: t.series,
    backgroundColor: "transparent",
    textStyle: { fontFamily: t.font, fontSize: 12, color: t.ink },
  };
}

/** A tooltip in the style of the page; `formatter` gives HTML made by tip(). */
export function tooltip(t: Tokens, trigger: "item" | "axis", formatter: (p: never) => string): Option {
  return {
    trigger,
    formatter,
    confine: true,
    appendTo: "body",
    backgroundColor: t.surface,
    borderColor: t.line,
    borderWidth: 1,
    padding: [8, 10],
    textStyle: { color: t.ink, fontSize: 12, fontFamily: t.font },
    extraCssText: "border-radius:6px;box-shadow:0 4px 16px rgba(0,0,0,.14);",
    axisPointer: { type: "line", lineStyle: { color: t.faint, width: 1 }, label: { show: false } },
  };
}

/** The content of a tooltip: a head and lines of (label, value). */
export function tip(head: string, lines: [string, string][]): string {
  const rows = lines.map(([label, value]) =>
    h("tr", {}, h("td", {}, label), h("td", { class: "value" }, value)),
  );
  return h("div", { class: "tip" }, h("strong", {}, head), h("table", {}, h("tbody", {}, ...rows))).outerHTML;
}

/** A value axis with a name that carries its unit. */
export function axis(t: Tokens, name: string, more: Option = {}): Option {
  const { axisLabel, ...rest } = more;
  const formatter = rest.type === "log" ? formatDecade : formatTick;
  return {
    type: "value",
    name,
    nameLocation: "middle",
    nameGap: 30,
    nameTextStyle: { color: t.muted, fontSize: 12 },
    axisLine: { show: true, lineStyle: { color: t.faint } },
    axisTick: { show: true, lineStyle: { color: t.faint } },
    splitLine: { show: true, lineStyle: { color: t.line } },
    minorTick: { show: false },
    minorSplitLine: { show: false },
    axisLabel: {
      color: t.muted,
      fontSize: 12,
      formatter,
      hideOverlap: true,
      ...(axisLabel as Option | undefined),
    },
    ...rest,
  };
}

/** Width in pixels that text of 12 px takes at most. */
export function textWidth(texts: readonly string[]): number {
  const context = document.createElement("canvas").getContext("2d");
  if (!context) return 8 * Math.max(0, ...texts.map((v) => v.length));
  context.font = `12px ${tokens().font}`;
  return Math.ceil(Math.max(0, ...texts.map((v) => context.measureText(v).width)));
}

/** Rows behind a chart, for the button "Table" and the CSV file. */
export interface ChartData {
  columns: string[];
  rows: (string | number | null)[][];
}

export interface Figure {
  root: HTMLElement;
  body: HTMLElement;
  tools: HTMLElement;
}

/** A titled frame for a chart or a picture, with its numbers one click away. */
export function figure(title: string | undefined, note: string | undefined, data?: () => ChartData): Figure {
  const tools = h("div", { class: "tools" });
  const body = h("div", { class: "figure-body" });
  const head = h("figcaption", {}, h("h3", {}, title ?? ""), tools);
  const root = h("figure", {}, head, body, note ? h("p", { class: "note" }, note) : null);
  if (data) {
    const numbers = h("div", { class: "figure-data", hidden: true });
    const button = h(
      "button",
      {
        type: "button",
        class: "tool",
        "aria-pressed": "false",
        title: "Show the numbers of this chart",
        click: () => {
          numbers.hidden = !numbers.hidden;
          button.setAttribute("aria-pressed", String(!numbers.hidden));
          if (!numbers.hidden) numbers.replaceChildren(dataTable(data()));
        },
      },
      icon("table"),
      h("span", { class: "tool-text" }, "Numbers"),
    );
    const save = h(
      "button",
      {
        type: "button",
        class: "tool",
        title: "Save the numbers of this chart as CSV",
        click: () => {
          const d = data();
          saveCsv(title ?? "chart", [d.columns, ...d.rows]);
        },
      },
      icon("save"),
      h("span", { class: "tool-text" }, "CSV"),
    );
    tools.append(button, save);
    root.append(numbers);
  }
  return { root, body, tools };
}

function dataTable(data: ChartData): HTMLElement {
  const shown = data.rows.slice(0, 500);
  const head = h("tr", {}, ...data.columns.map((c) => h("th", { scope: "col" }, c)));
  const rows = shown.map((r) =>
    h(
      "tr",
      {},
      ...r.map((v) =>
        h(
          "td",
          { class: typeof v === "number" ? "n" : null },
          v === null ? "–" : typeof v === "number" ? String(Number(v.toPrecision(7))) : v,
        ),
      ),
    ),
  );
  const more = data.rows.length - shown.length;
  return h(
    "div",
    { class: "scroll" },
    h("table", { class: "plain" }, h("thead", {}, head), h("tbody", {}, ...rows)),
    more > 0 ? h("p", { class: "note" }, `${more} more rows are in the CSV file.`) : null,
  );
}
