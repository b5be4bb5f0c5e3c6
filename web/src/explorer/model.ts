/* The decoded data of the panel explorer, and the questions its parts ask of it. */

import type { Scale, MapName } from "../colour";
import { unpack, type Block, type Numbers, type Packed } from "../data";
import { heading, prettyName } from "../number";
import type { Box } from "../view";

interface LayerData {
  name: string;
  label: string;
  unit?: string;
  /** Panel this layer belongs to, 0 if absent. */
  panel?: number;
  /** Via column that continues this layer when single vias are drawn; a column of the layer's name if absent. */
  column?: string;
  scale?: "linear" | "log" | "diverging";
  /** Middle of a diverging scale. */
  centre?: number;
  low?: number;
  high?: number;
  /** Words for the values 0, 1, 2...: the layer is a map of classes. */
  categories?: string[];
  /** The class that is wanted, 0 if absent. */
  good?: number;
}

interface UnitLayerData extends LayerData {
  values: Packed;
}

interface MapData extends LayerData {
  nx: number;
  ny: number;
  x0: number;
  y0: number;
  dx: number;
  dy: number;
  data: Packed;
}

interface ColumnData {
  name: string;
  label: string;
  unit?: string;
  data: Packed;
}

export interface Cause {
  name: string;
  label: string;
  /** Via column that is compared with the limit; absent for a kill by a defect. */
  column?: string;
  side?: "below" | "above";
}

export interface Group {
  name: string;
  function?: string;
  /** Target of D_top, um. */
  diameter?: number;
  /** Limit of each cause that is checked, in the unit of the cause's column. */
  limits?: Record<string, number | null>;
}

export interface ExplorerBlock extends Block {
  panel: {
    shape: "rectangular" | "round";
    width: number;
    height: number;
    edge_exclusion?: number;
    units: { x: Packed; y: Packed; width: number; height: number; rotated?: number; names?: string[] };
  };
  unit_layers?: UnitLayerData[];
  maps?: MapData[];
  vias?: { count: number; total: number; complete: boolean; note?: string; columns: ColumnData[] };
  groups?: Group[];
  causes?: (string | Cause)[];
}

export interface Layer extends LayerData {
  key: string;
  kind: "unit" | "map";
  /** Per unit, or [ny][nx] with NaN where there is nothing. */
  values: Numbers;
  grid?: { nx: number; ny: number; x0: number; y0: number; dx: number; dy: number };
  /** Cells above zero where they are few among zeros (failures): drawn large enough to be seen. */
  marks?: number[];
  /** Least, mean and largest of the values that are numbers, their standard deviation and count. */
  stats: Stats;
}

export interface Stats {
  n: number;
  zeros: number;
  min: number;
  max: number;
  mean: number;
  std: number;
}

export interface Column {
  name: string;
  label: string;
  unit?: string;
  values: Numbers;
}

export interface Unit extends Box {
  index: number;
  column: number;
  row: number;
  name: string;
}

export interface Model {
  block: ExplorerBlock;
  units: Unit[];
  layers: Layer[];
  /** Numbers of the panels that have layers. */
  panels: number[];
  columns: Map<string, Column>;
  groups: Group[];
  causes: Cause[];
  count: number;
  /** Vias of unit u and panel p: order[first .. last). */
  range(unit: number, panel: number): [number, number];
  order: Uint32Array;
}

export function statsOf(values: Numbers): Stats {
  let n = 0,
    zeros = 0,
    min = Infinity,
    max = -Infinity,
    sum = 0;
  for (const v of values) {
    if (!Number.isFinite(v)) continue;
    n++;
    zeros += Number(v === 0);
    sum += v;
    if (v < min) min = v;
    if (v > max) max = v;
  }
  const mean = sum / n;
  let squares = 0;
  for (const v of values) if (Number.isFinite(v)) squares += (v - mean) ** 2;
  return { n, zeros, min, max, mean, std: Math.sqrt(squares / Math.max(n - 1, 1)) };
}

/** Rank of each coordinate among the distinct ones. */
function ranks(values: Numbers, tolerance: number): number[] {
  const sorted = Array.from(values).sort((a, b) => a - b);
  const distinct = sorted.filter((v, i) => i === 0 || v - sorted[i - 1]! > tolerance);
  return Array.from(values, (v) => distinct.findIndex((d) => Math.abs(d - v) <= tolerance) + 1);
}

