#!/bin/bash
# The filling of one via: the fast model in a moment, the reference on a coarse grid; pages, JSON, errors.
. "$(dirname "$0")/tap.sh"

accepted "fast model" "the fast model" fill small.yaml --fast --out fast.html
grep -q '"type":"filling"' fast.html
verdict $? "... leaves a page"
"$tgv" fill small.yaml --fast --json --out json.html >out 2>log
python3 - >>log 2>&1 <<'PY'
import json
document = json.load(open("out"))
(answer,) = document["answers"]
assert document["group"] == "signal" and answer["solver"] == "fast model"
assert answer["regime"] in "passive arrested filled void pinched butterfly".split()
assert 0 <= answer["fill"]["value"] <= 100 and abs(answer["balance"]["value"]) < 1
PY
verdict $? "... and says it in JSON"

# a short, wide via on a coarse grid: both solvers, side by side
wide="--set glass_blank.thickness=0.14mm --set core.thickness=0.1mm --set copper_plating.time=30min"
accepted "moving front" "the reference beside it" fill small.yaml $wide --cells 20 --out both.html
python3 - >>log 2>&1 <<'PY'
import json, re
page = open("both.html", encoding="utf-8").read()
data = json.loads(re.search(r'id="opentgv-data">(.*?)</script>', page, re.S)[1])
block = next(b for s in data["sections"] for b in s["blocks"] if b["type"] == "filling")
assert [s["kind"] for s in block["solutions"]] == ["front", "depth"]
for s in block["solutions"]:
    times = [p["time"] for p in s["pictures"]]
    assert len(times) >= 2 and times == sorted(times), times
PY
verdict $? "... with pictures in order of time"

refused 2 "is closed" "a closed via" fill small.yaml --fast --set "wet_etching.time=5 min"
refused 2 "there are signal" "an unknown group" fill small.yaml --fast --via power
refused 2 "at least 20" "too few cells" fill small.yaml --cells 3
refused 2 "take off" "reverse pulses that strip more than they plate" fill small.yaml --fast --set copper_plating.waveform=reverse --set "copper_plating.reverse_time=1 h"
conclude
