/* The panel of the fixture: vias of a plausible etch with a random field, heavy tails, scan fields and one scar. */
import { deflateSync } from "node:zlib";

let state = 20240229;
function uniform() {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}
const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());

const arrays = {
  f32: Float32Array,
  f64: Float64Array,
  u16: Uint16Array,
  i16: Int16Array,
  u32: Uint32Array,
  u8: Uint8Array,
};
const base64 = (array) => deflateSync(Buffer.from(array.buffer)).toString("base64");
export const f32 = (values) => base64(Float32Array.from(values));
export const packed = (type, values, scale = 1, offset = 0) => ({
  type,
  scale,
  offset,
  data: base64(
    arrays[type].from(values, (v) => (scale === 1 && offset === 0 ? v : Math.round((v - offset) / scale))),
  ),
});

/* ---- the unit and its vias */
export const unit = { width: 74, height: 74 };
export const chiplets = [
  { name: "ASIC", kind: "die", x: 0, y: 0, width: 26, height: 24 },
  ...[-1, 1].flatMap((sx) =>
    [-1, 1].map((sy, k) => ({
      name: `HBM ${sx < 0 ? 1 + k : 3 + k}`,
      kind: "hbm",
      x: sx * 20,
      y: sy * 6.5,
      width: 11,
      height: 11,
    })),
  ),
];
export const places = [];
for (let i = 0; i < 16; i++) for (let j = 0; j < 15; j++) places.push([-11.25 + 1.5 * i, -10.5 + 1.5 * j, 1]);
for (let i = 0; i < 15; i++) for (let j = 0; j < 14; j++) places.push([-10.5 + 1.5 * i, -9.75 + 1.5 * j, 2]);
for (let ring = 0; ring < 3; ring++) {
  const r = 33 - 2 * ring;
  for (let s = -r; s < r; s += 1.5) places.push([s, r, 0], [r, -s, 0], [-s, -r, 0], [-r, s, 0]);
}
const count = (g) => places.filter((p) => p[2] === g).length;
export const groups = [
  {
    name: "signal_ring",
    function: "signal",
    pattern: "ring",
    count: count(0),
    diameter: 90,
    pitch_x: 1500,
    pitch_y: 2000,
  },
  {
    name: "core_power",
    function: "power",
    pattern: "rectangular",
    count: count(1),
    diameter: 90,
    pitch_x: 1500,
    pitch_y: 1500,
    outline: [
      [-12, -11.2],
      [12, -11.2],
      [12, 11.2],
      [-12, 11.2],
    ],
  },
  {
    name: "core_ground",
    function: "ground",
    pattern: "staggered",
    count: count(2),
    diameter: 90,
    pitch_x: 1500,
    pitch_y: 1500,
  },
];
export const limits = {
  closed: 0,
  waist_small: 46,
  top_small: 84,
  top_large: 96,
  bottom_small: 84,
  bottom_large: 96,
  position: 6.5,
  taper: 3.6,
  thin: 582,
  thick: 618,
};

/* ---- the panel */
export const panel = { shape: "rectangular", width: 515, height: 510, edge_exclusion: 8 };
const pitch = 74.2;
export const corners = [];
for (let j = 0; j < 6; j++)
  for (let i = 0; i < 6; i++) corners.push([(i - 3) * pitch + 0.1, (j - 3) * pitch + 0.1]);

export const causes = [
  { name: "closed", column: "D_waist", side: "below", label: "closed: the etch fronts have not met" },
  { name: "waist_small", column: "D_waist", side: "below", label: "D_waist below its limit" },
  { name: "top_small", column: "D_top", side: "below", label: "D_top below its limit" },
  { name: "top_large", column: "D_top", side: "above", label: "D_top above its limit" },
  { name: "bottom_small", column: "D_bottom", side: "below", label: "D_bottom below its limit" },
  { name: "bottom_large", column: "D_bottom", side: "above", label: "D_bottom above its limit" },
  {
    name: "position",
    column: "position_error",
    side: "above",
    label: "centre too far from the design position",
  },
  { name: "taper", column: "taper", side: "above", label: "half taper angle above its limit" },
  { name: "thin", column: "thickness", side: "below", label: "core thinner than its tolerance allows" },
  { name: "thick", column: "thickness", side: "above", label: "core thicker than its tolerance allows" },
];

const waves = Array.from({ length: 24 }, () => ({
  kx: normal() / 70,
  ky: normal() / 70,
  phase: 2 * Math.PI * uniform(),
  a: normal() / Math.sqrt(12),
}));
const field = (x, y) => waves.reduce((sum, w) => sum + w.a * Math.cos(w.kx * x + w.ky * y + w.phase), 0);
const heavy = () => normal() / Math.sqrt((normal() ** 2 + normal() ** 2 + normal() ** 2 + normal() ** 2) / 4);
const scar = { x: 118, y: -96, r: 9 };

