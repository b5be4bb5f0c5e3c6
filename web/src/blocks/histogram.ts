/* Distribution of one quantity with its limits, target and capability, a group at a time. */

import type { Block } from "../data";
import { axis, chart, figure, textWidth, tip, tooltip, type Option } from "../chart";
import { h, numberElement } from "../dom";
import {
  formatInterval,
  formatNumber,
  formatTick,
  heading,
  prettyName,
  prettyUnit,
  withUnit,
} from "../number";
import { isPaper, onPaper, type Tokens } from "../theme";
import type { Renderer } from "./block";

interface Series {
  label: string;
  counts: number[];
  /** Vias outside all bins. */
  below?: number;
  above?: number;
  lower?: number | null;
  upper?: number | null;
  target?: number | null;
  n?: number;
  mean?: number | null;
  std?: number | null;
  min?: number | null;
  max?: number | null;
  cpk?: number | null;
  cpk_low?: number | null;
  cpk_high?: number | null;
  ppm_low?: number | null;
  ppm_high?: number | null;
}

export interface HistogramBlock extends Block {
  column: string;
  label: string;
  unit?: string;
  low: number;
  step: number;
  series: Series[];
}

interface Api {
  coord(p: [number, number]): [number, number];
}

interface Bin {
  low: number;
  high: number;
  count: number;
  outside: boolean;
}

function bins(block: HistogramBlock, s: Series): Bin[] {
  return s.counts.map((count, i) => {
    const low = block.low + i * block.step;
    const middle = low + block.step / 2;
    return {
      low,
      high: low + block.step,
      count,
      outside: (s.lower ?? -Infinity) > middle || (s.upper ?? Infinity) < middle,
    };
  });
}

/** The part of the axis worth showing: bins that are not empty, the limits and the target. */
function extent(block: HistogramBlock, s: Series): [number, number] {
  const filled = bins(block, s).filter((b) => b.count > 0);
  const marks = [s.lower, s.upper, s.target].filter((v): v is number => typeof v === "number");
  const low = Math.min(...filled.map((b) => b.low), ...marks);
  const high = Math.max(...filled.map((b) => b.high), ...marks);
  if (!(high > low)) return [block.low, block.low + block.step * s.counts.length];
  const room = (high - low) * 0.05;
  return [low - room, high + room];
}

/** Counts a normal distribution of the same mean and standard deviation would give. */
function normal(
  block: HistogramBlock,
  s: Series,
  range: [number, number],
  floor: number,
): [number, number | null][] {
  const { n, mean, std } = s;
  if (!n || typeof mean !== "number" || typeof std !== "number" || std <= 0) return [];
  return Array.from({ length: 161 }, (_, i) => {
    const x = range[0] + ((range[1] - range[0]) * i) / 160;
    const y = (n * block.step * Math.exp(-0.5 * ((x - mean) / std) ** 2)) / (std * Math.sqrt(2 * Math.PI));
    return [x, y > floor ? y : null];
  });
}

function barSeries(data: Bin[], floor: number, t: Tokens): Option {
  const draw = (params: { dataIndex: number }, api: Api): Option | undefined => {
    const b = data[params.dataIndex]!;
    if (b.count <= floor) return undefined;
    const [x0, y0] = api.coord([b.low, floor]);
    const [x1, y1] = api.coord([b.high, b.count]);
    const [left, right] = [Math.round(x0), Math.round(x1)]; /* whole pixels, or neighbours leave streaks */
    const gap = right - left > 6 ? 1 : 0;
    return {
      type: "rect",
      shape: { x: left, y: y1, width: Math.max(right - left - gap, 1), height: Math.max(y0 - y1, 0) },
      style: { fill: b.outside ? t.bad : t.series[0] },
    };
  };
  return {
    type: "custom",
    name: "vias",
    renderItem: draw,
    data: data.map((b) => [(b.low + b.high) / 2, b.count]),
    encode: { x: 0, y: 1 },
    clip: true,
    z: 2,
  };
}

