/* Makes the data of a report as a real run would write it: a small panel, every type of block, the same every time.
   The numbers only have to look like a run; nothing of them is a claim about a process.
   usage: node fixture.mjs REPORT.json [RESULT.json] */
import { writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { deflateSync } from "node:zlib";

let state = 20240229;
function uniform() {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}
const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());

const arrays = { f32: Float32Array, f64: Float64Array, u16: Uint16Array, i16: Int16Array, u32: Uint32Array, u8: Uint8Array };
const base64 = (array) => deflateSync(Buffer.from(array.buffer)).toString("base64");
const f32 = (values) => base64(Float32Array.from(values));
const packed = (type, values, scale = 1, offset = 0) =>
  ({ type, scale, offset, data: base64(arrays[type].from(values, (v) => (scale === 1 && offset === 0 ? v : Math.round((v - offset) / scale)))) });

/* ---- the unit and its vias */
const unit = { width: 74, height: 74 };
const chiplets = [
  { name: "ASIC", kind: "die", x: 0, y: 0, width: 26, height: 24 },
  ...[-1, 1].flatMap((sx) => [-1, 1].map((sy, k) => ({ name: `HBM ${sx < 0 ? 1 + k : 3 + k}`, kind: "hbm", x: sx * 20, y: sy * 6.5, width: 11, height: 11 }))),
];
const places = [];
for (let i = 0; i < 16; i++) for (let j = 0; j < 15; j++) places.push([-11.25 + 1.5 * i, -10.5 + 1.5 * j, 1]);
for (let i = 0; i < 15; i++) for (let j = 0; j < 14; j++) places.push([-10.5 + 1.5 * i, -9.75 + 1.5 * j, 2]);
for (let ring = 0; ring < 3; ring++) {
  const r = 33 - 2 * ring;
  for (let s = -r; s < r; s += 1.5) places.push([s, r, 0], [r, -s, 0], [-s, -r, 0], [-r, s, 0]);
}
const count = (g) => places.filter((p) => p[2] === g).length;
const groups = [
  { name: "signal_ring", function: "signal", pattern: "ring", count: count(0), diameter: 90, pitch_x: 1500, pitch_y: 2000 },
  { name: "core_power", function: "power", pattern: "rectangular", count: count(1), diameter: 90, pitch_x: 1500, pitch_y: 1500,
    outline: [[-12, -11.2], [12, -11.2], [12, 11.2], [-12, 11.2]] },
  { name: "core_ground", function: "ground", pattern: "staggered", count: count(2), diameter: 90, pitch_x: 1500, pitch_y: 1500 },
];
const limits = { closed: 0, waist_small: 46, top_small: 84, top_large: 96, bottom_small: 84, bottom_large: 96, position: 6.5, taper: 3.6,
  thin: 582, thick: 618 };

/* ---- the panel */
const panel = { shape: "rectangular", width: 515, height: 510, edge_exclusion: 8 };
const pitch = 74.2;
const corners = [];
for (let j = 0; j < 6; j++) for (let i = 0; i < 6; i++) corners.push([(i - 3) * pitch + 0.1, (j - 3) * pitch + 0.1]);

const causes = [
  { name: "closed", column: "D_waist", side: "below", label: "closed: the etch fronts have not met" },
  { name: "waist_small", column: "D_waist", side: "below", label: "D_waist below its limit" },
  { name: "top_small", column: "D_top", side: "below", label: "D_top below its limit" },
  { name: "top_large", column: "D_top", side: "above", label: "D_top above its limit" },
  { name: "bottom_small", column: "D_bottom", side: "below", label: "D_bottom below its limit" },
  { name: "bottom_large", column: "D_bottom", side: "above", label: "D_bottom above its limit" },
  { name: "position", column: "position_error", side: "above", label: "centre too far from the design position" },
  { name: "taper", column: "taper", side: "above", label: "half taper angle above its limit" },
  { name: "thin", column: "thickness", side: "below", label: "core thinner than its tolerance allows" },
  { name: "thick", column: "thickness", side: "above", label: "core thicker than its tolerance allows" },
];

