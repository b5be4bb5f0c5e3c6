/* Curves with interval bands, linear or logarithmic axes. */

import type { Block } from "../data";
import { axis, chart, figure, textWidth, tip, tooltip, type Option } from "../chart";
import { h } from "../dom";
import { formatInterval, formatNumber, formatTick, prettyUnit, withUnit } from "../number";
import type { Tokens } from "../theme";
import type { Renderer } from "./block";

interface Axis {
  label: string;
  unit?: string;
  log?: boolean;
}

interface Series {
  label: string;
  x: (number | null)[];
  y: (number | null)[];
  low?: (number | null)[];
  high?: (number | null)[];
}

export interface LinesBlock extends Block {
  x: Axis;
  y: Axis;
  series: Series[];
}

const symbols = ["circle", "rect", "triangle", "diamond", "pin", "arrow"];
const dashes: (string | number[])[] = ["solid", [7, 4], [2, 3], [9, 3, 2, 3]];

interface Api {
  coord(p: [number, number]): [number, number];
}

function band(s: Series, color: string): Option {
  const points = s.x
    .map((x, i) => [x, s.low?.[i] ?? null, s.high?.[i] ?? null])
    .filter((p): p is [number, number, number] => p.every((v) => typeof v === "number"));
  const draw = (params: { dataIndex: number }, api: Api): Option | undefined => {
    if (params.dataIndex !== 0) return undefined;
    const upper = points.map(([x, , high]) => api.coord([x, high]));
    const lower = points.map(([x, low]) => api.coord([x, low])).reverse();
    return {
      type: "polygon",
      shape: { points: [...upper, ...lower] },
      style: { fill: color, opacity: 0.16 },
      silent: true,
    };
  };
  return {
    type: "custom",
    name: s.label,
    renderItem: draw,
    data: points,
    encode: { x: 0, y: [1, 2] },
    silent: true,
    color,
    z: 1,
    tooltip: { show: false },
  };
}

function line(s: Series, index: number, color: string): Option {
  return {
    type: "line",
    name: s.label,
    data: s.x.map((x, i) => [x, s.y[i] ?? null]),
    color,
    z: 3,
    showSymbol: s.x.length <= 30,
    symbol: symbols[index % symbols.length],
    symbolSize: 7,
    lineStyle: { width: 2, type: dashes[Math.floor(index / 8) % dashes.length] },
    emphasis: { disabled: true },
  };
}

function option(block: LinesBlock, t: Tokens): Option {
  const color = (i: number): string => t.series[i % t.series.length]!;
  const legend = block.series.length > 1;
  const labels = block.series
    .flatMap((s) => [...s.y, ...(s.high ?? [])])
    .filter((v): v is number => typeof v === "number")
    .map(formatTick);
  const gap = Math.min(textWidth(labels) + 18, 90);
  return {
    grid: { left: gap + 18, right: 18, top: legend ? 38 : 12, bottom: 50 },
    legend: legend
      ? { top: 0, left: 0, itemWidth: 22, textStyle: { color: t.ink }, inactiveColor: t.faint, type: "plain" }
      : undefined,
    tooltip: tooltip(
      t,
      "axis",
      (
        points: {
          axisValue: number;
          seriesIndex: number;
          seriesName: string;
          dataIndex: number;
          seriesType: string;
        }[],
      ) => {
        const lines = points
          .filter((p) => p.seriesType === "line")
          .map((p): [string, string] => {
            const s = block.series.find((v) => v.label === p.seriesName)!;
            const text = formatInterval(
              s.y[p.dataIndex] ?? NaN,
              s.low?.[p.dataIndex],
              s.high?.[p.dataIndex],
              block.y.unit,
            );
            return [
              p.seriesName,
              `${text.value} ${prettyUnit(block.y.unit)}${s.low ? ` (${text.low} to ${text.high})` : ""}`,
            ];
          });
        return tip(
          `${block.x.label} ${formatNumber(points[0]?.axisValue)} ${prettyUnit(block.x.unit)}`,
          lines,
        );
      },
    ),
    xAxis: axis(t, withUnit(block.x.label, block.x.unit), {
      type: block.x.log ? "log" : "value",
      scale: true,
    }),
    yAxis: axis(t, withUnit(block.y.label, block.y.unit), {
      type: block.y.log ? "log" : "value",
      scale: true,
      nameGap: gap,
    }),
    series: block.series.flatMap((s, i) => [
      line(s, i, color(i)),
      ...(s.low && s.high ? [band(s, color(i))] : []),
    ]),
  };
}

export const lines: Renderer<LinesBlock> = (block) => {
  const f = figure(block.title, block.note, () => ({
    columns: [
      "series",
      withUnit(block.x.label, block.x.unit),
      withUnit(block.y.label, block.y.unit),
      "low",
      "high",
    ],
    rows: block.series.flatMap((s) =>
      s.x.map((x, i) => [s.label, x, s.y[i] ?? null, s.low?.[i] ?? null, s.high?.[i] ?? null]),
    ),
  }));
  const host = h("div");
  f.body.append(host);
  chart(
    host,
    `${block.title ?? "Chart"}: ${block.y.label} over ${block.x.label}, ${block.series.map((s) => s.label).join(", ")}`,
    (w) => Math.max(260, Math.min(380, w * 0.46)),
    (t) => option(block, t),
  );
  return f.root;
};
