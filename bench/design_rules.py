#!/usr/bin/python3
"""Design rules of a million vias: tgv drc, a k-d tree (SciPy), KLayout, on the same coordinates in the same run.

The job: through-glass vias of 50 um on a square grid of 150 um, each moved by a uniform jitter of at most 5 um in x and in y; pads
of 74 um that stay on the grid. Wanted: the pairs of vias with a gap below 94 um, and the vias with an annular ring below 8 um.
Coordinates: numpy.random.default_rng(seed).integers(-5000, 5001, (n, 2)) nanometres, row by row; whole nanometres, so that the
reference counts are exact (integers, no rounding).

    bench/design_rules.py [--tgv PROGRAM] [--vias N] [--large N] [--klayout N] [--seed S]
"""
import argparse
import json
import math
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time

import numpy as np

PITCH, JITTER, VIA, PAD, SPACE, RING = 150000, 5000, 50000, 74000, 94000, 8000  # nm
HERE = os.path.dirname(os.path.abspath(__file__))


def make_vias(side, seed):
    grid = np.stack(np.meshgrid(np.arange(side), np.arange(side)), axis=-1).reshape(-1, 2).astype(np.int64) * PITCH
    return grid, grid + np.random.default_rng(seed).integers(-JITTER, JITTER + 1, grid.shape)


