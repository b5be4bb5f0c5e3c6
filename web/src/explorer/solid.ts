/* The glass around one via, cut in half along the via's axis, as meshes for the 3-D section.
   Axes: x to the right, y upwards (0 is the middle of the glass), z towards the reader; lengths over the thickness. */

import { BufferAttribute, BufferGeometry } from "three";

import { axisAt, radiusAt, stretchOf, type Shape } from "./shape";

export interface Solid {
  wall: BufferGeometry;
  /** The cut face, left and right of the via. */
  cut: BufferGeometry;
  /** The other faces of the glass. */
  glass: BufferGeometry;
  edges: BufferGeometry;
  half: number;
  at(depth: number): { x: number; y: number; z: number; r: number };
  design: { x: number; z: number };
}

type Vertex = [number, number, number];

class Mesh {
  private position: number[] = [];
  private index: number[] = [];

  add(v: Vertex): number {
    this.position.push(...v);
    return this.position.length / 3 - 1;
  }

  quad(a: Vertex, b: Vertex, c: Vertex, d: Vertex): void {
    const [i, j, k, l] = [this.add(a), this.add(b), this.add(c), this.add(d)];
    this.index.push(i, j, k, i, k, l);
  }

  triangles(...indices: number[]): void {
    this.index.push(...indices);
  }

  build(): BufferGeometry {
    const g = new BufferGeometry();
    g.setAttribute("position", new BufferAttribute(new Float32Array(this.position), 3));
    g.setIndex(this.index);
    g.computeVertexNormals();
    return g;
  }
}

const turns = 48;

function depths(v: Shape, from: number, to: number): number[] {
  const n = 10;
  return Array.from({ length: n + 1 }, (_, i) => from + ((to - from) * i) / n).map((d) =>
    Math.min(Math.max(d, 0), v.thickness),
  );
}

/** Where a ray from (x, z) at angle phi (towards -z) leaves the half block. */
function rim(x: number, z: number, phi: number, half: number): [number, number] {
  const [c, d] = [Math.cos(phi), -Math.sin(phi)];
  const tx = Math.abs(c) < 1e-9 ? Infinity : ((c > 0 ? half : -half) - x) / c;
  const tz = Math.abs(d) < 1e-9 ? Infinity : (-half - z) / d;
  const t = Math.min(tx, tz);
  return [x + c * t, z + d * t];
}

export function solidOf(v: Shape): Solid {
  const k = stretchOf(v) / v.thickness;
  const half = Math.max(1.25 * Math.max(v.top, v.bottom) * k, 0.14);
  const at = (depth: number): { x: number; y: number; z: number; r: number } => {
    const [ax, ay] = axisAt(v, depth);
    return { x: ax * k, y: 0.5 - depth / v.thickness, z: -ay * k, r: (radiusAt(v, depth) ?? 0) * k };
  };
  const parts = v.closed
    ? [depths(v, 0, v.upperEnd), depths(v, v.lowerEnd, v.thickness)]
    : [depths(v, 0, v.depth), depths(v, v.depth, v.thickness)];
  const wall = new Mesh(),
    cut = new Mesh(),
    glass = new Mesh();
  const lines: number[] = [];
  const line = (a: Vertex, b: Vertex): void => {
    lines.push(...a, ...b);
  };
  for (const part of parts) buildWall(wall, part, at, line);
  const all = [...new Set([...parts.flat(), v.upperEnd, v.lowerEnd])].sort((a, b) => a - b);
  for (let i = 0; i + 1 < all.length; i++) {
    const [p, q] = [at(all[i]!), at(all[i + 1]!)];
    for (const side of [-1, 1]) {
      cut.quad(
        [side * half, p.y, p.z],
        [p.x + side * p.r, p.y, p.z],
        [q.x + side * q.r, q.y, q.z],
        [side * half, q.y, q.z],
      );
    }
  }
  for (const depth of [0, v.thickness]) buildFace(glass, at(depth), half, line);
  const [t, b] = [at(0), at(v.thickness)];
  for (const x of [-half, half]) {
    glass.quad([x, t.y, t.z], [x, t.y, -half], [x, b.y, -half], [x, b.y, b.z]);
    line([x, t.y, t.z], [x, b.y, b.z]);
    line([x, t.y, -half], [x, b.y, -half]);
  }
  glass.quad([-half, t.y, -half], [half, t.y, -half], [half, b.y, -half], [-half, b.y, -half]);
  const edges = new BufferGeometry();
  edges.setAttribute("position", new BufferAttribute(new Float32Array(lines), 3));
  return {
    wall: wall.build(),
    cut: cut.build(),
    glass: glass.build(),
    edges,
    half,
    at,
    design: { x: 0, z: 0 },
  };
}

type Place = (depth: number) => { x: number; y: number; z: number; r: number };

function buildWall(mesh: Mesh, part: number[], at: Place, line: (a: Vertex, b: Vertex) => void): void {
  const rings = part.map((depth) => {
    const p = at(depth);
    return Array.from({ length: turns + 1 }, (_, j): Vertex => {
      const phi = (Math.PI * j) / turns;
      return [p.x + p.r * Math.cos(phi), p.y, p.z - p.r * Math.sin(phi)];
    });
  });
  const indices = rings.map((ring) => ring.map((p) => mesh.add(p)));
  for (let i = 0; i + 1 < rings.length; i++) {
    for (let j = 0; j < turns; j++) {
      const [a, b, c, d] = [
        indices[i]![j]!,
        indices[i]![j + 1]!,
        indices[i + 1]![j + 1]!,
        indices[i + 1]![j]!,
      ];
      mesh.triangles(a, b, c, a, c, d);
    }
    for (const j of [0, turns]) line(rings[i]![j]!, rings[i + 1]![j]!);
  }
  for (const ring of [rings[0]!, rings[rings.length - 1]!])
    for (let j = 0; j < turns; j++) line(ring[j]!, ring[j + 1]!);
}

/** Top or bottom face: from the rim of the via to the outline of the half block. */
function buildFace(
  mesh: Mesh,
  p: ReturnType<Place>,
  half: number,
  line: (a: Vertex, b: Vertex) => void,
): void {
  const corners = [half, -half].map((x) => Math.atan2(half + p.z, x - p.x));
  const angles = [...Array.from({ length: turns + 1 }, (_, j) => (Math.PI * j) / turns), ...corners].sort(
    (a, b) => a - b,
  );
  const inner = (phi: number): Vertex => [p.x + p.r * Math.cos(phi), p.y, p.z - p.r * Math.sin(phi)];
  const outer = (phi: number): Vertex => {
    const [x, z] = rim(p.x, p.z, phi, half);
    return [x, p.y, z];
  };
  for (let j = 0; j + 1 < angles.length; j++) {
    const [a, b] = [angles[j]!, angles[j + 1]!];
    mesh.quad(inner(a), outer(a), outer(b), inner(b));
    line(outer(a), outer(b));
  }
  line(outer(0), inner(0));
  line(outer(Math.PI), inner(Math.PI));
}