async function readUnits(block: ExplorerBlock): Promise<Unit[]> {
  const { units } = block.panel;
  const [x, y] = [await unpack(units.x), await unpack(units.y)];
  const columns = ranks(x, units.width * 0.25);
  const rows = ranks(y, units.height * 0.25);
  return Array.from(x, (x0, i) => ({
    index: i,
    x0,
    y0: y[i]!,
    x1: x0 + units.width,
    y1: y[i]! + units.height,
    column: columns[i]!,
    row: rows[i]!,
    name: units.names?.[i] ?? `C${columns[i]} R${rows[i]}`,
  }));
}

async function readLayers(block: ExplorerBlock): Promise<Layer[]> {
  const maps = (block.maps ?? []).map(async (m): Promise<Layer> => {
    const values = await unpack(m.data);
    const { nx, ny, x0, y0, dx, dy } = m;
    const stats = statsOf(values);
    const few = stats.min === 0 && stats.n - stats.zeros < Math.min(0.05 * stats.n, 5000);
    const marks = few ? { marks: Array.from(values.keys()).filter((i) => values[i]! > 0) } : {};
    return {
      ...m,
      ...marks,
      key: `map-${m.name}`,
      kind: "map",
      values,
      grid: { nx, ny, x0, y0, dx, dy },
      stats,
    };
  });
  const units = (block.unit_layers ?? []).map(async (l): Promise<Layer> => {
    const values = await unpack(l.values);
    const classes =
      l.name === "unit_passes" && !l.categories
        ? { label: "Unit result", categories: ["failed", "good"], good: 1 }
        : {};
    return { ...l, ...classes, key: `unit-${l.name}`, kind: "unit", values, stats: statsOf(values) };
  });
  return Promise.all([...units, ...maps]);
}

/** Vias sorted by panel and unit, by counting. */
function indexVias(unit: Numbers, panel: Numbers | undefined, units: number): Pick<Model, "order" | "range"> {
  const panels = panel?.length ? Math.max(...new Set(panel)) + 1 : 1;
  const keyOf = (i: number): number => (panel?.[i] ?? 0) * units + unit[i]!;
  const first = new Uint32Array(panels * units + 1);
  for (let i = 0; i < unit.length; i++) first[keyOf(i) + 1]!++;
  for (let k = 0; k < panels * units; k++) first[k + 1]! += first[k]!;
  const next = first.slice();
  const order = new Uint32Array(unit.length);
  for (let i = 0; i < unit.length; i++) order[next[keyOf(i)]!++] = i;
  return {
    order,
    range: (u, p) =>
      p < panels && u >= 0 && u < units ? [first[p * units + u]!, first[p * units + u + 1]!] : [0, 0],
  };
}

export async function readModel(block: ExplorerBlock): Promise<Model> {
  const units = await readUnits(block);
  const layers = await readLayers(block);
  const columns = new Map<string, Column>();
  for (const c of block.vias?.columns ?? []) columns.set(c.name, { ...c, values: await unpack(c.data) });
  const unit = columns.get("unit")?.values ?? new Float64Array(0);
  for (const name of columns.size ? ["x", "y", "unit"] : []) {
    if (!columns.has(name)) throw new Error(`the vias have no column ${name}`);
  }
  const causes = (block.causes ?? []).map((c): Cause => (typeof c === "string" ? { name: c, label: c } : c));
  return {
    block,
    units,
    layers,
    columns,
    causes,
    groups: block.groups ?? [],
    count: unit.length,
    panels: [...new Set(layers.map((l) => l.panel ?? 0))].sort((a, b) => a - b),
    ...indexVias(unit, columns.get("panel")?.values, units.length),
  };
}

/** One value of one via, NaN if the data has no such column. */
export function valueOf(m: Model, column: string, via: number): number {
  return m.columns.get(column)?.values[via] ?? NaN;
}

export function flagsOf(m: Model, via: number): number {
  return m.columns.get("flags")?.values[via] ?? 0;
}

export function causesOf(m: Model, via: number): Cause[] {
  const flags = flagsOf(m, via);
  return m.causes.filter((_, bit) => Math.floor(flags / 2 ** bit) % 2 === 1);
}

/** Short and long name of a layer. */
export function namesOf(layer: LayerData): { short: string; long: string } {
  const symbol = /^[A-Za-z]_[a-z]+$/.test(layer.name);
  const short = !symbol && layer.label.length <= 20 ? heading(layer.label) : heading(prettyName(layer.name));
  return { short, long: short === heading(layer.label) ? short : `${short}: ${layer.label}` };
}

