/* The cross-section of a filling via, to scale and mirrored, and what goes on along its front. */

import { ticks } from "../colour";
import { s } from "../dom";
import { formatTick } from "../number";
import { baths, wallRadius, type Filling, type Picture, type Point, type Solution } from "./model";

export interface Layout {
  height: number;
  /** Pixels per um. */
  scale: number;
  /** Half of the width that is shown, um. */
  half: number;
  top: number;
  left: number;
  width: number;
}

export function layoutOf(f: Filling, width: number): Layout {
  const over = 0.09 * f.depth;
  const height = 470;
  const scale = (height - 62) / (f.depth + 2 * over);
  const half = Math.min(f.cell, Math.max(1.7 * f.radius, f.radius + 0.06 * f.depth), (0.5 * width) / scale);
  return { height, scale, half, top: 14 + over * scale, left: 0, width: 2 * half * scale };
}

const number = (v: number): string => v.toFixed(1);

function mirrored(points: [number, number][], l: Layout, axis: number): string {
  const side = (sign: number): string =>
    `M${points.map(([r, z]) => `${number(axis + sign * r * l.scale)} ${number(l.top + z * l.scale)}`).join("L")}Z`;
  return side(1) + side(-1);
}

function line(points: [number, number][], l: Layout, axis: number): string {
  const side = (sign: number): string =>
    `M${points.map(([r, z]) => `${number(axis + sign * r * l.scale)} ${number(l.top + z * l.scale)}`).join("L")}`;
  return side(1) + side(-1);
}

/** The part of a front inside of the picture. */
function inside(chain: Point[], half: number): [number, number][] {
  return chain.filter((q) => q.r <= half * 1.02 && q.r >= 0).map((q) => [Math.max(q.r, 0), q.z]);
}

let serial = 0;

export function sectionNodes(f: Filling, solution: Solution, index: number, l: Layout): SVGElement[] {
  const axis = l.left + l.width / 2;
  const p = solution.pictures[index]!;
  const [up, down] = [-0.09 * f.depth, f.depth * 1.09];
  const id = `filling-${serial++}`;
  const glass: [number, number][] = [
    ...f.wall.z.map((z, i): [number, number] => [f.wall.r[i]!, z]),
    ...(f.ends === "through" ? [] : [[0, f.depth] as [number, number], [0, down] as [number, number], [f.cell, down] as [number, number]]),
    [f.cell, f.depth],
    [f.cell, 0],
  ];
  const regions = baths(f, solution, p, f.cell, up, down);
  const earlier = solution.pictures.slice(0, index).flatMap((q) => q.chains.map((c) => inside(c, l.half)));
  const y = (z: number): number => l.top + z * l.scale;
  const depthTicks = ticks(0, f.depth, 6, false);
  return [
    s(
      "clipPath",
      { id },
      s("rect", { x: l.left, y: y(up), width: l.width, height: (down - up) * l.scale }),
    ),
    s(
      "g",
      { "clip-path": `url(#${id})` },
      s("rect", { class: "fill-copper", x: l.left, y: y(up), width: l.width, height: (down - up) * l.scale }),
      s("path", { class: "fill-rings", d: earlier.map((c) => line(c, l, axis)).join("") }),
      ...regions.map((b) =>
        s("path", { class: b.open ? "fill-bath" : "fill-void", d: mirrored(b.outline, l, axis) }),
      ),
      s("path", { class: "fill-glass", d: mirrored(glass, l, axis) }),
    ),
    s("path", { class: "fill-axis", d: `M${axis} ${y(up)}V${y(down)}` }),
    ...depthTicks.flatMap((z) => [
      s("path", { class: "window-tick", d: `M${l.left} ${y(z)}h-5` }),
      s("text", { class: "window-number", x: l.left - 8, y: y(z) + 4, "text-anchor": "end" }, formatTick(z)),
    ]),
    s("text", { class: "window-name", x: l.left + l.width / 2, y: y(down) + 18, "text-anchor": "middle" }, "µm, to scale"),
  ];
}

export interface Lane {
  label: string;
  unit: string;
  low: number;
  high: number;
  curves: { label: string; className: string; of(p: Point): number; scale: number }[];
}

/** Points of the front inside of the via: the faces around it would smear over one depth. */
function along(f: Filling, p: Picture): Point[][] {
  return p.chains.map((c) => c.filter((q) => q.r <= 1.02 * wallRadius(f, q.z) && q.z >= -0.09 * f.depth && q.z <= 1.09 * f.depth));
}

/** Curves over the depth, which runs downwards beside the section. */
export function laneNodes(f: Filling, p: Picture, lane: Lane, l: Layout, left: number, width: number): SVGElement[] {
  const x = (v: number): number => left + ((v - lane.low) / (lane.high - lane.low || 1)) * width;
  const y = (z: number): number => l.top + z * l.scale;
  const [up, down] = [y(0), y(f.depth)];
  const path = (of: (q: Point) => number, scale: number): string =>
    along(f, p)
      .map((c) => c.filter((q) => Number.isFinite(of(q))))
      .filter((c) => c.length > 1)
      .map(
        (c) =>
          `M${c.map((q) => `${number(Math.min(Math.max(x(of(q) * scale), left - 4), left + width + 4))} ${number(y(q.z))}`).join("L")}`,
      )
      .join("");
  return [
    s("rect", { class: "fill-lane", x: left, y: up, width, height: down - up }),
    ...ticks(lane.low, lane.high, 3, false).flatMap((v) => [
      s("path", { class: "fill-grid", d: `M${number(x(v))} ${up}V${down}` }),
      s("text", { class: "window-number", x: x(v), y: down + 16, "text-anchor": "middle" }, formatTick(v)),
    ]),
    ...lane.curves.map((c) => s("path", { class: `fill-curve ${c.className}`, d: path((q) => c.of(q), c.scale) })),
    s("text", { class: "window-name", x: left + width / 2, y: down + 33, "text-anchor": "middle" }, lane.label),
  ];
}
