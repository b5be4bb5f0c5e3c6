#!/usr/bin/python3
"""The full via (8 normals, 3 random fields, 6 limits) against NumPy, one thread each, in turns; medians of processor
time. Two peers: chunked NumPy as one writes it, and NumPy tuned by hand with the same shortcuts that the C code takes.

    panel_kernel.py build/bench/panel_kernel"""
import json
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np

NODES, ROW, SWEEP, PITCH, SIZE = 512, 5100, 204, 0.1e-3, 0.51
REPEATS, VIAS, VIAS_NUMPY = 7, 19 * SWEEP * ROW, SWEEP * ROW
LIMITS = "D_top low", "D_top high", "D_waist low", "position", "depth high", "dimple"


def fields():
    """Three smooth random fields of variance 1, correlation length 20 mm."""
    rng = np.random.default_rng(7)
    k2 = np.fft.fftfreq(NODES)[:, None] ** 2 + np.fft.fftfreq(NODES) ** 2
    white = rng.standard_normal((3, NODES, NODES))
    f = np.fft.ifft2(np.fft.fft2(white) * np.exp(-0.5 * (np.pi * 20) ** 2 * k2)).real
    return (f / f.std(axis=(1, 2), keepdims=True)).astype(np.float32)


def row_of(k):
    """The place of the k-th row: SWEEP of them sample the panel evenly, the next SWEEP stand one further, and so on."""
    return (k % SWEEP * (ROW // SWEEP) + k // SWEEP) % ROW


class Plain:
    """NumPy as one writes it: whole-array expressions over chunks of vias."""
    chunks, generators = (2550, 5100, 10200, 20400, 51000), (np.random.PCG64, np.random.SFC64)

    def __init__(self, field, chunk, generator, real):
        self.field, self.chunk, self.real = field.astype(real), chunk, real
        self.rng = np.random.Generator(generator(1))

    def run(self, vias):
        return sum(self.part(np.arange(a, min(a + self.chunk, vias))) for a in range(0, vias, self.chunk))

    def part(self, i):
        u, v = i % ROW * (PITCH * (NODES - 1) / SIZE), row_of(i // ROW) * (PITCH * (NODES - 1) / SIZE)
        z = self.rng.standard_normal((8, len(i)), dtype=self.real)
        c, r = np.minimum(u.astype(int), NODES - 2), np.minimum(v.astype(int), NODES - 2)
        s, t = (u - c).astype(self.real), (v - r).astype(self.real)
        low = self.field[:, r, c] * (1 - s) + self.field[:, r, c + 1] * s
        high = self.field[:, r + 1, c] * (1 - s) + self.field[:, r + 1, c + 1] * s
        f = low * (1 - t) + high * t
        top = 50 + 0.6 * f[0] + 0.7 * z[0]
        middle = 0.7 * top + 0.3 * f[1] + 0.5 * z[1]
        x, y = 0.5 * f[2] + 0.8 * z[2], 0.8 * z[3] - 0.3 * f[2]
        deep = 300 + 2 * f[1] + 3 * z[4]
        over = 1 + 0.25 * z[5] + 0.2 * z[6] * f[2] + 0.15 * z[7]
        return np.array([np.count_nonzero(b) for b in (top < 46.5, top > 53.5, middle < 32, x * x + y * y > 12.25,
                                                       deep > 313.5, over > 2.4)])


class Tuned:
    """The same by hand: results into arrays that stay in the cache, fields blended once a row."""
    chunks, generators = (1275, 2550, 5100), (np.random.SFC64,)  # parts of a row, the fastest generator

    def __init__(self, field, chunk, generator, real):
        self.field, self.chunk, self.real = field.astype(real), chunk, real
        self.rng = np.random.Generator(generator(1))
        self.z, self.f = np.empty((8, chunk), real), np.empty((3, chunk), real)
        self.a, self.b, self.m = np.empty(chunk, real), np.empty(chunk, real), np.empty(chunk, bool)

    def run(self, vias):
        return sum(self.part(a) for a in range(0, vias, self.chunk))

    def sample(self, first):
        u = np.arange(first % ROW, first % ROW + self.chunk) * (PITCH * (NODES - 1) / SIZE)
        v = row_of(first // ROW) * (PITCH * (NODES - 1) / SIZE)
        c, r = np.minimum(u.astype(int), NODES - 2), min(int(v), NODES - 2)
        s = (u - c).astype(self.real)
        node = self.field[:, r] + self.real(v - r) * (self.field[:, r + 1] - self.field[:, r])
        rise = np.diff(node, axis=1)
        for k in range(3):
            np.take(node[k], c, out=self.f[k], mode="clip")
            np.take(rise[k], c, out=self.a, mode="clip")
            self.a *= s
            self.f[k] += self.a

    def add(self, factor, column):
        np.multiply(column, self.real(factor), out=self.b)
        self.a += self.b

    def start(self, constant, factor, column):
        np.multiply(column, self.real(factor), out=self.a)
        if constant:
            self.a += self.real(constant)

    def above(self, limit):
        return np.count_nonzero(np.greater(self.a, limit, out=self.m))

    def below(self, limit):
        return np.count_nonzero(np.less(self.a, limit, out=self.m))

    def part(self, first):
        z, f = self.z, self.f
        self.rng.standard_normal(dtype=self.real, out=z)
        self.sample(first)
        self.start(50, 0.6, f[0])
        self.add(0.7, z[0])
        n = [self.below(46.5), self.above(53.5)]
        self.a *= self.real(0.7)
        self.add(0.3, f[1])
        self.add(0.5, z[1])
        n.append(self.below(32))
        self.start(0, 0.8, z[3])
        self.add(-0.3, f[2])
        np.multiply(self.a, self.a, out=z[3])  # that column has served
        self.start(0, 0.5, f[2])
        self.add(0.8, z[2])
        self.a *= self.a
        self.a += z[3]
        n.append(self.above(12.25))
        self.start(300, 2, f[1])
        self.add(3, z[4])
        n.append(self.above(313.5))
        self.start(1, 0.25, z[5])
        np.multiply(z[6], f[2], out=z[6])
        self.add(0.2, z[6])
        self.add(0.15, z[7])
        n.append(self.above(2.4))
        return np.array(n)


def timed(peer, vias):
    start = time.process_time()
    fails = peer.run(vias)
    return (time.process_time() - start) / vias * 1e9, fails


def best(kind, field):
    """The fastest combination of chunk, generator and precision, found in short runs."""
    peers = [kind(field, c, g, r) for c in kind.chunks for g in kind.generators for r in (np.float32, np.float64)]
    for p in peers:
        p.run(20400)
    return min(peers, key=lambda p: min(timed(p, 102_000)[0] for _ in range(3)))


def limits(ours):
    """What the processor allows: vector instructions of the normals (counted in the compiled loop) and bytes."""
    instructions, ports = {"avx512": (25.3, 2), "avx2": (61.8, 3)}.get(ours["isa"], (None, None))
    if instructions:
        least = instructions / ports / ours["clock"]
        share = least / (8 * ours["normal"])
        print(f"  limit of the normals  {instructions} vector instructions a via, {ports} a cycle at {ours['clock']:.2f} GHz: "
              f"{least:.2f} ns; measured {8 * ours['normal']:.2f} ns ({100 * share:.0f} % of the limit's speed)")
    print(f"  limit of the memory   3 MB of fields stay in the cache, nothing is written: none; a table of 40 bytes a via "
          f"at 10 GB/s would take {40 / 10:.1f} ns")


def main(program):
    field = fields()
    with tempfile.NamedTemporaryFile(suffix=".f32") as file:
        field.tofile(file)
        file.flush()

        def ours(isa=()):
            return json.loads(subprocess.run([program, file.name, str(VIAS), *isa], check=True, capture_output=True).stdout)

        peers = {"NumPy, plain": best(Plain, field), "NumPy, tuned": best(Tuned, field)}
        runs, times, fails = [], {name: [] for name in peers}, {name: 0 for name in peers}
        for _ in range(REPEATS):
            runs.append(ours())
            for name, peer in peers.items():
                t, n = timed(peer, VIAS_NUMPY)
                times[name].append(t)
                fails[name] = fails[name] + n
        others = [ours([isa]) for isa in ("avx2", "sse2") if isa != runs[0]["isa"]]
    middle = sorted(runs, key=lambda r: r["via"])[REPEATS // 2]
    print(f"full via: 8 normals, 3 fields, 6 limits; one thread, processor time, median of {REPEATS} runs in turns")
    for r in [middle] + others:
        print(f"  OpenTGV, {r['isa']:<7} {r['via']:8.2f} ns a via  {1e3 / r['via']:6.1f} M vias/s   {r['normal']:.3f} ns a normal")
    for name, peer in peers.items():
        t = statistics.median(times[name])
        print(f"  {name:<16} {t:8.2f} ns a via  {1e3 / t:6.1f} M vias/s   {type(peer.rng.bit_generator).__name__}, "
              f"{peer.real.__name__}, chunks of {peer.chunk}   ratio {t / middle['via']:.1f}")
    limits(middle)
    agree = all(r["fails"] == middle["fails"] for r in runs + others)
    print(f"  failures among {middle['vias']} vias {'equal' if agree else 'NOT EQUAL'} on all instruction sets; against NumPy:")
    for k, limit in enumerate(LIMITS):
        p, n = middle["fails"][k] / middle["vias"], REPEATS * VIAS_NUMPY
        row = f"    {limit:<12} {p:.3e}"
        for name in peers:
            q = fails[name][k] / n
            z = (q - p) / np.sqrt((p * middle["vias"] + q * n + 1) / (middle["vias"] + n) * (1 / middle["vias"] + 1 / n))
            agree = agree and abs(z) < 5
            row += f"   {name} {q:.3e} ({z:+.1f} standard errors)"
        print(row)
    print("  the answers agree" if agree else "  THE ANSWERS DIFFER")
    return 0 if agree else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