const boxes = new WeakMap<Model, Map<number, Box>>();

/** The part of a unit whose vias are in the data. */
export function sampledBox(m: Model, unit: number, panel: number): Box | null {
  const known = boxes.get(m) ?? boxes.set(m, new Map()).get(m)!;
  const key = panel * m.units.length + unit;
  if (known.has(key)) return known.get(key)!;
  const [first, last] = m.range(unit, panel);
  if (first === last) return null;
  const box = { x0: Infinity, y0: Infinity, x1: -Infinity, y1: -Infinity };
  for (const i of m.order.subarray(first, last)) {
    const [x, y] = [valueOf(m, "x", i), valueOf(m, "y", i)];
    Object.assign(box, {
      x0: Math.min(box.x0, x),
      y0: Math.min(box.y0, y),
      x1: Math.max(box.x1, x),
      y1: Math.max(box.y1, y),
    });
  }
  known.set(key, box);
  return box;
}

/** A limit of a via that holds for a column. */
export interface Limit {
  cause: Cause;
  limit: number;
}

export function limitsOf(m: Model, via: number, column?: string): Limit[] {
  const group = m.groups[valueOf(m, "group", via)];
  return m.causes.flatMap((cause) => {
    const limit = group?.limits?.[cause.name];
    return typeof limit === "number" && cause.column && (!column || cause.column === column)
      ? [{ cause, limit }]
      : [];
  });
}

/** How far a via is inside its nearest limit: over half the tolerance where a value has two limits, else over the
    limit; negative if it fails. */
export function marginOf(m: Model, via: number): { margin: number; cause: Cause | undefined } {
  let margin = Infinity;
  let nearest: Cause | undefined;
  const limits = limitsOf(m, via);
  for (const { cause, limit } of limits) {
    const v = valueOf(m, cause.column ?? "", via);
    const other = limits.filter(
      (l) => l.cause.column === cause.column && l.cause.side !== cause.side && l.limit !== 0,
    );
    const half = Math.min(...other.map((l) => Math.abs(l.limit - limit) / 2));
    const room =
      (cause.side === "above" ? limit - v : v - limit) /
      (Number.isFinite(half) ? half : Math.abs(limit) || 1);
    if (room < margin) [margin, nearest] = [room, cause];
  }
  const failed = causesOf(m, via);
  if (failed.length && margin >= 0) return { margin: -Infinity, cause: failed[0] };
  return { margin, cause: nearest };
}

/** Linear, unless the data says otherwise, has both signs, or spans three decades. */
function kindOf(layer: Layer): "linear" | "log" | "diverging" {
  if (layer.scale) return layer.scale;
  const { min, max } = layer.stats;
  if (min < 0 && max > 0) return "diverging";
  let least = Infinity;
  for (const v of layer.values) if (v > 0 && v < least) least = v;
  return min >= 0 && max >= 1000 * least ? "log" : "linear";
}

/** The colour scale of a layer: what is there, or what the data asks for. */
export function scaleOf(layer: Layer, whole: boolean): Scale {
  const { stats } = layer;
  let low = layer.low ?? stats.min;
  let high = layer.high ?? stats.max;
  const kind = kindOf(layer);
  const log = kind === "log";
  if (!whole && layer.low === undefined && layer.high === undefined && stats.n >= 20) {
    const sorted = layer.values.filter((v) => Number.isFinite(v) && (!log || v > 0)).sort();
    if (sorted.length >= 20) {
      low = sorted[Math.floor(sorted.length * 0.01)]!;
      high = sorted[Math.ceil(sorted.length * 0.99) - 1]!;
    }
  }
  if (log) {
    const positive = layer.values.filter((v) => v > 0);
    let least = Infinity;
    for (const v of positive) if (v < least) least = v;
    low = low > 0 ? low : Number.isFinite(least) ? least : 1e-9;
    high = Math.max(high, low * 10);
  }
  if (!(high > low))
    [low, high] = Number.isFinite(low)
      ? [low - Math.abs(low) * 0.01 - 1e-9, low + Math.abs(low) * 0.01 + 1e-9]
      : [0, 1];
  let map: MapName = "viridis";
  if (kind === "diverging") {
    const centre = layer.centre ?? 0;
    const reach = Math.max(Math.abs(high - centre), Math.abs(centre - low));
    [low, high, map] = [centre - reach, centre + reach, "diverging"];
  }
  return { low, high, log, zero: log || (stats.min === 0 && 2 * stats.zeros > stats.n), map };
}
