/* Numbers of the data, and numbers as a reader of the page sees them. */
import { inflateSync } from "node:zlib";

/** An array of numbers in one of its three forms (docs/formats/report.md). */
export function numbers(packed) {
  if (Array.isArray(packed)) return packed;
  const {
    type = "f32",
    scale = 1,
    offset = 0,
    data,
  } = typeof packed === "string" ? { data: packed } : packed;
  const bytes = inflateSync(Buffer.from(data, "base64"));
  const arrays = {
    f32: Float32Array,
    f64: Float64Array,
    u8: Uint8Array,
    i8: Int8Array,
    u16: Uint16Array,
    i16: Int16Array,
    u32: Uint32Array,
    i32: Int32Array,
  };
  return Array.from(new arrays[type](new Uint8Array(bytes).buffer), (v) => v * scale + offset);
}

/** The number a reader sees, and half a unit of its last digit. */
export function read(text) {
  const t = text.replace(/[\s\u202f]/g, "").replaceAll("−", "-");
  const m = /^(-?)(\d+)(?:\.(\d+))?(?:×10(-?\d+))?$/.exec(t);
  if (!m) return null;
  const power = Number(m[4] ?? 0);
  return {
    value: Number(`${m[1]}${m[2]}.${m[3] ?? "0"}e${power}`),
    half: 0.5 * 10 ** (power - (m[3]?.length ?? 0)),
  };
}
