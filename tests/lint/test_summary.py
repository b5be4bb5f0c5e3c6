#!/usr/bin/env python3
"""The count at the end of `make test` counts: cases of TAP, programs without, crashes, skips, an empty log (TAP)."""
import json
import os
import subprocess
import sys
import tempfile

SUMMARY = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "summary.py")

# name, runs (result, stdout), exit code of Meson, last line, exit code
CASES = [
    ("cases of TAP", [("OK", "1..2\nok 1 - a\nok 2 - b\n")], 0, "2 passed, 0 failed", 0),
    ("names that hold words of TAP", [("OK", "ok 1 - not ok\n# ok 2\n1..1\n")], 0, "1 passed, 0 failed", 0),
    ("a program without TAP", [("OK", "fine\n"), ("OK", "")], 0, "2 passed, 0 failed", 0),
    ("a failed case", [("FAIL", "ok 1 - a\nnot ok 2 - b\n1..2\n")], 1, "1 passed, 1 failed", 1),
    ("a failed program", [("FAIL", "oh\n"), ("OK", "")], 1, "1 passed, 1 failed", 1),
    ("a crash behind good cases", [("ERROR", "ok 1 - a\nok 2 - b\n")], 1, "2 passed, 1 failed", 1),
    ("a time-out", [("TIMEOUT", "ok 1 - a\n")], 1, "1 passed, 1 failed", 1),
    ("a skipped case", [("OK", "ok 1 - a # SKIP no such program\nok 2 - b\n1..2\n")], 0, "1 passed, 0 failed", 0),
    ("a skipped program", [("SKIP", ""), ("OK", "")], 0, "1 passed, 0 failed", 0),
    ("Meson itself failed", [("OK", "ok 1 - a\n1..1\n")], 2, "1 passed, 1 failed", 1),
    ("no tests at all", [], 0, "0 passed, 0 failed", 1),
]


def main():
    print(f"1..{len(CASES)}")
    for number, (name, runs, meson, want, code) in enumerate(CASES, 1):
        with tempfile.NamedTemporaryFile("w", suffix=".json") as log:
            for i, (result, stdout) in enumerate(runs):
                log.write(json.dumps({"name": f"run{i}", "result": result, "stdout": stdout}) + "\n")
            log.flush()
            done = subprocess.run([sys.executable, SUMMARY, log.name, str(meson)], capture_output=True, text=True)
        got = (done.stdout.rstrip().split("\n")[-1], done.returncode)
        print(f"{'ok' if got == (want, code) else 'not ok'} {number} - {name}")
        if got != (want, code):
            print(f"# got {got}, expected {(want, code)}")


if __name__ == "__main__":
    main()