function via(x, y) {
  const r2 = ((2 * x) / panel.width) ** 2 + ((2 * y) / panel.height) ** 2;
  const bulk = 0.72 * (1 + 0.012 * field(x, y) - 0.022 * r2 + 0.004 * heavy());
  const hit = Math.hypot(x - scar.x, y - scar.y) < scar.r;
  const track = 14 * (1 + 0.02 * field(y, -x) + 0.03 * normal()) * (hit ? 0.28 : 1);
  const blank = 686.4 + 2.2 * field(-y, x) + 3 * (y / 255);
  const t = 60;
  const top = 2 * (2 + bulk * t);
  const slope = bulk / Math.sqrt(track ** 2 - bulk ** 2);
  const thickness = blank - 2 * bulk * t;
  const waist = top - thickness * slope - 2 * 0.4 * Math.abs(normal());
  const bottom = top * (1 - 0.006 + 0.002 * normal());
  const [u, v] = [((x + 500) % 50) / 25 - 1, ((y + 500) % 50) / 25 - 1];
  const offset = [
    1.1 * normal() + 1.6 * u * (u * u + v * v) * 0.5,
    1.1 * normal() + 1.6 * v * (u * u + v * v) * 0.5,
  ];
  const tilt = [1.2 * normal(), 1.2 * normal()];
  const far = (k) =>
    Math.hypot(offset[0] + k * tilt[0] * thickness * 1e-3, offset[1] + k * tilt[1] * thickness * 1e-3);
  return {
    D_top: top,
    D_waist: Math.max(waist, 0),
    D_bottom: bottom,
    waist_depth: thickness / 2 + 4 * normal(),
    thickness,
    offset_x: offset[0],
    offset_y: offset[1],
    tilt_x: tilt[0],
    tilt_y: tilt[1],
    position_error: Math.max(far(0), far(1)),
    taper: (Math.atan(slope) * 180) / Math.PI,
  };
}

export const columns = { x: [], y: [], unit: [], group: [], flags: [], local: [] };
export const unitFails = corners.map(() => 0);
export const unitBins = corners.map(() => 0);
corners.forEach(([cx, cy], u) => {
  places.forEach(([px, py, g], k) => {
    const [x, y] = [cx + unit.width / 2 + px, cy + unit.height / 2 + py];
    const v = via(x, y);
    const flags = causes.reduce((bits, c, b) => {
      const value = v[c.column];
      const bad =
        c.name === "closed"
          ? value <= 0
          : c.side === "below"
            ? value < limits[c.name]
            : value > limits[c.name];
      return bits + (bad ? 2 ** b : 0);
    }, 0);
    for (const [name, value] of Object.entries({ x, y, unit: u, group: g, flags, local: k, ...v }))
      (columns[name] ??= []).push(value);
    if (!flags) return;
    unitFails[u]++;
    if (g === 0) unitBins[u] = flags % 4 ? 1 : 2;
    else if (unitFails[u] > 4 && !unitBins[u]) unitBins[u] = 3;
  });
});
export const n = columns.x.length;

/* ---- maps of 5 mm cells */
const cell = 5;
const [nx, ny] = [103, 102];
export function map(values, reduce) {
  const cells = Array.from({ length: nx * ny }, () => []);
  values.forEach((v, k) =>
    cells[Math.floor((columns.y[k] + 255) / cell) * nx + Math.floor((columns.x[k] + 257.5) / cell)].push(v),
  );
  return cells.map((c) => (c.length ? reduce(c) : NaN));
}
export const mean = (c) => c.reduce((a, b) => a + b, 0) / c.length;
export const layer = (name, label, unitName, values, more = {}) => ({
  name,
  label,
  unit: unitName,
  nx,
  ny,
  x0: -257.5,
  y0: -255,
  dx: cell,
  dy: cell,
  data: f32(values),
  ...more,
});

const stat = (values) => {
  const m = mean(values);
  return {
    n: values.length,
    mean: m,
    std: Math.sqrt(values.reduce((s, v) => s + (v - m) ** 2, 0) / (values.length - 1)),
    min: values.reduce((a, b) => Math.min(a, b)),
    max: values.reduce((a, b) => Math.max(a, b)),
  };
};

export function histogram(column, label, unitName, low, step, bins, lower, upper, target) {
  const series = ["all groups", ...groups.map((g) => g.name)].map((name, k) => {
    const values = columns[column].filter((_, i) => k === 0 || columns.group[i] === k - 1);
    const counts = Array(bins).fill(0);
    for (const v of values) counts[Math.min(Math.max(Math.floor((v - low) / step), 0), bins - 1)]++;
    const s = stat(values);
    const cpk = Math.min(
      upper === null ? Infinity : (upper - s.mean) / (3 * s.std),
      lower === null ? Infinity : (s.mean - lower) / (3 * s.std),
    );
    const error = 1.96 * Math.sqrt(1 / (9 * s.n) + cpk ** 2 / (2 * s.n));
    const part = (test) => (1e6 * values.filter(test).length) / s.n;
    return {
      label: name,
      counts,
      lower,
      upper,
      target,
      ...s,
      cpk,
      cpk_low: cpk - error,
      cpk_high: cpk + error,
      ppm_low: lower === null ? null : part((v) => v < lower),
      ppm_high: upper === null ? null : part((v) => v > upper),
    };
  });
  return { type: "histogram", title: `${label}`, column, label, unit: unitName, low, step, series };
}
