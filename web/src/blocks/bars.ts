/* Horizontal bars with interval whiskers: a Pareto, or groups of bars side by side (Sobol indices). */

import type { Block } from "../data";
import { axis, chart, figure, textWidth, tip, tooltip, type Option } from "../chart";
import { h } from "../dom";
import {
  commonDecimals,
  fixed,
  formatInterval,
  formatNumber,
  heading,
  prettyUnit,
  withUnit,
} from "../number";
import type { Tokens } from "../theme";
import type { Renderer } from "./block";

interface Item {
  label: string;
  value: number | null;
  low?: number | null;
  high?: number | null;
  group?: string;
}

export interface BarsBlock extends Block {
  x_label?: string;
  unit?: string;
  log?: boolean;
  items: Item[];
}

interface Layout {
  labels: string[];
  groups: string[];
  /** Bars of one label that stand side by side. */
  cluster: number;
}

function layoutOf(items: Item[]): Layout {
  const labels = [...new Set(items.map((i) => i.label))];
  const groups = [...new Set(items.map((i) => i.group ?? ""))];
  const cluster = Math.max(1, ...labels.map((l) => items.filter((i) => i.label === l).length));
  return { labels, groups, cluster };
}

interface Api {
  value(i: number): number;
  coord(p: [number, number]): [number, number];
  size(p: [number, number]): [number, number];
}

const barHeight = (l: Layout): number => (l.cluster > 1 ? 12 : 16);

/** Axis range of a logarithmic scale: whole decades around the positive values. */
function decades(items: Item[]): { min: number; max: number } {
  const positive = items
    .flatMap((i) => [i.value, i.low, i.high])
    .filter((v): v is number => typeof v === "number" && v > 0);
  const low = Math.floor(Math.log10(Math.min(...positive, 1)));
  const high = Math.ceil(Math.log10(Math.max(...positive, 10 ** low * 10)));
  return { min: 10 ** Math.max(low, high - 14), max: 10 ** high };
}

function series(block: BarsBlock, l: Layout, group: string, index: number, t: Tokens): Option {
  const items = block.items.filter((i) => (i.group ?? "") === group);
  const floor = block.log ? decades(block.items).min : 0;
  const color = t.series[index % t.series.length] ?? t.accent;
  const draw = (params: { dataIndex: number }, api: Api): Option => {
    const item = items[params.dataIndex]!;
    const row = l.labels.indexOf(item.label);
    const value = item.value ?? NaN;
    const y =
      api.coord([floor, row])[1] +
      (l.cluster > 1 ? (index - (l.groups.length - 1) / 2) * (barHeight(l) + 2) : 0);
    const x = (v: number): number => api.coord([Math.max(v, block.log ? floor : v), row])[0];
    const half = barHeight(l) / 2;
    const children: Option[] = [];
    const reach = Math.max(value, item.high ?? value);
    if (Number.isFinite(value)) {
      children.push({
        type: "rect",
        shape: {
          x: Math.min(x(floor), x(value)),
          y: y - half,
          width: Math.abs(x(value) - x(floor)),
          height: 2 * half,
        },
        style: { fill: color },
      });
    }
    if (typeof item.low === "number" && typeof item.high === "number" && item.high > item.low) {
      const [a, b] = [x(item.low), x(item.high)];
      const path = `M${a} ${y}H${b}M${a} ${y - 4}v8M${b} ${y - 4}v8`;
      children.push(
        {
          type: "path",
          shape: { pathData: path },
          style: { stroke: t.surface, lineWidth: 3, opacity: 0.7, fill: "none" },
        },
        { type: "path", shape: { pathData: path }, style: { stroke: t.ink, lineWidth: 1.3, fill: "none" } },
      );
    }
    children.push({
      type: "text",
      style: {
        text: shown(item, block),
        x: x(Math.max(reach, floor)) + 7,
        y,
        fill: t.ink,
        verticalAlign: "middle",
        font: `12px ${t.font}`,
      },
    });
    return { type: "group", children };
  };
  return {
    type: "custom",
    name: group,
    color,
    clip: false,
    renderItem: draw,
    data: items.map((i) => [i.value, l.labels.indexOf(i.label), i.low ?? i.value, i.high ?? i.value]),
    encode: { x: [0, 2, 3], y: 1 },
  };
}