const waves = Array.from({ length: 24 }, () => ({ kx: normal() / 70, ky: normal() / 70, phase: 2 * Math.PI * uniform(), a: normal() / Math.sqrt(12) }));
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
  const offset = [1.1 * normal() + 1.6 * u * (u * u + v * v) * 0.5, 1.1 * normal() + 1.6 * v * (u * u + v * v) * 0.5];
  const tilt = [1.2 * normal(), 1.2 * normal()];
  const far = (k) => Math.hypot(offset[0] + k * tilt[0] * thickness * 1e-3, offset[1] + k * tilt[1] * thickness * 1e-3);
  return { D_top: top, D_waist: Math.max(waist, 0), D_bottom: bottom, waist_depth: thickness / 2 + 4 * normal(), thickness, offset_x: offset[0], offset_y: offset[1],
    tilt_x: tilt[0], tilt_y: tilt[1], position_error: Math.max(far(0), far(1)), taper: (Math.atan(slope) * 180) / Math.PI };
}

const columns = { x: [], y: [], unit: [], group: [], flags: [], local: [] };
const unitFails = corners.map(() => 0);
const unitBins = corners.map(() => 0);
corners.forEach(([cx, cy], u) => {
  places.forEach(([px, py, g], k) => {
    const [x, y] = [cx + unit.width / 2 + px, cy + unit.height / 2 + py];
    const v = via(x, y);
    const flags = causes.reduce((bits, c, b) => {
      const value = v[c.column];
      const bad = c.name === "closed" ? value <= 0 : c.side === "below" ? value < limits[c.name] : value > limits[c.name];
      return bits + (bad ? 2 ** b : 0);
    }, 0);
    for (const [name, value] of Object.entries({ x, y, unit: u, group: g, flags, local: k, ...v })) (columns[name] ??= []).push(value);
    if (!flags) return;
    unitFails[u]++;
    if (g === 0) unitBins[u] = flags % 4 ? 1 : 2;
    else if (unitFails[u] > 4 && !unitBins[u]) unitBins[u] = 3;
  });
});
const n = columns.x.length;

/* ---- maps of 5 mm cells */
const cell = 5;
const [nx, ny] = [103, 102];
function map(values, reduce) {
  const cells = Array.from({ length: nx * ny }, () => []);
  values.forEach((v, k) => cells[Math.floor((columns.y[k] + 255) / cell) * nx + Math.floor((columns.x[k] + 257.5) / cell)].push(v));
  return cells.map((c) => (c.length ? reduce(c) : NaN));
}
const mean = (c) => c.reduce((a, b) => a + b, 0) / c.length;
const layer = (name, label, unitName, values, more = {}) => ({ name, label, unit: unitName, nx, ny, x0: -257.5, y0: -255, dx: cell, dy: cell, data: f32(values), ...more });

const stat = (values) => {
  const m = mean(values);
  return { n: values.length, mean: m, std: Math.sqrt(values.reduce((s, v) => s + (v - m) ** 2, 0) / (values.length - 1)), min: values.reduce((a, b) => Math.min(a, b)), max: values.reduce((a, b) => Math.max(a, b)) };
};

function histogram(column, label, unitName, low, step, bins, lower, upper, target) {
  const series = ["all groups", ...groups.map((g) => g.name)].map((name, k) => {
    const values = columns[column].filter((_, i) => k === 0 || columns.group[i] === k - 1);
    const counts = Array(bins).fill(0);
    for (const v of values) counts[Math.min(Math.max(Math.floor((v - low) / step), 0), bins - 1)]++;
    const s = stat(values);
    const cpk = Math.min(upper === null ? Infinity : (upper - s.mean) / (3 * s.std), lower === null ? Infinity : (s.mean - lower) / (3 * s.std));
    const error = 1.96 * Math.sqrt(1 / (9 * s.n) + cpk ** 2 / (2 * s.n));
    const part = (test) => (1e6 * values.filter(test).length) / s.n;
    return { label: name, counts, lower, upper, target, ...s, cpk, cpk_low: cpk - error, cpk_high: cpk + error,
      ppm_low: lower === null ? null : part((v) => v < lower), ppm_high: upper === null ? null : part((v) => v > upper) };
  });
  return { type: "histogram", title: `${label}`, column, label, unit: unitName, low, step, series };
}

