/* Blocks of the sections on single steps: maps side by side, cross-sections with the seed layer. */
const place = (nx, ny) => Array.from({ length: nx * ny }, (_, k) => [(k % nx) / (nx - 1) - 0.5, Math.floor(k / nx) / (ny - 1) - 0.5]);
const map = (name, label, unit, of) => ({
  name,
  label,
  unit,
  nx: 20,
  ny: 20,
  x0: -200,
  y0: -200,
  dx: 20,
  dy: 20,
  data: place(20, 20).map(([x, y]) => (Math.hypot(x, y) > 0.62 ? null : of(x, y))),
});

export const panelMaps = {
  type: "maps",
  title: "Over the panel",
  panel: { shape: "rectangular", width: 510, height: 515 },
  maps: [
    map("current_density", "Plating current density", "A/dm2", (x, y) => 1 + x * x + y * y),
    map("copper_left", "Copper left", "um", (x, y) => x - y),
  ],
};

const z = Array.from({ length: 21 }, (_, i) => 30 * i);
const group = (name, f, top, waist, seed) => ({
  name,
  function: f,
  z,
  D: z.map((d) => waist + (top - waist) * Math.abs(d / 300 - 1)),
  values: { D_top: top, D_waist: waist, D_bottom: top, waist_depth: 300, thickness: 600 },
  ...(seed ? { seed: { z, thickness: z.map((d) => 400 * Math.exp(-Math.min(d, 600 - d) / 90) + 20) } } : {}),
});

export const crossSections = {
  type: "profiles",
  title: "Cross-sections to scale",
  groups: [
    group("power", "power", 90, 60, true),
    group("ground", "ground", 90, 60, true),
    group("signal", "signal", 60, 0, false),
  ],
};
