/* The data of a process window: axes, quantities over the grid, and how they are read. */

import { unpack, type Block, type Numbers, type Packed } from "../data";

export interface WindowAxis {
  name: string;
  unit?: string;
  log?: boolean;
  values: number[];
  /** What the project says. */
  here?: number;
}

export type Kind = "probability" | "category" | "regime" | "cause" | "column" | "doubt";

export interface WindowBlock extends Block {
  axes: WindowAxis[];
  quantities: {
    name: string;
    label: string;
    unit?: string;
    kind: Kind;
    categories?: string[];
    values: Record<string, Packed>;
  }[];
  first?: string;
  best?: number;
  vias?: number;
}

export interface Quantity {
  name: string;
  label: string;
  unit: string;
  kind: Kind;
  categories?: string[];
  values: Record<string, Numbers>;
}

export interface Grid {
  axes: WindowAxis[];
  shape: [number, number, number];
  quantities: Quantity[];
}

export const statisticNames: Record<string, string> = {
  nominal: "nominal via",
  most: "most of the vias",
  mean: "mean",
  q05: "5 % quantile",
  median: "median",
  q95: "95 % quantile",
  value: "share of the vias",
  low: "lower end of the interval",
  high: "upper end of the interval",
};

export async function readGrid(block: WindowBlock): Promise<Grid> {
  const n = (i: number): number => block.axes[i]?.values.length ?? 1;
  const shape: [number, number, number] = [n(0), n(1), n(2)];
  const count = shape[0] * shape[1] * shape[2];
  const quantities = await Promise.all(
    block.quantities.map(async (q): Promise<Quantity> => {
      const entries = await Promise.all(
        Object.entries(q.values).map(async ([k, v]) => [k, await unpack(v)] as const),
      );
      for (const [k, v] of entries)
        if (v.length !== count) throw new Error(`${q.name} has ${v.length} values (${k}) for ${count} points`);
      return { ...q, unit: q.unit ?? "", values: Object.fromEntries(entries) };
    }),
  );
  if (!quantities.length) throw new Error("the window has no quantity");
  return { axes: block.axes, shape, quantities };
}

/** Statistics of a quantity that a reader may choose between. */
export function statisticsOf(q: Quantity): string[] {
  return Object.keys(q.values);
}

/** Number of a point of the grid. */
export function pointOf(g: Grid, k: readonly number[]): number {
  return ((k[2] ?? 0) * g.shape[1] + (k[1] ?? 0)) * g.shape[0] + (k[0] ?? 0);
}

export function indicesOf(g: Grid, point: number): [number, number, number] {
  const rest = Math.floor(point / g.shape[0]);
  return [point % g.shape[0], rest % g.shape[1], Math.floor(rest / g.shape[1])];
}

/** Place of a value along an axis in steps of the grid, 0 .. n - 1. */
export function stepOf(a: WindowAxis, v: number): number {
  const [low, high] = [a.values[0]!, a.values[a.values.length - 1]!];
  const s = a.log ? Math.log(v / low) / Math.log(high / low) : (v - low) / (high - low);
  return s * (a.values.length - 1);
}

/** Round values along an axis, at most about n. */
export function axisTicks(a: WindowAxis, n: number): number[] {
  const [low, high] = [a.values[0]!, a.values[a.values.length - 1]!];
  const out: number[] = [];
  if (a.log) {
    const dense = Math.log10(high / low) < n / 2 ? [1, 2, 5] : [1];
    for (let e = Math.floor(Math.log10(low)); e <= Math.ceil(Math.log10(high)); e++)
      for (const m of dense) {
        const v = m * 10 ** e;
        if (v >= low * (1 - 1e-9) && v <= high * (1 + 1e-9)) out.push(v);
      }
    return out.length > 1 ? out : [low, high];
  }
  const raw = (high - low) / n;
  const size = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 2.5, 5, 10].map((k) => k * size).find((s) => s >= raw * 0.999) ?? raw;
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++)
    out.push(Number((i * step).toPrecision(12)));
  return out;
}