const failed = columns.flags.filter((f) => f).length;
const perCause = causes.map((c, b) => ({ label: c.name, hits: columns.flags.filter((f) => Math.floor(f / 2 ** b) % 2).length })).filter((c) => c.hits).sort((a, b) => b.hits - a.hits);
const rate = (hits) => ({ value: (1e6 * hits) / n, low: (1e6 * Math.max(hits - 1.96 * Math.sqrt(hits), 0)) / n, high: (1e6 * (hits + 1.96 * Math.sqrt(hits) + 1.5)) / n });
const goodUnits = unitBins.filter((b) => b === 0).length;

const scalars = [
  { name: "yield.unit", label: "Unit yield, clustered", value: 86.42, low: 84.7, high: 88.05, unit: "%", method: "quadrature over the random field, importance sampling on the nugget", valid: true, range: "correlation length from 1 mm to 2 panel widths", error: 0.21, stage: "yield" },
  { name: "yield.unit_independent", label: "Unit yield if vias were independent", value: 71.3, low: 70.9, high: 71.7, unit: "%", method: "product over vias of their own fail probability", valid: true, range: "any", error: 1e-6, stage: "yield" },
  { name: "yield.via_fail", label: "Via fail probability", value: failed / n, low: failed / n * 0.82, high: failed / n * 1.21, unit: "", method: "counted over the panel", valid: true, range: "at least 10 failing vias", error: "none beside counting", stage: "yield" },
  { name: "yield.rare", label: "Via fail probability, taper", value: 3.1726e-8, low: 2.61e-8, high: 3.85e-8, unit: "", method: "importance sampling, effective sample size 3 140", valid: true, range: "probability above 1e-10", error: "relative 0.10", stage: "yield" },
  { name: "yield.alpha", label: "Clustering parameter α", value: 0.834, low: 0.61, high: 1.19, unit: "", method: "negative binomial fitted to unit fail counts", valid: false, range: "at least 50 units", error: null, stage: "yield" },
  { name: "panel.vias", label: "Vias on the panel", value: n, unit: "", method: "counted", valid: true, stage: "panel" },
  { name: "panel.utilisation", label: "Panel area used by units", value: (100 * 36 * 74 * 74) / (515 * 510), unit: "%", method: "closed form", valid: true, range: "any", error: 0, stage: "panel" },
  { name: "via.D_top.mean", label: "Mean D_top", value: mean(columns.D_top), unit: "um", method: "mean over all vias", valid: true, range: "any", error: 1e-5, stage: "wet_etching" },
];

const inputs = [
  ["core.glass", "EN-A1", "", "reported", "vendor data sheet"], ["core.thickness", 0.6, "mm", "reported", "conference paper, figure 3"],
  ["package.width", 74, "mm", "reported", "conference paper"], ["package.height", 74, "mm", "reported", "conference paper"],
  ["via_groups.signal_ring.diameter", 90, "um", "reported", "conference paper"], ["via_groups.signal_ring.pitch_x", 1500, "um", "assumed", "not published"],
  ["via_groups.core_power.pitch_x", 1500, "um", "assumed", "not published"], ["wet_etching.track_rate", 14, "um/min", "derived", "from the published taper"],
  ["wet_etching.bulk_rate", 0.72, "um/min", "reported", "process paper, table 2"], ["wet_etching.time", 60, "min", "derived", "from D_top and the bulk rate"],
  ["laser_drilling.track_radius", 2, "um", "reported", "process paper"], ["panel.street", 0.2, "mm", "assumed", "usual value"],
  ["panel.edge_exclusion", 8, "mm", "assumed", "usual value"], ["variation.bulk_rate.field", 1.2, "%", "assumed", "no panel map is public"],
  ["variation.bulk_rate.field_length", 60, "mm", "assumed", "no panel map is public"], ["glass.cte", 3.3, "ppm/K", "reported", "vendor data sheet"],
];

