/* The data of a report, format opentgv-report-1, as docs/formats/report.md describes it. */

export interface Report {
  format: string;
  title: string;
  subtitle?: string;
  generated?: string;
  program?: string;
  project?: { name?: string; file?: string; hash?: string; seed?: number | string };
  sections: Section[];
}

export interface Section {
  name: string;
  title: string;
  intro?: string;
  blocks: Block[];
}

/** Every block has a type; the rest is read by the renderer of that type (blocks/). */
export interface Block {
  type: string;
  title?: string;
  note?: string;
  /** Two such blocks in a row stand side by side where the page is wide enough. */
  half?: boolean;
}

/** An array of numbers: plain (null is NaN), or little-endian bytes, zlib-deflated, base64-coded.
    A bare string is 32-bit floats. Integers are multiplied by `scale`, then `offset` is added. */
export type Packed =
  | (number | null)[]
  | string
  | { type?: NumberType; scale?: number; offset?: number; data: string };
export type NumberType = "f32" | "f64" | "u8" | "i8" | "u16" | "i16" | "u32" | "i32";
export type Numbers = Float32Array | Float64Array;

const readers: Record<NumberType, { size: number; read(v: DataView, at: number): number }> = {
  f32: { size: 4, read: (v, at) => v.getFloat32(at, true) },
  f64: { size: 8, read: (v, at) => v.getFloat64(at, true) },
  u8: { size: 1, read: (v, at) => v.getUint8(at) },
  i8: { size: 1, read: (v, at) => v.getInt8(at) },
  u16: { size: 2, read: (v, at) => v.getUint16(at, true) },
  i16: { size: 2, read: (v, at) => v.getInt16(at, true) },
  u32: { size: 4, read: (v, at) => v.getUint32(at, true) },
  i32: { size: 4, read: (v, at) => v.getInt32(at, true) },
};

/** zlib stream of base64 text, inflated by the browser. */
async function inflate(text: string): Promise<ArrayBuffer> {
  const coded = atob(text);
  const bytes = new Uint8Array(coded.length);
  for (let i = 0; i < coded.length; i++) bytes[i] = coded.charCodeAt(i);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(stream).arrayBuffer();
}

/** Decodes an array of numbers. Coordinates (f64, u32, i32 and plain arrays) stay in double precision. */
export async function unpack(packed: Packed | undefined): Promise<Numbers> {
  if (packed === undefined || packed === null) return new Float64Array(0);
  if (Array.isArray(packed)) return Float64Array.from(packed, (v) => (v === null ? NaN : v));
  const {
    type = "f32",
    scale = 1,
    offset = 0,
    data,
  } = typeof packed === "string" ? { data: packed } : packed;
  const reader = readers[type];
  if (!reader) throw new Error(`unknown number type ${type}`);
  const view = new DataView(await inflate(data));
  const count = Math.floor(view.byteLength / reader.size);
  const wide = type === "f64" || type === "u32" || type === "i32";
  const out = wide ? new Float64Array(count) : new Float32Array(count);
  for (let i = 0; i < count; i++) out[i] = reader.read(view, i * reader.size) * scale + offset;
  return out;
}

/** Reads the data of this page; an error is for the reader of the page. */
export function readReport(): Report {
  const text = document.getElementById("opentgv-data")?.textContent ?? "";
  const report = JSON.parse(text) as Report;
  if (report.format !== "opentgv-report-1") throw new Error(`unknown data format ${String(report.format)}`);
  if (!Array.isArray(report.sections)) throw new Error("the data has no sections");
  return report;
}
