#!/usr/bin/env python3
"""Elastic fields of 3 x 3 copper vias: elastic_array.py BENCH [SIDE LAYERS]. BENCH (elastic_array of this folder) beside CalculiX with its
default solver (SPOOLES) on the same mesh, one thread each, processor time of whole programs. The displacements must agree to 3e-7 of the
largest: CalculiX prints seven digits. ORDER 2 on the same lattice of nodes and PETSc's multigrid on the same matrix are shown too."""
import os
import re
import resource
import subprocess
import sys
import tempfile

AGREE = 3e-7
bench = os.path.abspath(sys.argv[1])
side, layers = (sys.argv[2:4] + ["8", "24"])[:2] if len(sys.argv) > 3 else ("8", "24")
environment = dict(os.environ, OMP_NUM_THREADS="1", OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1")


def run(command, folder):
    """the output, the processor seconds and the memory in MB of a program"""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    p = subprocess.run(["/usr/bin/env", *command], cwd=folder, env=environment, capture_output=True, text=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return p.stdout, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, after.ru_maxrss / 1024


def rows(path, width):
    """node -> displacement, of lines of a number and three reals"""
    number = re.compile(r"\s*(\d+)\s+(\S+)\s+(\S+)\s+(\S+)\s*$")
    with open(path) as f:
        found = (number.match(line) for line in f)
        return {int(m[1]): tuple(float(m[i]) for i in range(2, 2 + width)) for m in found if m}


def main():
    with tempfile.TemporaryDirectory() as folder:
        out, _, _ = run([bench, "3", side, layers, "1", "multigrid", f"{folder}/array.inp"], folder)
        ours = []
        for name, order, method in (("multigrid, 8 nodes", 1, "multigrid"), ("multigrid, 27 nodes", 2, "multigrid"), ("PETSc GAMG, 8 nodes", 1, "gamg")):
            out, seconds, memory = run([bench, "3", side, layers, str(order), method], folder)
            ours.append((name, seconds, memory, out))
        _, theirs, memory = run(["ccx", "-i", "array"], folder)
        want, got = rows(f"{folder}/array.dat", 3), rows(f"{folder}/array.inp.u", 3)
    largest = max(abs(x) for u in want.values() for x in u)
    off = max(abs(a - b) for n, u in want.items() for a, b in zip(u, got[n])) / largest
    for name, seconds, used, out in ours:
        print(f"OpenTGV {name:22} {seconds:7.2f} s {used:6.0f} MB  ratio {theirs / seconds:5.1f}  {out.strip()}")
    print(f"CalculiX (SPOOLES) {'':11} {theirs:7.2f} s {memory:6.0f} MB (the largest of all runs)")
    print(f"largest difference of a displacement: {off:.1e} of the largest displacement, {len(want)} nodes")
    return off > AGREE or len(want) != len(got)


sys.exit(main())