function limitLines(block: HistogramBlock, s: Series, t: Tokens, perPixel: number): Option {
  const marks: [string, number | null | undefined, string, string | number[]][] = [
    ["LSL", s.lower, t.bad, "solid"],
    ["target", s.target, t.muted, [4, 3]],
    ["USL", s.upper, t.bad, "solid"],
  ];
  /* the words of a target close to a limit would run into those of the limit */
  const crowded = [s.lower, s.upper].some(
    (v) => typeof v === "number" && typeof s.target === "number" && Math.abs(v - s.target) < 90 * perPixel,
  );
  return {
    silent: true,
    symbol: "none",
    animation: false,
    data: marks
      .filter(([, v]) => typeof v === "number")
      .map(([name, v, color, type]) => ({
        xAxis: v,
        lineStyle: { color, width: 1.5, type },
        label: {
          show: name !== "target" || !crowded,
          formatter: `${name} ${formatNumber(v)}`,
          color,
          position: "end",
          distance: 5,
          fontSize: 12,
          fontFamily: t.font,
        },
      })),
    tooltip: { show: false },
    name: block.column,
  };
}

function option(block: HistogramBlock, s: Series, log: boolean, t: Tokens, width: number): Option {
  const data = bins(block, s);
  const range = extent(block, s);
  const floor = log ? 0.5 : 0;
  const curve = normal(block, s, range, floor);
  const top = Math.max(1, ...data.map((b) => b.count), ...curve.map(([, y]) => y ?? 0));
  const unit = prettyUnit(block.unit);
  const gap = textWidth([formatTick(top), formatTick(top / 3)]) + 20;
  return {
    grid: { left: gap + 18, right: 20, top: 26, bottom: 50 },
    tooltip: tooltip(t, "item", (p: { dataIndex: number; seriesType: string }) => {
      const b = data[p.dataIndex]!;
      const text = formatInterval((b.low + b.high) / 2, b.low, b.high, block.unit);
      return tip(`${formatNumber(b.low)} to ${formatNumber(b.high)} ${unit}`, [
        ["Vias", formatNumber(b.count)],
        ["Share", `${formatNumber((100 * b.count) / (s.n || 1), 3)} %`],
        ["Centre", `${text.value} ${unit}`],
      ]);
    }),
    xAxis: axis(t, withUnit(heading(block.column ? prettyName(block.column) : block.label), block.unit), {
      min: range[0],
      max: range[1],
      splitLine: { show: false },
      axisLabel: { showMinLabel: false, showMaxLabel: false },
    }),
    yAxis: axis(t, "Vias per bin", {
      type: log ? "log" : "value",
      min: floor,
      nameGap: gap,
      axisLabel: { showMinLabel: !log },
      ...(log ? { max: 10 ** Math.ceil(Math.log10(top * 1.2)) } : {}),
    }),
    series: [
      {
        ...barSeries(data, floor, t),
        markLine: limitLines(block, s, t, (range[1] - range[0]) / Math.max(width - gap - 38, 50)),
      },
      {
        type: "line",
        name: "normal",
        data: curve,
        showSymbol: false,
        silent: true,
        z: 4,
        connectNulls: false,
        lineStyle: { color: t.ink, width: 1.2, type: [3, 3], opacity: 0.75 },
      },
    ],
  };
}

function facts(block: HistogramBlock, s: Series): HTMLElement {
  const unit = prettyUnit(block.unit);
  const line = (
    label: string,
    v: number | null | undefined,
    u: string,
    text?: string,
    range?: HTMLElement,
  ): HTMLElement[] =>
    typeof v !== "number"
      ? []
      : [
          h("dt", {}, label),
          h("dd", {}, numberElement(v, text ?? formatNumber(v, 4), u), u ? ` ${u}` : "", range ?? null),
        ];
  const cpk = formatInterval(s.cpk ?? NaN, s.cpk_low, s.cpk_high);
  const range =
    typeof s.cpk_low === "number" && typeof s.cpk_high === "number"
      ? h(
          "span",
          { class: "range" },
          numberElement(s.cpk_low, cpk.low),
          " to ",
          numberElement(s.cpk_high, cpk.high),
        )
      : undefined;
  return h(
    "dl",
    { class: "facts compact" },
    ...line("Vias", s.n, ""),
    ...line("Mean", s.mean, unit),
    ...line("Std dev", s.std, unit),
    ...line("Min", s.min, unit),
    ...line("Max", s.max, unit),
    ...line("LSL", s.lower, unit),
    ...line("Target", s.target, unit),
    ...line("USL", s.upper, unit),
    ...line("Cpk", s.cpk, "", cpk.value, range),
    ...line("Below LSL", s.ppm_low, "ppm"),
    ...line("Above USL", s.ppm_high, "ppm"),
    ...(s.below ? line("Below the axis", s.below, "") : []),
    ...(s.above ? line("Above the axis", s.above, "") : []),
  );
}

