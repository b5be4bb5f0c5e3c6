/* Colour maps that people with colour-blindness can read, and scales from values to them. */

export type Rgb = [number, number, number];

const stops = {
  viridis: [
    "#440154",
    "#482878",
    "#3e4989",
    "#31688e",
    "#26828e",
    "#1f9e89",
    "#35b779",
    "#6ece58",
    "#b5de2b",
    "#fde725",
  ],
  /* blue to brown through a light neutral */
  diverging: [
    "#023b76",
    "#2a6ea5",
    "#6fa3c8",
    "#b4cfe0",
    "#eceae6",
    "#e5c7ae",
    "#cf9467",
    "#a95f2e",
    "#6f2f05",
  ],
};
export type MapName = keyof typeof stops;

function parse(hex: string): Rgb {
  return [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16)) as Rgb;
}

const tables = new Map<MapName, Uint8Array>();

/** 256 colours of a map, 3 bytes each. */
export function colourTable(name: MapName): Uint8Array {
  let table = tables.get(name);
  if (table) return table;
  const anchors = stops[name].map(parse);
  table = new Uint8Array(256 * 3);
  for (let i = 0; i < 256; i++) {
    const at = (i / 255) * (anchors.length - 1);
    const k = Math.min(Math.floor(at), anchors.length - 2);
    for (let c = 0; c < 3; c++)
      table[3 * i + c] = Math.round(anchors[k]![c]! + (at - k) * (anchors[k + 1]![c]! - anchors[k]![c]!));
  }
  tables.set(name, table);
  return table;
}

/** From values to places 0..1 on a colour map. */
export interface Scale {
  low: number;
  high: number;
  log: boolean;
  /** Zero is no place on the map: it has a neutral colour of its own. */
  zero: boolean;
  map: MapName;
}

export function place(scale: Scale, v: number): number {
  if (scale.log) {
    if (v <= 0) return -1;
    return (Math.log(v) - Math.log(scale.low)) / (Math.log(scale.high) - Math.log(scale.low) || 1);
  }
  return (v - scale.low) / (scale.high - scale.low || 1);
}

/** Index of 0..255 into the table of colours. */
export function shade(scale: Scale, v: number): number {
  const p = place(scale, v);
  return p <= 0 ? 0 : p >= 1 ? 255 : Math.round(p * 255);
}

export function css(scale: Scale, v: number): string {
  const table = colourTable(scale.map);
  const i = 3 * shade(scale, v);
  return `rgb(${table[i]},${table[i + 1]},${table[i + 2]})`;
}

/** Whether dark text is read better on this colour. */
export function isLight(scale: Scale, v: number): boolean {
  const table = colourTable(scale.map);
  const i = 3 * shade(scale, v);
  return 0.299 * table[i]! + 0.587 * table[i + 1]! + 0.114 * table[i + 2]! > 140;
}

/** Round values for a colour bar, at most n. */
export function ticks(low: number, high: number, n: number, log: boolean): number[] {
  if (log) {
    const a = Math.ceil(Math.log10(low) - 1e-9);
    const b = Math.floor(Math.log10(high) + 1e-9);
    const step = Math.max(1, Math.ceil((b - a + 1) / n));
    const out: number[] = [];
    for (let e = a; e <= b; e += step) out.push(10 ** e);
    return out.length > 1 ? out : [low, high];
  }
  const raw = (high - low) / n;
  if (!(raw > 0)) return [low];
  const size = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((k) => k * size).find((s) => s >= raw) ?? raw;
  const out: number[] = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++)
    out.push(Number((i * step).toPrecision(12)));
  return out;
}
