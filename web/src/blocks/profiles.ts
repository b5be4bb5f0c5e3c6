/* Cross-sections of the nominal via of each group, all to one scale, with their seed layer beside the wall if it is known. */

import { figure } from "../chart";
import type { Block } from "../data";
import { h, s } from "../dom";
import { formatNumber, formatTick } from "../number";
import type { Renderer } from "./block";

interface Group {
  name: string;
  function?: string;
  failed?: boolean;
  /** um */
  z: number[];
  D: (number | null)[];
  values: Record<string, number | null>;
  /** Thickness of the seed along the depth, nm. */
  seed?: { z: number[]; thickness: (number | null)[] };
}

export interface ProfilesBlock extends Block {
  groups: Group[];
}

const [height, top, gutter, lane] = [300, 34, 46, 92];

function path(points: [number, number][]): string {
  return `M${points.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L")}`;
}

/** A horizontal dimension with its value. */
function dimension(x0: number, x1: number, y: number, text: string, above: boolean): SVGElement {
  return s(
    "g",
    { class: "dimension" },
    s("path", { d: `M${x0} ${y - 4}v8M${x1} ${y - 4}v8M${x0} ${y}H${x1}` }),
    s("text", { x: (x0 + x1) / 2, y: above ? y - 7 : y + 16, "text-anchor": "middle" }, text),
  );
}

function seedLane(g: Group, left: number, y: (z: number) => number): SVGElement[] {
  const seed = g.seed!;
  const known = seed.thickness.map((v, i) => [v, seed.z[i]!]).filter((p): p is [number, number] => p[0] !== null);
  const most = Math.max(...known.map((p) => p[0])) * 1.08 || 1;
  const x = (v: number): number => left + (v / most) * lane;
  const bottom = y(g.z[g.z.length - 1]!);
  return [
    s("rect", { class: "fill-lane", x: left, y: y(0), width: lane, height: bottom - y(0) }),
    s("path", { class: "fill-curve seed", d: path(known.map(([v, z]): [number, number] => [x(v), y(z)])) }),
    s("text", { class: "window-number", x: left, y: bottom + 16, "text-anchor": "middle" }, "0"),
    s("text", { class: "window-number", x: x(most / 1.08), y: bottom + 16, "text-anchor": "middle" }, formatTick(most / 1.08)),
    s("text", { class: "window-name", x: left + lane / 2, y: bottom + 33, "text-anchor": "middle" }, "seed, nm"),
  ];
}

function drawing(g: Group, scale: number, half: number): HTMLElement {
  const depth = g.z[g.z.length - 1]!;
  const y = (z: number): number => top + z * scale;
  const axis = gutter + half * scale;
  const side = (sign: number): [number, number][] =>
    g.z.map((z, i): [number, number] => [axis + (sign * (g.D[i] ?? 0) * scale) / 2, y(z)]);
  const glass = (sign: number): string =>
    `${path([...side(sign), [axis + sign * half * scale, y(depth)], [axis + sign * half * scale, y(0)]])}Z`;
  const width = gutter + 2 * half * scale + (g.seed ? 26 + lane : 0) + 12;
  const radius = (i: number): number => ((g.D[i] ?? 0) * scale) / 2;
  const waist = g.values.waist_depth ?? NaN;
  const text = (v: number | null | undefined): string => formatNumber(v, 3);
  const parts: (SVGElement | null)[] = [
    s("path", { class: "section-glass", d: glass(1) + glass(-1) }),
    s("path", { class: "section-wall", d: path(side(1)) + path(side(-1)) }),
    dimension(axis - radius(0), axis + radius(0), y(0) - 8, text(g.values.D_top), true),
    dimension(
      axis - radius(g.z.length - 1),
      axis + radius(g.z.length - 1),
      y(depth) + 8,
      text(g.values.D_bottom),
      false,
    ),
    (g.values.D_waist ?? 0) > 0 && waist > 0.02 * depth && waist < 0.98 * depth
      ? s("text", { class: "window-region", x: axis, y: y(waist) + 4, "text-anchor": "middle" }, text(g.values.D_waist))
      : null,
    s("path", { class: "window-tick", d: `M${gutter - 10} ${y(0)}h-8M${gutter - 10} ${y(depth)}h-8M${gutter - 14} ${y(0)}V${y(depth)}` }),
    s(
      "text",
      { class: "window-number", "text-anchor": "middle", transform: `translate(${gutter - 22} ${y(depth / 2)}) rotate(-90)` },
      `${formatNumber(depth, 4)} µm`,
    ),
  ];
  const svg = s(
    "svg",
    {
      class: "profile",
      viewBox: `0 0 ${Math.ceil(width)} ${height + top + 50}`,
      width: Math.ceil(width),
      role: "img",
      "aria-label": `Cross-section of the nominal via of ${g.name}: ${text(g.values.D_top)}, ${text(g.values.D_waist)}, ${text(g.values.D_bottom)} µm in ${formatNumber(depth)} µm`,
    },
    ...parts,
    ...(g.seed ? seedLane(g, gutter + 2 * half * scale + 26, y) : []),
  );
  return h("div", { class: "profile-card" }, h("h4", {}, g.name), h("p", { class: "note" }, g.function ?? ""), svg);
}

/** Groups whose vias are alike share one drawing. */
function distinct(groups: Group[]): Group[] {
  const key = (g: Group): string => JSON.stringify([g.z, g.D, g.seed, g.function]);
  const seen = new Map<string, Group>();
  for (const g of groups) {
    const same = seen.get(key(g));
    if (same) same.name += `, ${g.name}`;
    else seen.set(key(g), { ...g });
  }
  return [...seen.values()];
}

export const profiles: Renderer<ProfilesBlock> = (block) => {
  const groups = distinct(block.groups.filter((g) => g.z.length > 1));
  if (!groups.length) throw new Error("no group has a shape");
  const f = figure(block.title ?? "", block.note ?? "Diameters in µm; one scale for all.");
  const deepest = Math.max(...groups.map((g) => g.z[g.z.length - 1]!));
  const widest = Math.max(...groups.map((g) => Math.max(...g.D.map((d) => d ?? 0))));
  const scale = height / deepest;
  const half = 0.5 * widest + Math.max(0.25 * widest, 18 / scale);
  f.body.append(h("div", { class: "profile-cards" }, ...groups.map((g) => drawing(g, scale, half))));
  return f.root;
};
