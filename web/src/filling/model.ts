/* The filling of a via as solvers saw it: the shape of the opening, and pictures of the front at successive times. */

import { unpack, type Block, type Packed } from "../data";

export interface FillingBlock extends Block {
  /** Lengths in um, times in min. */
  depth: number;
  cell: number;
  ends: "through" | "blind" | "sealed";
  wall: { z: number[]; r: number[] };
  solutions: {
    name: string;
    /** front: chains of points of the whole surface; depth: the radius of the opening over the depth */
    kind: "front" | "depth";
    method?: string;
    regime: string;
    good?: boolean;
    facts: { label: string; value: number | null; unit?: string; name?: string }[];
    pictures: {
      time: number;
      r: Packed;
      z: Packed;
      current: Packed;
      coverage?: Packed;
      ion: Packed;
      additive?: Packed;
    }[];
  }[];
}

export interface Point {
  r: number;
  z: number;
  current: number;
  coverage: number;
  ion: number;
  additive: number;
}

export interface Picture {
  time: number;
  /** One after the other; each a line of points in order. */
  chains: Point[][];
}

export interface Solution {
  name: string;
  kind: "front" | "depth";
  method: string;
  regime: string;
  good: boolean;
  facts: { label: string; value: number | null; unit?: string; name?: string }[];
  pictures: Picture[];
}

export interface Filling {
  depth: number;
  cell: number;
  ends: FillingBlock["ends"];
  wall: { z: number[]; r: number[] };
  radius: number;
  times: number[];
  solutions: Solution[];
}

async function readPicture(p: FillingBlock["solutions"][number]["pictures"][number]): Promise<Picture> {
  const names = ["r", "z", "current", "coverage", "ion", "additive"] as const;
  const columns = await Promise.all(names.map((k) => unpack(p[k])));
  const [r] = columns;
  const chains: Point[][] = [];
  let chain: Point[] = [];
  for (let i = 0; i <= r!.length; i++) {
    const v = columns.map((c) => c[i] ?? NaN);
    if (i < r!.length && Number.isFinite(v[0]) && Number.isFinite(v[1])) {
      chain.push(Object.fromEntries(names.map((k, j) => [k, v[j]])) as unknown as Point);
      continue;
    }
    if (chain.length > 1) chains.push(chain);
    chain = [];
  }
  return { time: p.time, chains };
}

export async function readFilling(b: FillingBlock): Promise<Filling> {
  const solutions = await Promise.all(
    b.solutions.map(async (s): Promise<Solution> => {
      const pictures = await Promise.all(s.pictures.map(readPicture));
      if (!pictures.length) throw new Error(`${s.name} has no picture`);
      return { ...s, method: s.method ?? "", good: s.good ?? false, pictures };
    }),
  );
  const times = [...new Set(solutions.flatMap((s) => s.pictures.map((p) => p.time)))].sort((x, y) => x - y);
  return {
    depth: b.depth,
    cell: b.cell,
    ends: b.ends,
    wall: b.wall,
    radius: Math.max(...b.wall.r),
    times,
    solutions,
  };
}

/** The last picture at or before a time. */
export function pictureAt(s: Solution, time: number): Picture {
  let found = s.pictures[0]!;
  for (const p of s.pictures) if (p.time <= time * (1 + 1e-9)) found = p;
  return found;
}

export function wallRadius(f: Filling, z: number): number {
  const { z: depths, r } = f.wall;
  if (z <= depths[0]!) return r[0]!;
  for (let i = 1; i < depths.length; i++)
    if (z <= depths[i]!) {
      const s = (z - depths[i - 1]!) / (depths[i]! - depths[i - 1]! || 1);
      return r[i - 1]! + s * (r[i]! - r[i - 1]!);
    }
  return r[r.length - 1]!;
}

/** A region of electrolyte: its outline in the half plane, and whether the bath can still reach it. */
export interface Bath {
  outline: [number, number][];
  open: boolean;
}

/** Regions of electrolyte of a picture whose outer edge is at r = edge, from z = top to z = bottom. */
export function baths(f: Filling, s: Solution, p: Picture, edge: number, top: number, bottom: number): Bath[] {
  return s.kind === "depth" ? p.chains.flatMap((c) => ofDepth(f, c, edge, top, bottom)) : ofFront(f, p, edge, top, bottom);
}

/** The model over the depth calls a place closed below this share of its opening (2 %). */
const closed = 0.0205;

function ofDepth(f: Filling, chain: Point[], edge: number, top: number, bottom: number): Bath[] {
  const step = chain.length > 1 ? chain[1]!.z - chain[0]!.z : f.depth;
  const runs: Point[][] = [];
  let run: Point[] = [];
  for (const q of chain) {
    if (q.r > closed * wallRadius(f, q.z)) run.push(q);
    else if (run.length) runs.push(run), (run = []);
  }
  if (run.length) runs.push(run);
  return runs.map((points) => {
    const [first, last] = [points[0]!, points[points.length - 1]!];
    const up = first === chain[0];
    const down = last === chain[chain.length - 1] && f.ends !== "blind";
    const open = up || (down && f.ends === "through");
    const outline: [number, number][] = [];
    if (up) outline.push([0, top], [edge, top], [edge, 0], [first.r, 0]);
    else outline.push([0, first.z - step / 2], [first.r, first.z - step / 2]);
    outline.push(...points.map((q): [number, number] => [q.r, q.z]));
    if (down && f.ends === "through")
      outline.push([last.r, f.depth], [edge, f.depth], [edge, bottom], [0, bottom]);
    else outline.push([last.r, last.z + step / 2], [0, last.z + step / 2]);
    return { outline, open };
  });
}

function ofFront(f: Filling, p: Picture, edge: number, top: number, bottom: number): Bath[] {
  const outer = 0.6 * f.radius; /* the last point of a face may be the middle of a wide cell */
  return p.chains.map((chain) => {
    const outline = chain.map((q): [number, number] => [q.r, q.z]);
    const ends = [chain[0]!, chain[chain.length - 1]!];
    const loop = Math.hypot(ends[0]!.r - ends[1]!.r, ends[0]!.z - ends[1]!.z) < 1e-3 * f.depth;
    const at = ends.map((q) => (q.r >= outer && !loop ? "edge" : "inside"));
    if (at[0] === "edge" && at[1] === "edge") {
      if (ends[0]!.z > ends[1]!.z) outline.reverse();
      return { open: true, outline: [[0, top], [edge, top], ...outline, [edge, bottom], [0, bottom]] };
    }
    if (at.includes("edge")) {
      if (at[0] === "inside") outline.reverse();
      const upper = outline[0]![1] < f.depth / 2;
      const far = upper ? top : bottom;
      return { open: true, outline: [[0, far], [edge, far], ...outline, [0, outline[outline.length - 1]![1]]] };
    }
    return { open: false, outline };
  });
}
