/* Makes the data of a report as a real run would write it: a small panel, every type of block, the same every time.
   The numbers only have to look like a run; nothing of them is a claim about a process.
   usage: node fixture.mjs REPORT.json [RESULT.json] */
import { writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

import { crossSections, panelMaps } from "./fixture_step.mjs";
import { curve, mapOfWindow } from "./fixture_window.mjs";
import { fillings } from "./fixture_filling.mjs";
import { failed, perCause, rate, goodUnits, scalars, inputs } from "./fixture_numbers.mjs";
import {
  f32,
  packed,
  unit,
  chiplets,
  groups,
  limits,
  places,
  panel,
  corners,
  causes,
  columns,
  unitFails,
  unitBins,
  n,
  map,
  mean,
  layer,
  histogram,
} from "./fixture_panel.mjs";

export const report = {
  format: "opentgv-report-1",
  title: "74 × 74 mm glass-core substrate",
  subtitle:
    "3-2-3 build-up on a 0.6 mm core with 90 µm through-glass vias: what a 515 × 510 mm panel will yield, and why",
  generated: "2024-02-29 12:00 UTC",
  program: "tgv 0.1.0",
  project: {
    name: "fixture",
    file: "examples/fixture/project.yaml",
    hash: "8c1f0d2ba46e97530f11c2d4e5a6b798",
    seed: 1,
  },
  sections: [
    {
      name: "summary",
      title: "Summary",
      blocks: [
        {
          type: "verdict",
          status: "warning",
          headline: `Of ${corners.length} units on a panel, ${goodUnits} are good; position error in the scan-field corners costs the most.`,
          detail:
            "The unit yield is limited by **position error** of the laser and by one **cluster of closed vias**. Independent vias would give a yield 15 points lower: failures come in clusters. See [where](#maps) and [why](#sensitivity).",
          confidence: "95 %",
          figures: [
            { name: "yield.unit", label: "Unit yield", value: 86.42, low: 84.7, high: 88.05, unit: "%" },
            { label: "Good units per panel", value: 31.1, low: 30.5, high: 31.7, unit: "" },
            {
              label: "Failing vias",
              value: (1e6 * failed) / n,
              low: (1e6 * failed * 0.82) / n,
              high: (1e6 * failed * 1.21) / n,
              unit: "ppm",
            },
            { label: "Vias on the panel", value: n, unit: "" },
          ],
        },
        {
          type: "text",
          text: "This is the report of a **test fixture**. Its numbers have the form of a run of `tgv run`, nothing more.\n\nParagraphs are separated by empty lines; links such as [inputs](#inputs) stay in the page.",
        },
        { type: "scalars", title: "Results", confidence: "95 %", items: scalars },
      ],
    },
    {
      name: "package",
      title: "Package and vias",
      intro:
        "The unit as designed. Positions and sizes are to scale; zoom in until single vias can be told apart.",
      blocks: [
        {
          type: "package",
          ...unit,
          core_thickness: 600,
          glass: "EN-A1",
          chiplets,
          groups,
          keep_outs: [
            { name: "fiducial", shape: "circle", x: -33.5, y: 33.5, width: 2.4 },
            { name: "pin 1", shape: "rectangle", x: 33, y: -33.2, width: 3, height: 2 },
          ],
          layers: [
            { name: "inner dielectric", side: "both", layers: 2, thickness: 30 },
            { name: "outer dielectric", side: "both", layers: 1, thickness: 25 },
            { name: "solder resist", side: "both", layers: 1, thickness: 0 },
          ],
          vias: {
            x: packed(
              "f64",
              places.map((p) => p[0]),
            ),
            y: packed(
              "f64",
              places.map((p) => p[1]),
            ),
            group: packed(
              "u8",
              places.map((p) => p[2]),
            ),
          },
        },
      ],
    },
    {
      name: "maps",
      title: "Panel maps",
      intro:
        "Click a unit, then a via. The colours are readable with every kind of colour vision; failing vias carry a cross.",
      blocks: [
        {
          type: "explorer",
          panel: {
            ...panel,
            units: { x: corners.map((c) => c[0]), y: corners.map((c) => c[1]), rotated: 0, ...unit },
          },
          unit_layers: [
            {
              name: "bin",
              label: "Unit result",
              categories: [
                "good",
                "signal via closed or narrow",
                "signal via misplaced",
                "too many power or ground vias",
              ],
              values: unitBins,
            },
            { name: "unit_fail", label: "Failing vias", unit: "", values: f32(unitFails) },
          ],
          maps: [
            layer(
              "fail_rate",
              "Via fail rate",
              "ppm",
              map(
                columns.flags.map((f) => (f ? 1e6 : 0)),
                mean,
              ),
              { scale: "log", low: 1e3, high: 1e6 },
            ),
            layer("D_top", "D_top", "um", map(columns.D_top, mean)),
            layer("D_waist", "D_waist", "um", map(columns.D_waist, mean)),
            layer("position_error", "Position error", "um", map(columns.position_error, mean)),
            layer("offset_x", "Offset along x", "um", map(columns.offset_x, mean), {
              scale: "diverging",
              centre: 0,
            }),
            layer("thickness", "Core thickness", "um", map(columns.thickness, mean)),
          ],
          groups: groups.map((g) => ({ name: g.name, function: g.function, diameter: g.diameter, limits })),
          causes,
          vias: {
            count: n,
            total: n,
            complete: true,
            note: "",
            columns: [
              ["x", "design position x", "mm", packed("f64", columns.x)],
              ["y", "design position y", "mm", packed("f64", columns.y)],
              ["unit", "unit", "", packed("u16", columns.unit)],
              ["group", "via group", "", packed("u8", columns.group)],
              ["flags", "causes of failure", "", packed("u32", columns.flags)],
              ["local", "number within the unit", "", packed("u32", columns.local)],
              ["D_top", "diameter at the top face", "um", f32(columns.D_top)],
              ["D_waist", "diameter at the waist", "um", f32(columns.D_waist)],
              ["D_bottom", "diameter at the bottom face", "um", packed("u16", columns.D_bottom, 0.01)],
              ["waist_depth", "depth of the waist", "um", packed("u16", columns.waist_depth, 0.02)],
              ["thickness", "thickness of the core", "um", f32(columns.thickness)],
              ["taper", "half taper angle", "deg", f32(columns.taper)],
              ["position_error", "distance from the design position", "um", f32(columns.position_error)],
              ["offset_x", "displacement along x", "um", packed("i16", columns.offset_x, 0.001)],
              ["offset_y", "displacement along y", "um", packed("i16", columns.offset_y, 0.001)],
              ["tilt_x", "tilt along x", "mrad", packed("i16", columns.tilt_x, 0.001)],
              ["tilt_y", "tilt along y", "mrad", packed("i16", columns.tilt_y, 0.001)],
            ].map(([name, label, unitName, data]) => ({ name, label, unit: unitName, data })),
          },
        },
      ],
    },
    {
      name: "distributions",
      title: "Distributions",
      intro:
        "Every via of the panel. Cpk with its 95 % interval; the dashed line is what the usual Gaussian assumption would predict.",
      blocks: [
        histogram("D_top", "D_top", "um", 80, 0.2, 100, 84, 96, 90),
        histogram("D_waist", "D_waist", "um", 0, 1, 90, 46, null, 60),
        histogram("position_error", "Position error", "um", 0, 0.1, 100, null, 6.5, null),
      ],
    },
    {
      name: "pareto",
      title: "Yield Pareto",
      blocks: [
        {
          type: "bars",
          title: "By cause",
          x_label: "Failing vias",
          unit: "ppm",
          half: true,
          items: perCause.map((c) => ({ label: c.label, ...rate(c.hits) })),
        },
        {
          type: "bars",
          title: "By step",
          x_label: "Yield lost",
          unit: "%",
          half: true,
          items: [
            { label: "laser drilling", value: 7.4, low: 6.1, high: 8.8 },
            { label: "wet etching", value: 3.9, low: 3.1, high: 4.9 },
            { label: "glass blank", value: 1.2, low: 0.8, high: 1.7 },
            { label: "defects", value: 0.41, low: 0.22, high: 0.7 },
          ],
        },
        {
          type: "bars",
          title: "By cause, logarithmic",
          x_label: "Via fail probability",
          unit: "",
          log: true,
          items: [
            { label: "position", value: 3.1e-4, low: 2.5e-4, high: 3.9e-4 },
            { label: "closed", value: 8.2e-6, low: 4e-6, high: 1.6e-5 },
            { label: "taper", value: 3.2e-8, low: 2.6e-8, high: 3.9e-8 },
            { label: "merged", value: 0, low: 0, high: 1e-9 },
          ],
        },
      ],
    },
    {
      name: "sensitivity",
      title: "Sensitivity",
      intro: "Which input's spread costs units.",
      blocks: [
        {
          type: "bars",
          title: "Sobol indices of the unit yield",
          x_label: "Share of the variance",
          unit: "",
          items: [
            ["laser_drilling.offset_x", 0.41, 0.46],
            ["wet_etching.track_rate", 0.22, 0.31],
            ["wet_etching.bulk_rate", 0.11, 0.19],
            ["glass_blank.thickness", 0.02, 0.05],
          ].flatMap(([label, first, total]) => [
            { label, value: first, low: first - 0.03, high: first + 0.03, group: "first order" },
            { label, value: total, low: total - 0.04, high: total + 0.04, group: "total" },
          ]),
        },
        {
          type: "lines",
          title: "Unit yield over the position limit",
          x: { label: "Position limit", unit: "um" },
          y: { label: "Unit yield", unit: "%" },
          series: [
            ["clustered", 1],
            ["independent vias", 1.7],
          ].map(([label, k]) => {
            const x = Array.from({ length: 17 }, (_, i) => 4 + 0.375 * i);
            const y = x.map((v) => 100 * Math.exp(-40 * k * Math.exp(-0.9 * (v - 2.5))));
            return {
              label,
              x,
              y,
              low: y.map((v) => Math.max(v - 3 * (1 - v / 110), 0)),
              high: y.map((v) => Math.min(v + 3 * (1 - v / 110), 100)),
            };
          }),
        },
        {
          type: "lines",
          title: "Fail probability over etch time",
          half: false,
          x: { label: "Etch time", unit: "min" },
          y: { label: "Via fail probability", unit: "", log: true },
          series: ["closed", "top_large", "taper"].map((label, k) => ({
            label,
            x: Array.from({ length: 60 }, (_, i) => 50 + i / 3),
            y: Array.from({ length: 60 }, (_, i) =>
              Math.min(
                1,
                10 ** (k === 0 ? (-0.35 * i) / 3 : k === 1 ? -9 + (0.42 * i) / 3 : -4.2 + 0.02 * i),
              ),
            ),
          })),
        },
      ],
    },
    { name: "window", title: "Process window", blocks: [mapOfWindow, curve] },
    { name: "filling", title: "Copper fill", blocks: [fillings, panelMaps, crossSections] },
    {
      name: "inputs",
      title: "Inputs",
      blocks: [
        {
          type: "table",
          title: "All inputs",
          note: "Assumed values are stated by nobody in public; they are marked wherever they matter.",
          columns: [
            { label: "Key", kind: "code" },
            { label: "Value", kind: "number" },
            { label: "Unit", kind: "unit" },
            { label: "Class", kind: "class" },
            { label: "Source", kind: "text" },
          ],
          rows: inputs,
        },
        {
          type: "table",
          title: "Worst vias",
          columns: [
            { label: "Via", kind: "number" },
            { label: "D_top", unit: "um", kind: "number" },
            { label: "D_waist", unit: "um", kind: "number" },
            { label: "Position error", unit: "um", kind: "number" },
          ],
          rows: columns.position_error
            .map((v, i) => [i, v])
            .sort((a, b) => b[1] - a[1])
            .slice(0, 250)
            .map(([i]) => [i, columns.D_top[i], columns.D_waist[i], columns.position_error[i]]),
        },
      ],
    },
    {
      name: "validation",
      title: "Validation",
      intro: "Every comparison is with something the program does not use itself.",
      blocks: [
        {
          type: "validation",
          rows: [
            ["etch of one track", "D_top", 90.3976, 90.4, "um", 0.005, "closed form", "textbook"],
            ["etch of one track", "D_waist", 59.47, 59.52, "um", 0.1, "closed form", "textbook"],
            ["units per panel, 74 mm", "units", 36, 36, "", 0, "published count", "panel vendor table"],
            [
              "Sobol g-function",
              "first-order index of x1",
              0.6951,
              0.7,
              "",
              0.01,
              "closed form",
              "Saltelli 2008",
            ],
            [
              "tail of a normal at 6 sigma",
              "probability",
              9.93e-10,
              9.866e-10,
              "",
              2e-11,
              "closed form",
              "error function",
            ],
          ].map(([c, quantity, ours, theirs, u, tolerance, kind, source]) => ({
            case: c,
            quantity,
            ours,
            theirs,
            unit: u,
            difference: ours - theirs,
            tolerance,
            kind,
            source,
          })),
        },
        { type: "hologram", title: "A block of the future" },
      ],
    },
  ],
};

if (process.argv[2] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  writeFileSync(process.argv[2], JSON.stringify(report));
  if (process.argv[3])
    writeFileSync(
      process.argv[3],
      JSON.stringify({
        scalars: scalars.map(({ name, value, low, high, unit: u }) => ({ name, value, low, high, unit: u })),
      }),
    );
}
