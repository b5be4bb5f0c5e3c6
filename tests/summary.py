"""Counts the test cases of a Meson test log: a program that speaks TAP counts each of its cases, any other counts one.
usage: summary.py testlog.json EXIT_CODE_OF_MESON
The last line printed is "N passed, N failed"; the exit code is 0 only if there was at least one case and none failed."""
import json
import re
import sys

TAP = re.compile(r"^(not )?ok\b[^#\n]*(?:#\s*(\w+))?(.*)", re.MULTILINE)

passed = failed = 0
skipped, broken = [], []
try:
    runs = [json.loads(line) for line in open(sys.argv[1], encoding="utf-8") if line.strip()]
except OSError as problem:
    runs = []
    print(problem)

for run in runs:
    good = bad = 0
    for bad_word, directive, reason in TAP.findall(run.get("stdout", "")):
        if directive.upper() == "SKIP":
            skipped.append(run["name"] + reason)
        elif bad_word and directive.upper() != "TODO":
            bad += 1
        else:
            good += 1
    if run["result"] == "SKIP":
        skipped.append(run["name"])
    elif run["result"] in ("OK", "EXPECTEDFAIL"):
        good += not (good or bad)
    else:
        bad += not bad  # it crashed, ran out of time, or lost its plan
    if bad:
        broken.append(f"{run['name']} ({run['result']})")
    passed += good
    failed += bad

if int(sys.argv[2]) and not failed:
    failed = 1
    broken.append("meson test itself")
for name in broken:
    print("failed:", name)
for name in skipped:
    print("skipped:", name)
print(f"{passed} passed, {failed} failed")
sys.exit(0 if passed and not failed else 1)