function shown(item: Item, block: BarsBlock): string {
  const decimals = block.log ? null : commonDecimals(block.items);
  if (decimals !== null && item.value !== null && Number.isFinite(item.value))
    return Number(item.value.toFixed(decimals)) === 0
      ? formatNumber(item.value, 1)
      : fixed(item.value, decimals);
  return formatInterval(item.value ?? NaN, item.low, item.high, block.unit).value;
}

function option(block: BarsBlock, l: Layout, t: Tokens, width: number): Option {
  const unit = prettyUnit(block.unit);
  const left = Math.min(textWidth(l.labels) + 14, Math.round(width * 0.44));
  const right = textWidth(block.items.map((i) => shown(i, block))) + 22;
  const legend = l.groups.length > 1;
  const lowest = Math.min(0, ...block.items.map((i) => Math.min(i.low ?? 0, i.value ?? 0)));
  const limits = block.log ? decades(block.items) : { min: lowest * 1.05 };
  return {
    grid: { left, right, top: legend ? 34 : 8, bottom: 48 },
    legend: legend
      ? {
          top: 0,
          left: 0,
          itemWidth: 12,
          itemHeight: 12,
          icon: "rect",
          textStyle: { color: t.ink },
          selectedMode: false,
        }
      : undefined,
    tooltip: tooltip(t, "item", (p: { dataIndex: number; seriesName: string }) => {
      const item = block.items.filter((i) => (i.group ?? "") === p.seriesName)[p.dataIndex]!;
      const text = formatInterval(item.value ?? NaN, item.low, item.high, block.unit);
      const lines: [string, string][] = [
        [item.group || block.x_label || "Value", `${text.value}${unit ? ` ${unit}` : ""}`],
      ];
      if (typeof item.low === "number" && typeof item.high === "number")
        lines.push(["Interval", `${text.low} to ${text.high}`]);
      return tip(item.label, lines);
    }),
    xAxis: axis(t, withUnit(heading(block.x_label ?? ""), block.unit), {
      type: block.log ? "log" : "value",
      ...limits,
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: { showMinLabel: lowest === 0 },
    }),
    yAxis: {
      type: "category",
      data: l.labels,
      inverse: true,
      axisTick: { show: false },
      axisLine: { lineStyle: { color: t.faint } },
      axisLabel: {
        color: t.ink,
        fontSize: 12,
        width: left - 12,
        overflow: "break",
        lineHeight: 14,
        interval: 0,
      },
    },
    series: l.groups.map((g, i) => series(block, l, g, i, t)),
  };
}

export const bars: Renderer<BarsBlock> = (block) => {
  const l = layoutOf(block.items);
  const unit = prettyUnit(block.unit);
  const f = figure(block.title, block.note, () => ({
    columns: [
      "label",
      ...(l.groups.length > 1 ? ["group"] : []),
      withUnit(block.x_label ?? "value", block.unit),
      "low",
      "high",
    ],
    rows: block.items.map((i) => [
      i.label,
      ...(l.groups.length > 1 ? [i.group ?? ""] : []),
      i.value,
      i.low ?? null,
      i.high ?? null,
    ]),
  }));
  if (!block.items.length) {
    f.body.append(h("p", { class: "note" }, "Nothing to show."));
    return f.root;
  }
  const host = h("div");
  f.body.append(host);
  const first = block.items
    .slice(0, 3)
    .map((i) => `${i.label} ${formatNumber(i.value)} ${unit}`.trim())
    .join(", ");
  const rowHeight = Math.max(28, l.cluster * (barHeight(l) + 2) + 12);
  chart(
    host,
    `${block.title ?? "Bar chart"}: ${first}`,
    () => l.labels.length * rowHeight + 60 + (l.groups.length > 1 ? 26 : 0),
    (t, width) => option(block, l, t, width),
  );
  return f.root;
};
