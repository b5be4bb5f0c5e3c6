/* The layers of the substrate from the side. Thicknesses are to scale but for a least height that can be read. */

import { figure } from "../chart";
import { s } from "../dom";
import { formatNumber } from "../number";

export interface StackLayer {
  name: string;
  side?: "top" | "bottom" | "both";
  layers?: number;
  /** Of one layer, um; 0 if unknown. */
  thickness?: number;
}

interface Slab {
  label: string;
  text: string;
  thickness: number;
  known: boolean;
  kind: "build-up" | "core";
}

const least = 9;

function slabs(layers: StackLayer[], side: "top" | "bottom"): Slab[] {
  const own = layers.filter((l) => !l.side || l.side === "both" || l.side === side);
  const out = own.flatMap((l) =>
    Array.from(
      { length: Math.max(l.layers ?? 1, 1) },
      (_, i): Slab => ({
        kind: "build-up",
        label: i === 0 ? `${(l.layers ?? 1) > 1 ? `${l.layers} × ` : ""}${l.name}` : "",
        thickness: l.thickness ?? 0,
        known: (l.thickness ?? 0) > 0,
        text:
          i === 0 ? ((l.thickness ?? 0) > 0 ? `${formatNumber(l.thickness)} µm` : "thickness not given") : "",
      }),
    ),
  );
  return side === "top" ? out.reverse() : out;
}

/** Heights in pixels: to scale, but none below `least`. */
function heights(all: Slab[]): { px: number[]; exact: boolean } {
  const total = all.reduce((n, v) => n + v.thickness, 0) || 1;
  const scale = 190 / total;
  const px = all.map((v) => (v.known ? Math.max(v.thickness * scale, least) : least + 2));
  return { px, exact: all.every((v, i) => v.known && Math.abs(px[i]! - v.thickness * scale) < 0.5) };
}

/** Outlines of a few hourglass vias through the core. */
function vias(y: number, h: number, x0: number, x1: number): string {
  const n = 4;
  return Array.from({ length: n }, (_, i) => {
    const x = x0 + ((i + 0.5) * (x1 - x0)) / n;
    const [r, w] = [6, 3.8];
    return `M${x - r} ${y}L${x - w} ${y + h / 2}L${x - r} ${y + h}H${x + r}L${x + w} ${y + h / 2}L${x + r} ${y}Z`;
  }).join("");
}

export function stackFigure(
  layers: StackLayer[],
  core: number | undefined,
  glass: string | undefined,
): HTMLElement {
  const glassCore: Slab = {
    kind: "core",
    label: glass ? `glass core, ${glass}` : "glass core",
    thickness: core ?? 0,
    known: (core ?? 0) > 0,
    text: core ? `${formatNumber(core)} µm` : "thickness not given",
  };
  const all = [...slabs(layers, "top"), glassCore, ...slabs(layers, "bottom")];
  const { px, exact } = heights(all);
  const [x0, x1, width] = [4, 150, 340];
  let y = 10;
  let lastText = -100;
  const parts = all.flatMap((v, i) => {
    const h = px[i]!;
    const top = y;
    y += h;
    const nodes: SVGElement[] = [
      s("rect", {
        class: `slab ${v.kind} ${v.known ? "" : "unknown"}`,
        x: x0,
        y: top,
        width: x1 - x0,
        height: h,
      }),
    ];
    if (v.kind === "core") nodes.push(s("path", { class: "slab-via", d: vias(top, h, x0, x1) }));
    if (v.label) {
      const at = Math.max(v.kind === "core" ? top + h / 2 : top + Math.min(h, least) / 2, lastText + 30);
      lastText = at;
      nodes.push(
        s("path", {
          class: "leader",
          d: `M${x1} ${top + Math.min(h / 2, v.kind === "core" ? h / 2 : 6)}L${x1 + 10} ${at}H${x1 + 14}`,
        }),
        s(
          "text",
          { x: x1 + 19, y: at },
          s("tspan", { x: x1 + 19, dy: -2 }, v.label),
          s("tspan", { class: "sub", x: x1 + 19, dy: 14 }, v.text),
        ),
      );
    }
    return nodes;
  });
  const f = figure(
    "Layer stack",
    exact ? "Thicknesses to scale." : "Thin layers are drawn thicker than to scale.",
  );
  const height = Math.max(y, lastText + 18) + 8;
  f.body.append(
    s(
      "svg",
      {
        class: "stack",
        viewBox: `0 0 ${width} ${height}`,
        role: "img",
        "aria-label": `Layer stack: ${all
          .filter((v) => v.label)
          .map((v) => `${v.label} ${v.text}`)
          .join("; ")}`,
      },
      ...parts,
    ),
  );
  return f.root;
}
