/* Level lines of a grid of values, by marching squares, joined to polylines. Coordinates are steps of the grid. */

type Point = [number, number];

const key = (p: Point): string => `${p[0].toFixed(6)},${p[1].toFixed(6)}`;

/** Segments of one square whose corners are a (0,0), b (1,0), c (1,1), d (0,1). */
function square(values: [number, number, number, number], level: number, x: number, y: number): [Point, Point][] {
  const [a, b, c, d] = values;
  if (![a, b, c, d].every(Number.isFinite)) return [];
  const cut = (u: number, v: number): number => (level - u) / (v - u);
  const edges: Point[] = [];
  if (a > level !== b > level) edges.push([x + cut(a, b), y]);
  if (b > level !== c > level) edges.push([x + 1, y + cut(b, c)]);
  if (d > level !== c > level) edges.push([x + cut(d, c), y + 1]);
  if (a > level !== d > level) edges.push([x, y + cut(a, d)]);
  if (edges.length === 2) return [[edges[0]!, edges[1]!]];
  if (edges.length < 4) return [];
  const high = (a + b + c + d) / 4 > level; /* a saddle: the mean says which corners belong together */
  return high === a > level
    ? [
        [edges[0]!, edges[1]!],
        [edges[2]!, edges[3]!],
      ]
    : [
        [edges[0]!, edges[3]!],
        [edges[1]!, edges[2]!],
      ];
}

function join(segments: [Point, Point][]): Point[][] {
  const at = new Map<string, number[]>();
  segments.forEach((s, i) => {
    for (const p of s) at.set(key(p), [...(at.get(key(p)) ?? []), i]);
  });
  const used = new Set<number>();
  const extend = (line: Point[]): void => {
    for (;;) {
      const end = line[line.length - 1]!;
      const next = (at.get(key(end)) ?? []).find((i) => !used.has(i));
      if (next === undefined) return;
      used.add(next);
      const [p, q] = segments[next]!;
      line.push(key(p) === key(end) ? q : p);
    }
  };
  const lines: Point[][] = [];
  segments.forEach((s, i) => {
    if (used.has(i)) return;
    used.add(i);
    const line: Point[] = [s[0], s[1]];
    extend(line);
    line.reverse();
    extend(line);
    lines.push(line);
  });
  return lines;
}

/** Lines at which the values [ny][nx] cross the level. */
export function contour(values: ArrayLike<number>, nx: number, ny: number, level: number): Point[][] {
  const segments: [Point, Point][] = [];
  for (let j = 0; j + 1 < ny; j++)
    for (let i = 0; i + 1 < nx; i++) {
      const v = (di: number, dj: number): number => values[(j + dj) * nx + i + di]!;
      segments.push(...square([v(0, 0), v(1, 0), v(1, 1), v(0, 1)], level, i, j));
    }
  return join(segments);
}
