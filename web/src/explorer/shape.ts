/* The shape of one via, and its cross-section along x as a drawing with dimensions. */

import { s } from "../dom";
import { formatNumber } from "../number";
import { causesOf, valueOf, type Model } from "./model";
import { angle } from "./draw";

/** Lengths in um, angles in rad, depths from the top face. */
export interface Shape {
  top: number;
  waist: number;
  bottom: number;
  depth: number;
  thickness: number;
  offset: [number, number];
  tilt: [number, number];
  closed: boolean;
  /** Where the upper and the lower opening end; both are the waist unless the via is closed. */
  upperEnd: number;
  lowerEnd: number;
}

/** Null if the data lacks what a section needs. */
export function shapeOf(m: Model, via: number): Shape | null {
  const get = (name: string): number => valueOf(m, name, via);
  const [top, bottom, thickness] = [get("D_top"), get("D_bottom"), get("thickness")];
  const waist = Math.max(get("D_waist"), 0);
  if (!(top > 0) || !(thickness > 0) || !(bottom >= 0) || !Number.isFinite(waist)) return null;
  const given = get("waist_depth");
  const depth = given > 0 && given < thickness ? given : thickness / 2;
  const closed = causesOf(m, via).some((c) => c.name === "closed") || waist === 0;
  const taper = angle(m, "taper", via);
  const reach = (d: number): number => (taper > 0 ? d / 2 / Math.tan(taper) : Infinity);
  return {
    top,
    waist: closed ? 0 : waist,
    bottom,
    depth,
    thickness,
    closed,
    offset: [get("offset_x") || 0, get("offset_y") || 0],
    tilt: [angle(m, "tilt_x", via), angle(m, "tilt_y", via)],
    upperEnd: closed ? Math.min(depth, reach(top)) : depth,
    lowerEnd: closed ? Math.max(depth, thickness - reach(bottom)) : depth,
  };
}

/** Radius at a depth; null in the glass that a closed via has left. */
export function radiusAt(v: Shape, depth: number): number | null {
  if (depth <= v.upperEnd) return (v.top + (v.waist - v.top) * (v.upperEnd > 0 ? depth / v.upperEnd : 0)) / 2;
  if (depth < v.lowerEnd) return null;
  const below = v.thickness - v.lowerEnd;
  return (v.waist + (v.bottom - v.waist) * (below > 0 ? (depth - v.lowerEnd) / below : 1)) / 2;
}

/** Sideways stretch of very slender vias, so that their shape can be seen; 1 for most. */
export function stretchOf(v: Shape): number {
  const k = (0.16 * v.thickness) / Math.max(v.top, v.bottom);
  return k <= 1.2 ? 1 : k < 10 ? Math.round(k * 2) / 2 : Math.round(k);
}

/** Displacement of the axis at a depth from the design position, um. */
export function axisAt(v: Shape, depth: number): [number, number] {
  return [v.offset[0] + Math.tan(v.tilt[0]) * depth, v.offset[1] + Math.tan(v.tilt[1]) * depth];
}

export const micrometres = (v: number): string => `${formatNumber(v, v >= 100 ? 4 : 3)} µm`;

/** Text of a dimension; a line break starts a second line. */
export function dimensionText(x: number, y: number, anchor: string, text: string): SVGElement {
  const parts = text.split("\n");
  return s(
    "text",
    { x, y: y - (parts.length - 1) * 7.5, "text-anchor": anchor, "dominant-baseline": "middle" },
    ...parts.map((part, i) => s("tspan", { x, dy: i ? 15 : 0 }, part)),
  );
}

/** A dimension line with end marks and its text. */
function dimension(
  x0: number,
  y0: number,
  x1: number,
  y1: number,
  text: string,
  at: [number, number],
  anchor: string,
): SVGElement {
  const vertical = Math.abs(x1 - x0) < Math.abs(y1 - y0);
  const mark = vertical ? "h8" : "v8";
  const ends = [
    [x0, y0],
    [x1, y1],
  ]
    .map(([x, y]) => `M${x! - (vertical ? 4 : 0)} ${y! - (vertical ? 0 : 4)}${mark}`)
    .join("");
  return s(
    "g",
    { class: "dimension" },
    s("path", { d: `M${x0} ${y0}L${x1} ${y1}${ends}` }),
    dimensionText(at[0], at[1], anchor, text),
  );
}

interface Drawing {
  x(um: number): number;
  y(um: number): number;
  left: number;
  right: number;
}

const size = { width: 400, height: 430, top: 62, bottom: 62 };