/** All groups in one table, for paper. */
function groupTable(block: HistogramBlock): HTMLElement {
  const unit = prettyUnit(block.unit);
  const columns: [string, keyof Series][] = [
    ["Vias", "n"],
    ["Mean", "mean"],
    ["Std dev", "std"],
    ["Min", "min"],
    ["Max", "max"],
    ["LSL", "lower"],
    ["USL", "upper"],
    ["Cpk", "cpk"],
  ];
  const used = columns.filter(([, key]) => block.series.some((s) => typeof s[key] === "number"));
  return h(
    "table",
    { class: "plain" },
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        h("th", {}, unit ? `Group (values in ${unit})` : "Group"),
        ...used.map(([label]) => h("th", { class: "n" }, label)),
      ),
    ),
    h(
      "tbody",
      {},
      ...block.series.map((s) =>
        h(
          "tr",
          {},
          h("td", {}, s.label),
          ...used.map(([, key]) => {
            const v = s[key] as number | null | undefined;
            return h("td", { class: "n" }, numberElement(v, formatNumber(v, 4)));
          }),
        ),
      ),
    ),
  );
}

/** A choice of a few exclusive options. */
function choice(label: string, options: string[], onChange: (index: number) => void): HTMLElement {
  const select = h(
    "select",
    { "aria-label": label, change: () => onChange(select.selectedIndex) },
    ...options.map((o) => h("option", {}, o)),
  );
  return select;
}

export const histogram: Renderer<HistogramBlock> = (block) => {
  let current = 0;
  let log = false;
  const series = (): Series => block.series[current]!;
  const name = heading(block.column ? prettyName(block.column) : block.label);
  const f = figure(name, block.note, () => ({
    columns: ["group", `${withUnit(block.label, block.unit)} from`, "to", "vias"],
    rows: block.series.flatMap((s) =>
      bins(block, s)
        .filter((b) => b.count)
        .map((b) => [s.label, b.low, b.high, b.count]),
    ),
  }));
  const long = heading(block.label) === name ? block.title : block.label;
  if (long && heading(long) !== name)
    f.root.querySelector("h3")!.append(h("span", { class: "long" }, ` ${long}`));
  if (!block.series.length) {
    f.body.append(h("p", { class: "note" }, "Nothing to show."));
    return f.root;
  }
  const host = h("div");
  const side = h("div", { class: "histogram-facts" }, facts(block, series()));
  const draw = chart(
    host,
    `Histogram of ${block.label}`,
    (w) => Math.max(240, Math.min(290, w * 0.5)),
    (t, width) => option(block, series(), log, t, width),
  );
  const update = (): void => {
    draw();
    side.replaceChildren(facts(block, series()));
  };
  const toggle = h(
    "button",
    {
      type: "button",
      class: "tool",
      "aria-pressed": "false",
      title: "Logarithmic counts",
      click: () => {
        log = !log;
        toggle.setAttribute("aria-pressed", String(log));
        draw();
      },
    },
    "Log",
  );
  f.tools.prepend(
    ...(block.series.length > 1
      ? [
          choice(
            `Group of ${block.label}`,
            block.series.map((s) => s.label),
            (i) => {
              current = i;
              update();
            },
          ),
        ]
      : []),
    toggle,
  );
  f.body.append(h("div", { class: "histogram" }, host, side));
  f.root.append(
    h(
      "p",
      { class: "note legend" },
      h("span", { class: "dash" }),
      "normal distribution of the same mean and standard deviation",
      h("span", { class: "swatch bad" }),
      "outside the limits",
    ),
  );
  const others = h("div", { class: "print-only" });
  onPaper(() => others.replaceChildren(...(isPaper() && block.series.length > 1 ? [groupTable(block)] : [])));
  f.root.append(others);
  return f.root;
};