export const report = {
  format: "opentgv-report-1", title: "74 × 74 mm glass-core substrate", subtitle: "3-2-3 build-up on a 0.6 mm core with 90 µm through-glass vias: what a 515 × 510 mm panel will yield, and why",
  generated: "2024-02-29 12:00 UTC", program: "tgv 0.1.0", project: { name: "fixture", file: "examples/fixture/project.yaml", hash: "8c1f0d2ba46e97530f11c2d4e5a6b798", seed: 1 },
  sections: [
    { name: "summary", title: "Summary", blocks: [
      { type: "verdict", status: "warning", headline: `Of ${corners.length} units on a panel, ${goodUnits} are good; position error in the scan-field corners costs the most.`,
        detail: "The unit yield is limited by **position error** of the laser and by one **cluster of closed vias**. Independent vias would give a yield 15 points lower: failures come in clusters. See [where](#maps) and [why](#sensitivity).",
        confidence: "95 %", figures: [
          { name: "yield.unit", label: "Unit yield", value: 86.42, low: 84.7, high: 88.05, unit: "%" }, { label: "Good units per panel", value: 31.1, low: 30.5, high: 31.7, unit: "" },
          { label: "Failing vias", value: (1e6 * failed) / n, low: (1e6 * failed * 0.82) / n, high: (1e6 * failed * 1.21) / n, unit: "ppm" }, { label: "Vias on the panel", value: n, unit: "" }] },
      { type: "text", text: "This is the report of a **test fixture**. Its numbers have the form of a run of `tgv run`, nothing more.\n\nParagraphs are separated by empty lines; links such as [inputs](#inputs) stay in the page." },
      { type: "scalars", title: "Results", confidence: "95 %", items: scalars } ] },
    { name: "package", title: "Package and vias", intro: "The unit as designed. Positions and sizes are to scale; zoom in until single vias can be told apart.", blocks: [
      { type: "package", ...unit, core_thickness: 600, glass: "EN-A1", chiplets, groups, keep_outs: [{ name: "fiducial", shape: "circle", x: -33.5, y: 33.5, width: 2.4 }, { name: "pin 1", shape: "rectangle", x: 33, y: -33.2, width: 3, height: 2 }],
        layers: [{ name: "inner dielectric", side: "both", layers: 2, thickness: 30 }, { name: "outer dielectric", side: "both", layers: 1, thickness: 25 }, { name: "solder resist", side: "both", layers: 1, thickness: 0 }],
        vias: { x: packed("f64", places.map((p) => p[0])), y: packed("f64", places.map((p) => p[1])), group: packed("u8", places.map((p) => p[2])) } } ] },
    { name: "maps", title: "Panel maps", intro: "Click a unit, then a via. The colours are readable with every kind of colour vision; failing vias carry a cross.", blocks: [
      { type: "explorer", panel: { ...panel, units: { x: corners.map((c) => c[0]), y: corners.map((c) => c[1]), rotated: 0, ...unit } },
        unit_layers: [{ name: "bin", label: "Unit result", categories: ["good", "signal via closed or narrow", "signal via misplaced", "too many power or ground vias"], values: unitBins },
          { name: "unit_fail", label: "Failing vias", unit: "", values: f32(unitFails) }],
        maps: [layer("fail_rate", "Via fail rate", "ppm", map(columns.flags.map((f) => (f ? 1e6 : 0)), mean), { scale: "log", low: 1e3, high: 1e6 }),
          layer("D_top", "D_top", "um", map(columns.D_top, mean)), layer("D_waist", "D_waist", "um", map(columns.D_waist, mean)),
          layer("position_error", "Position error", "um", map(columns.position_error, mean)), layer("offset_x", "Offset along x", "um", map(columns.offset_x, mean), { scale: "diverging", centre: 0 }),
          layer("thickness", "Core thickness", "um", map(columns.thickness, mean))],
        groups: groups.map((g) => ({ name: g.name, function: g.function, diameter: g.diameter, limits })), causes,
        vias: { count: n, total: n, complete: true, note: "", columns: [
          ["x", "design position x", "mm", packed("f64", columns.x)], ["y", "design position y", "mm", packed("f64", columns.y)], ["unit", "unit", "", packed("u16", columns.unit)],
          ["group", "via group", "", packed("u8", columns.group)], ["flags", "causes of failure", "", packed("u32", columns.flags)], ["local", "number within the unit", "", packed("u32", columns.local)],
          ["D_top", "diameter at the top face", "um", f32(columns.D_top)], ["D_waist", "diameter at the waist", "um", f32(columns.D_waist)], ["D_bottom", "diameter at the bottom face", "um", packed("u16", columns.D_bottom, 0.01)],
          ["waist_depth", "depth of the waist", "um", packed("u16", columns.waist_depth, 0.02)], ["thickness", "thickness of the core", "um", f32(columns.thickness)], ["taper", "half taper angle", "deg", f32(columns.taper)],
          ["position_error", "distance from the design position", "um", f32(columns.position_error)], ["offset_x", "displacement along x", "um", packed("i16", columns.offset_x, 0.001)], ["offset_y", "displacement along y", "um", packed("i16", columns.offset_y, 0.001)],
          ["tilt_x", "tilt along x", "mrad", packed("i16", columns.tilt_x, 0.001)], ["tilt_y", "tilt along y", "mrad", packed("i16", columns.tilt_y, 0.001)],
        ].map(([name, label, unitName, data]) => ({ name, label, unit: unitName, data })) } } ] },
    { name: "distributions", title: "Distributions", intro: "Every via of the panel. Cpk with its 95 % interval; the dashed line is what the usual Gaussian assumption would predict.", blocks: [
      histogram("D_top", "D_top", "um", 80, 0.2, 100, 84, 96, 90), histogram("D_waist", "D_waist", "um", 0, 1, 90, 46, null, 60), histogram("position_error", "Position error", "um", 0, 0.1, 100, null, 6.5, null) ] },
    { name: "pareto", title: "Yield Pareto", blocks: [
      { type: "bars", title: "By cause", x_label: "Failing vias", unit: "ppm", half: true, items: perCause.map((c) => ({ label: c.label, ...rate(c.hits) })) },
      { type: "bars", title: "By step", x_label: "Yield lost", unit: "%", half: true, items: [{ label: "laser drilling", value: 7.4, low: 6.1, high: 8.8 }, { label: "wet etching", value: 3.9, low: 3.1, high: 4.9 }, { label: "glass blank", value: 1.2, low: 0.8, high: 1.7 }, { label: "defects", value: 0.41, low: 0.22, high: 0.7 }] },
      { type: "bars", title: "By cause, logarithmic", x_label: "Via fail probability", unit: "", log: true, items: [{ label: "position", value: 3.1e-4, low: 2.5e-4, high: 3.9e-4 }, { label: "closed", value: 8.2e-6, low: 4e-6, high: 1.6e-5 }, { label: "taper", value: 3.2e-8, low: 2.6e-8, high: 3.9e-8 }, { label: "merged", value: 0, low: 0, high: 1e-9 }] } ] },
    { name: "sensitivity", title: "Sensitivity", intro: "Which input's spread costs units.", blocks: [
      { type: "bars", title: "Sobol indices of the unit yield", x_label: "Share of the variance", unit: "", items: [["laser_drilling.offset_x", 0.41, 0.46], ["wet_etching.track_rate", 0.22, 0.31], ["wet_etching.bulk_rate", 0.11, 0.19], ["glass_blank.thickness", 0.02, 0.05]]
        .flatMap(([label, first, total]) => [{ label, value: first, low: first - 0.03, high: first + 0.03, group: "first order" }, { label, value: total, low: total - 0.04, high: total + 0.04, group: "total" }]) },
      { type: "lines", title: "Unit yield over the position limit", x: { label: "Position limit", unit: "um" }, y: { label: "Unit yield", unit: "%" }, series: [["clustered", 1], ["independent vias", 1.7]].map(([label, k]) => {
        const x = Array.from({ length: 17 }, (_, i) => 4 + 0.375 * i);
        const y = x.map((v) => 100 * Math.exp(-40 * k * Math.exp(-0.9 * (v - 2.5))));
        return { label, x, y, low: y.map((v) => Math.max(v - 3 * (1 - v / 110), 0)), high: y.map((v) => Math.min(v + 3 * (1 - v / 110), 100)) };
      }) },
      { type: "lines", title: "Fail probability over etch time", half: false, x: { label: "Etch time", unit: "min" }, y: { label: "Via fail probability", unit: "", log: true }, series: ["closed", "top_large", "taper"].map((label, k) => ({ label, x: Array.from({ length: 60 }, (_, i) => 50 + i / 3), y: Array.from({ length: 60 }, (_, i) => Math.min(1, 10 ** (k === 0 ? -0.35 * i / 3 : k === 1 ? -9 + 0.42 * i / 3 : -4.2 + 0.02 * i))) })) } ] },
    { name: "inputs", title: "Inputs", blocks: [
      { type: "table", title: "All inputs", note: "Assumed values are stated by nobody in public; they are marked wherever they matter.", columns: [{ label: "Key", kind: "code" }, { label: "Value", kind: "number" }, { label: "Unit", kind: "unit" }, { label: "Class", kind: "class" }, { label: "Source", kind: "text" }], rows: inputs },
      { type: "table", title: "Worst vias", columns: [{ label: "Via", kind: "number" }, { label: "D_top", unit: "um", kind: "number" }, { label: "D_waist", unit: "um", kind: "number" }, { label: "Position error", unit: "um", kind: "number" }],
        rows: columns.position_error.map((v, i) => [i, v]).sort((a, b) => b[1] - a[1]).slice(0, 250).map(([i]) => [i, columns.D_top[i], columns.D_waist[i], columns.position_error[i]]) } ] },
    { name: "validation", title: "Validation", intro: "Every comparison is with something the program does not use itself.", blocks: [
      { type: "validation", rows: [["etch of one track", "D_top", 90.3976, 90.4, "um", 0.005, "closed form", "textbook"], ["etch of one track", "D_waist", 59.47, 59.52, "um", 0.1, "closed form", "textbook"], ["units per panel, 74 mm", "units", 36, 36, "", 0, "published count", "panel vendor table"], ["Sobol g-function", "first-order index of x1", 0.6951, 0.7, "", 0.01, "closed form", "Saltelli 2008"], ["tail of a normal at 6 sigma", "probability", 9.93e-10, 9.866e-10, "", 2e-11, "closed form", "error function"]]
        .map(([c, quantity, ours, theirs, u, tolerance, kind, source]) => ({ case: c, quantity, ours, theirs, unit: u, difference: ours - theirs, tolerance, kind, source })) },
      { type: "hologram", title: "A block of the future" } ] },
  ],
};

if (process.argv[2] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  writeFileSync(process.argv[2], JSON.stringify(report));
  if (process.argv[3]) writeFileSync(process.argv[3], JSON.stringify({ scalars: scalars.map(({ name, value, low, high, unit: u }) => ({ name, value, low, high, unit: u })) }));
}
