/* Process windows as `tgv sweep` writes them: a map over three keys with fill regimes, a curve over one key. */
import { deflateSync } from "node:zlib";

const f32 = (values) => deflateSync(Buffer.from(Float32Array.from(values).buffer)).toString("base64");
const even = (low, high, n) => Array.from({ length: n }, (_, i) => low + ((high - low) * i) / (n - 1));
const ratios = (low, high, n) => Array.from({ length: n }, (_, i) => low * (high / low) ** (i / (n - 1)));

const current = ratios(0.2, 3, 15);
const aspect = even(3, 20, 9);
const leveler = [10, 20, 40];
const grid = leveler.flatMap((l) => aspect.flatMap((a) => current.map((i) => ({ l, a, i }))));
const words = ["passive", "arrested", "filled", "void", "pinched", "butterfly"];

/* where a via goes: only to have every regime on the picture */
const regime = ({ l, a, i }) => {
  const x = i * Math.sqrt(a / 8) * (20 / l) ** 0.3;
  return x < 0.4 ? 0 : x < 0.7 ? 1 : x < 1.3 ? 5 : x < 2 ? 2 : x < 3 ? 3 : 4;
};
const failing = (p) => 100 / (1 + Math.exp(-6 * (p.i * Math.sqrt(p.a / 8) - 2)));
const interval = (values) => ({
  value: f32(values),
  low: f32(values.map((v) => Math.max(0, v - 1 - v / 50))),
  high: f32(values.map((v) => Math.min(100, v + 0.4 + (100 - v) / 50))),
});
const spread = (values, by) => ({
  nominal: f32(values),
  mean: f32(values.map((v) => v * 1.001)),
  q05: f32(values.map((v) => v - by)),
  median: f32(values),
  q95: f32(values.map((v) => v + by)),
});

export const mapOfWindow = {
  type: "window",
  title: "Process window of copper plating",
  axes: [
    { name: "copper_plating.current_density", unit: "A/dm2", log: true, here: 1, values: current },
    { name: "via.aspect_ratio", unit: "", log: false, here: 6.67, values: aspect },
    { name: "copper_plating.additive", unit: "umol/L", log: false, values: leveler },
  ],
  first: "fill_regime",
  best: 4,
  vias: 1024,
  quantities: [
    { name: "fail", label: "vias that fail", unit: "%", kind: "probability", values: interval(grid.map(failing)) },
    {
      name: "voids",
      label: "vias with a void",
      unit: "%",
      kind: "probability",
      values: interval(grid.map((p) => failing(p) / 2)),
    },
    {
      name: "fill_regime",
      label: "how the via fills",
      unit: "",
      kind: "category",
      categories: words,
      values: { nominal: f32(grid.map(regime)), most: f32(grid.map(regime)) },
    },
    ...words.map((word, k) => ({
      name: `regime.${word}`,
      label: word,
      unit: "%",
      kind: "regime",
      values: { value: f32(grid.map((p) => (regime(p) === k ? 90 : 2))) },
    })),
    {
      name: "cause.void",
      label: "void trapped in the copper",
      unit: "%",
      kind: "cause",
      values: { value: f32(grid.map((p) => failing(p) / 2)) },
    },
    {
      name: "fill_time",
      label: "time at which the copper stops growing in the via",
      unit: "min",
      kind: "column",
      values: spread(
        grid.map((p) => 300 / p.i),
        2,
      ),
    },
    {
      name: "outside",
      label: "vias outside the range of a model",
      unit: "%",
      kind: "doubt",
      values: { value: f32(grid.map(() => 0)) },
    },
  ],
};

const times = even(60, 120, 21);
export const curve = {
  type: "window",
  title: "Etch time",
  axes: [{ name: "wet_etching.time", unit: "min", log: false, here: 90, values: times }],
  first: "D_waist",
  best: 10,
  vias: 1024,
  quantities: [
    {
      name: "fail",
      label: "vias that fail",
      unit: "%",
      kind: "probability",
      values: interval(times.map((t) => Math.min(100, ((t - 90) / 3) ** 2))),
    },
    {
      name: "D_waist",
      label: "diameter at the waist",
      unit: "um",
      kind: "column",
      values: spread(
        times.map((t) => t - 30),
        1.5,
      ),
    },
  ],
};