function layout(v: Shape): Drawing {
  const k = stretchOf(v);
  const down = (size.height - size.top - size.bottom) / v.thickness;
  const across = down * k;
  const half = Math.min(Math.max(v.top, v.bottom) * 1.25 * across, 110);
  const middle = size.width / 2;
  return {
    x: (um) => middle + um * across,
    y: (um) => size.top + um * down,
    left: middle - half,
    right: middle + half,
  };
}

function outlinePath(v: Shape, d: Drawing, side: 1 | -1): string {
  const at = (depth: number): string => {
    const r = radiusAt(v, depth) ?? 0;
    return `${d.x(axisAt(v, depth)[0] + side * r)} ${d.y(depth)}`;
  };
  return [0, v.upperEnd, v.lowerEnd, v.thickness].map((z, i) => `${i ? "L" : "M"}${at(z)}`).join("");
}

/** The cross-section as SVG: screen without WebGL, and paper. */
export function drawSection(v: Shape): SVGElement {
  const d = layout(v);
  const glass = ([-1, 1] as const).map((side) => {
    const edge = side < 0 ? d.left : d.right;
    return s("path", {
      class: "section-glass",
      d: `${outlinePath(v, d, side)}L${edge} ${d.y(v.thickness)}L${edge} ${d.y(0)}Z`,
    });
  });
  const walls = ([-1, 1] as const).map((side) =>
    s("path", { class: "section-wall", d: outlinePath(v, d, side) }),
  );
  const [bottomX] = axisAt(v, v.thickness);
  const [top, end] = [size.top - 26, size.height - size.bottom + 26];
  const span = (depth: number, r: number): [number, number] => [
    d.x(axisAt(v, depth)[0] - r),
    d.x(axisAt(v, depth)[0] + r),
  ];
  const [t0, t1] = span(0, v.top / 2);
  const [b0, b1] = span(v.thickness, v.bottom / 2);
  const [w0, w1] = span(v.depth, v.waist / 2);
  const k = stretchOf(v);
  return s(
    "svg",
    {
      class: "section",
      viewBox: `0 0 ${size.width} ${size.height}`,
      role: "img",
      "aria-label": `Cross-section: D_top ${micrometres(v.top)}, D_waist ${micrometres(v.waist)}, D_bottom ${micrometres(v.bottom)}, thickness ${micrometres(v.thickness)}`,
    },
    ...glass,
    ...walls,
    s("path", {
      class: "section-face",
      d: `M${d.left} ${d.y(0)}H${t0}M${t1} ${d.y(0)}H${d.right}M${d.left} ${d.y(v.thickness)}H${b0}M${b1} ${d.y(v.thickness)}H${d.right}`,
    }),
    s("path", { class: "section-design", d: `M${d.x(0)} ${top - 8}V${end + 8}` }),
    s("path", {
      class: "section-axis",
      d: `M${d.x(v.offset[0])} ${d.y(0)}L${d.x(bottomX)} ${d.y(v.thickness)}`,
    }),
    dimension(
      t0,
      size.top - 18,
      t1,
      size.top - 18,
      `D_top ${micrometres(v.top)}`,
      [(t0 + t1) / 2, size.top - 36],
      "middle",
    ),
    dimension(
      b0,
      size.height - size.bottom + 18,
      b1,
      size.height - size.bottom + 18,
      `D_bottom ${micrometres(v.bottom)}`,
      [(b0 + b1) / 2, size.height - size.bottom + 37],
      "middle",
    ),
    v.closed
      ? s(
          "g",
          { class: "dimension" },
          s(
            "text",
            {
              x: d.x(axisAt(v, v.depth)[0]),
              y: d.y(v.depth),
              "text-anchor": "middle",
              "dominant-baseline": "middle",
            },
            "closed",
          ),
        )
      : dimension(
          w0,
          d.y(v.depth),
          w1,
          d.y(v.depth),
          `D_waist ${micrometres(v.waist)}`,
          [w1 + 8, d.y(v.depth) - 10],
          "start",
        ),
    dimension(
      d.left - 14,
      d.y(0),
      d.left - 14,
      d.y(v.thickness),
      `thickness\n${micrometres(v.thickness)}`,
      [d.left - 22, d.y(v.thickness * 0.5)],
      "end",
    ),
    dimension(
      d.right + 14,
      d.y(0),
      d.right + 14,
      d.y(v.depth),
      `waist depth\n${micrometres(v.depth)}`,
      [d.right + 22, d.y(v.depth * 0.5)],
      "start",
    ),
    s(
      "text",
      { class: "section-note", x: size.width / 2, y: size.height - 4, "text-anchor": "middle" },
      `cut along x · ${k === 1 ? "to scale" : `widths ×${k}`} · dash-dotted: design position`,
    ),
  );
}
