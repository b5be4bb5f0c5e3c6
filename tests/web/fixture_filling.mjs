/* The filling of a through-glass via as `tgv fill` writes it: a front of chains beside radii over the depth. The shapes are drawn by
   hand: a waist that closes first, then a void below the upper mouth. */
import { deflateSync } from "node:zlib";

const f32 = (values) => deflateSync(Buffer.from(Float32Array.from(values).buffer)).toString("base64");
const depth = 400;
const cell = 100;
const wall = (z) => 25 + 15 * Math.abs(z / 200 - 1);
const zs = Array.from({ length: 81 }, (_, i) => 5 * i);

/* thickness of the copper at a depth after the share s of the time: most in the middle, then below the mouth */
const copper = (z, s) => 34 * s * (0.55 + 0.6 * Math.exp(-(((z - 200) / 90) ** 2)) + 0.75 * Math.exp(-(((z - 30) / 25) ** 2)));
const radius = (z, s) => Math.max(0, wall(z) - copper(z, s));

const fields = (points, s) => ({
  current: f32(points.map(([, z]) => (Number.isFinite(z) ? 1 + Math.exp(-(((z - 200) / 90) ** 2)) : NaN))),
  coverage: f32(points.map(([, z]) => (Number.isFinite(z) ? 1 - 0.8 * Math.exp(-(((z - 200) / 90) ** 2)) : NaN))),
  ion: f32(points.map(([, z]) => (Number.isFinite(z) ? 1 - 0.3 * s * Math.sin((Math.PI * z) / depth) : NaN))),
  additive: f32(points.map(([, z]) => (Number.isFinite(z) ? Math.exp(-Math.min(z, depth - z) / 60) : NaN))),
});

function chainsAt(s) {
  const face = 8 * s;
  const open = zs.map((z) => [radius(z, s), z]);
  const runs = [];
  for (const p of open) {
    if (p[0] <= 0) runs.push([]);
    else if (!runs.length) runs.push([p]);
    else runs[runs.length - 1].push(p);
  }
  const chains = runs.filter((r) => r.length > 1).map((r) => [...r]);
  for (const c of chains) {
    const [first, last] = [c[0][1], c[c.length - 1][1]];
    if (first > 0) c.unshift([0, first - 2]);
    else c.unshift([cell, -face], [c[0][0], -face]);
    if (last < depth) c.push([0, last + 2]);
    else c.push([c[c.length - 1][0], depth + face], [cell, depth + face]);
  }
  return chains;
}

function front(s) {
  const points = chainsAt(s).flatMap((c, i) => [...(i ? [[NaN, NaN]] : []), ...c]);
  return { time: 300 * s, r: f32(points.map((p) => p[0])), z: f32(points.map((p) => p[1])), ...fields(points, s) };
}

function over(s) {
  const points = zs.map((z) => [radius(z, 0.97 * s), z]);
  return { time: 310 * s, r: f32(points.map((p) => p[0])), z: f32(points.map((p) => p[1])), ...fields(points, s) };
}

const shares = Array.from({ length: 13 }, (_, i) => i / 12);
export const fillings = {
  type: "filling",
  title: "The via while it fills",
  depth,
  cell,
  ends: "through",
  wall: { z: zs, r: zs.map(wall) },
  solutions: [
    {
      name: "moving front",
      kind: "front",
      method: "The surface moves on a grid of 100 cells over the depth.",
      regime: "void",
      good: false,
      facts: [
        { label: "copper over the opening", value: 93.1, unit: "%" },
        { label: "growth ended after", value: 300, unit: "min" },
      ],
      pictures: shares.map(front),
    },
    {
      name: "fast model",
      kind: "depth",
      method: "Fields over the depth.",
      regime: "butterfly",
      good: true,
      facts: [{ label: "copper over the opening", value: 95.4, unit: "%" }],
      pictures: shares.map(over),
    },
  ],
};
