"""A 510 x 515 mm panel with 20 million vias: time on two threads and peak memory, against the goals.
usage: full_panel.py TGV"""
import json
import os
import resource
import subprocess
import sys
import tempfile
import time

PITCH_UM = 114.6  # 20.0 million vias on the panel of examples/full-panel
GOAL_SECONDS, GOAL_MB, REPEATS = 2.0, 200, 3

root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
project = os.path.join(root, "examples", "full-panel", "project.yaml")


def run(extra):
    """Best wall and processor time of a few runs, and the number of vias."""
    best_wall = best_cpu = float("inf")
    for _ in range(REPEATS):
        with tempfile.TemporaryDirectory() as out:
            before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
            subprocess.run([sys.argv[1], "run", project, "--out", out, "--threads", "2", "--quiet", *extra,
                            "--set", f"via_groups.field.pitch_x={PITCH_UM} um"], check=True)
            wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
            best_wall = min(best_wall, wall)
            best_cpu = min(best_cpu, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
            with open(os.path.join(out, "result.json"), encoding="utf-8") as file:
                vias = json.load(file)["geometry"]["vias"]
    return best_wall, best_cpu, vias


for what, extra in (("every via through variation, defects, glass, laser, etch, limits, statistics, maps", ["--only", "panel_survey"]),
                    ("the same with design rules, yield, sensitivity and report", [])):
    seconds, cpu, n = run(extra)
    print(f"{n / 1e6:.1f} million vias, {what}: {seconds:.2f} s wall, {cpu:.2f} s processor ({1e9 * cpu / n:.0f} ns a via), best of {REPEATS}")
memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
print(f"peak memory {memory:.0f} MB; goal {GOAL_SECONDS:g} s on two free cores ({2 * GOAL_SECONDS:g} s processor) and {GOAL_MB} MB; "
      f"load of the machine now {os.getloadavg()[0]:.1f}")