def write_csv(path, via, pad):
    """Micrometres with three decimals."""
    text = np.concatenate([via, pad], axis=1)
    with open(path, "w", encoding="ascii") as f:
        f.write("x [um],y [um],pad_x [um],pad_y [um]\n")
        for part in np.array_split(text, max(1, len(text) // 200000)):
            f.write("".join("%d.%03d,%d.%03d,%d.%03d,%d.%03d\n" % tuple(v for c in row for v in divmod(c, 1000))
                            if min(row) >= 0 else ",".join("%.3f" % (c / 1000) for c in row) + "\n" for row in part.tolist()))


def measured(command):
    """Runs a command: its output, seconds of wall and processor, megabytes."""
    start = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          env={**os.environ, "QT_QPA_PLATFORM": "offscreen"}) as p:
        out, err = p.communicate()
        code = p.returncode
    wall = time.perf_counter() - start
    if code not in (0, 1):
        sys.exit(f"{' '.join(command)}\n{err}")
    return out, wall


def peak(command):
    """The same in a process of its own, so that the peak memory of the child is known."""
    script = ("import resource,subprocess,sys,time,json\n"
              "t=time.perf_counter();r=subprocess.run(sys.argv[1:],stdout=subprocess.PIPE)\n"
              "w=time.perf_counter()-t;u=resource.getrusage(resource.RUSAGE_CHILDREN)\n"
              "print(json.dumps([r.returncode,w,u.ru_utime+u.ru_stime,u.ru_maxrss/1024,r.stdout.decode()]))\n")
    out, _ = measured([sys.executable, "-c", script, *command])
    code, wall, cpu, memory, text = json.loads(out)
    if code not in (0, 1):
        sys.exit(f"{' '.join(command)} ended with {code}")
    return text, wall, cpu, memory


def run_tgv(program, path, space=SPACE, ring=RING, more=()):
    text, wall, cpu, memory = peak([program, "drc", path, "--diameter", f"{VIA} nm", "--pad", f"{PAD} nm", "--json",
                                    "--rule", f"space_min={space} nm", "--rule", f"ring_min={ring} nm", *more])
    rules = {r["rule"]: r for r in json.loads(text)["rules"]}
    return rules["space_min"]["violations"], rules["ring_min"]["violations"], wall, cpu, memory


def k_d_tree(via, pad):
    """Exact counts: candidates from the tree, decided in whole numbers."""
    from scipy.spatial import cKDTree
    start = time.process_time()
    limit = SPACE + VIA
    pairs = cKDTree(via).query_pairs(limit + 1, output_type="ndarray")
    d = via[pairs[:, 0]] - via[pairs[:, 1]]
    close = int(np.count_nonzero((d * d).sum(axis=1) < limit * limit))
    off = via - pad
    most = (PAD - VIA) // 2 - RING
    rings = int(np.count_nonzero((off * off).sum(axis=1) > most * most))
    return close, rings, time.process_time() - start


def offending(via, gap):
    """Vias that have a neighbour with a gap below `gap` nm."""
    from scipy.spatial import cKDTree
    return len(np.unique(cKDTree(via).query_pairs(gap + VIA, output_type="ndarray")))


def run_klayout(path, folder):
    answer = os.path.join(folder, "klayout.json")
    _, wall, cpu, memory = peak(["klayout", "-b", "-r", os.path.join(HERE, "design_rules.drc"), "-rd", f"vias={path}",
                                 "-rd", f"answer={answer}"])
    with open(answer, encoding="utf-8") as f:
        return json.load(f), wall, cpu, memory


def expected():
    """Probabilities of a gap below the limit for two neighbours on the grid, and of a ring below the limit. The difference of two
    uniform numbers has the density (2 - |u|) / 4 on -2 ... 2, so that along the row it is integrated in closed form."""
    n = 2000
    u = (np.arange(n) + 0.5) / n * 4 - 2
    across = u * JITTER
    short = (PITCH - np.sqrt((SPACE + VIA)**2 - across**2)) / JITTER  # by how much the pair must come closer, in jitters
    close = np.clip(2 - short, 0, None)**2 / 8
    most = ((PAD - VIA) / 2 - RING) / JITTER
    return float((close * (2 - abs(u)) / 4).sum() * 4 / n), 1 - math.pi * most**2 / 4


def check_small(program, folder, side, seed, klayout):
    pad, via = make_vias(side, seed)
    path = os.path.join(folder, "small.csv")
    write_csv(path, via, pad)
    pairs, rings, wall, cpu, memory = run_tgv(program, path)
    want = k_d_tree(via, pad)[:2]
    print(f"\n{side * side} vias: tgv {pairs} pairs, {rings} rings; k-d tree {want[0]}, {want[1]}: "
          f"{'EQUAL' if (pairs, rings) == want else 'DIFFERENT'}")
    if not klayout:
        print("KLayout is not installed (apt-get install klayout): not compared")
        return (pairs, rings) == want
    k, k_wall, k_cpu, k_memory = run_klayout(path, folder)
    # polygons of 32 sides: walls up to 25 (1 - cos(pi / 32)) = 0.12 um inside the circle, and an offset d leaves a ring of
    # 11.942 - d to 11.942 - 0.9952 d um; a nanometre or two of rounding
    least, most = offending(via, SPACE - 243), offending(via, SPACE + 2)
    off = np.hypot(*(via - pad).T)
    few, many = np.count_nonzero(off > 3965), np.count_nonzero(off > 3938)
    fits = least <= k["close_vias"] <= most and few <= k["thin_vias"] <= many
    print(f"KLayout (deep, circles of 32 sides): {k['close_vias']} vias are too close (exact for gaps of 93.76 ... 94 um: "
          f"{least} ... {most}), {k['thin_vias']} thin rings (exact {few} ... {many}): {'AGREES' if fits else 'DISAGREES'}")
    print(f"         tgv {wall:8.3f} s wall {cpu:8.3f} s processor {memory:6.0f} MB (reads the file, both checks)")
    print(f"     KLayout {k['seconds']:8.3f} s processor, the two checks alone; {k_wall:.1f} s wall {k_cpu:.1f} s processor "
          f"{k_memory:.0f} MB in all")
    print(f"ratio of processor times, KLayout's checks over all of tgv: {k['seconds'] / cpu:.0f}; of memory {k_memory / memory:.1f}")
    return (pairs, rings) == want and fits


def check_million(program, folder, side, seed):
    pad, via = make_vias(side, seed)
    path = os.path.join(folder, "vias.csv")
    write_csv(path, via, pad)
    n = len(via)
    pairs, rings, wall, cpu, memory = run_tgv(program, path)
    close, thin, seconds = k_d_tree(via, pad)
    p_pair, p_ring = expected()
    neighbours = 2 * side * (side - 1)
    print(f"\n{n} vias, {os.path.getsize(path) / 1e6:.0f} MB of CSV")
    print(f"         tgv {pairs} pairs {rings} rings  {wall:7.3f} s wall {cpu:7.3f} s processor {memory:6.0f} MB")
    print(f"   k-d tree {close} pairs {thin} rings  {'':14} {seconds:7.3f} s processor (arrays in memory) "
          f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    same = (pairs, rings) == (close, thin)
    print(f"counts are {'EQUAL' if same else 'DIFFERENT'}; expected {neighbours * p_pair:.0f} pairs, {n * p_ring:.0f} rings "
          f"(another draw of a million: 155631 and 497808)")
    print(f"ratio of processor times, k-d tree without reading over tgv with reading: {seconds / cpu:.2f}")
    os.remove(path)
    return same


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--tgv", default=os.path.join(HERE, "..", "build", "tgv"))
    parser.add_argument("--vias", type=int, default=1000000)
    parser.add_argument("--large", type=int, default=0, help="a second, larger run, such as 10000000")
    parser.add_argument("--klayout", type=int, default=100000, help="vias of the run with KLayout; 0: none")
    parser.add_argument("--seed", type=int, default=1)
    a = parser.parse_args()
    good = True
    with tempfile.TemporaryDirectory() as folder:
        for n in (a.vias, a.large):
            if n:
                good &= check_million(a.tgv, folder, math.isqrt(n), a.seed)
        if a.klayout:
            good &= check_small(a.tgv, folder, math.isqrt(a.klayout), a.seed, shutil.which("klayout"))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
