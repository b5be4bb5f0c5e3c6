#!/bin/bash
# The process window: page, CSV and JSON agree; errors say the range; Ctrl-C changes nothing.
. "$(dirname "$0")/tap.sh"

accepted "middle of the best region" "a window over two keys" sweep small.yaml --vary "wet_etching.time=36..44 min:5" \
  --vary "wet_etching.bulk_rate=0.45..0.55 um/min:3" --vias 64 --out window.html --csv window.csv
[ "$(wc -l <window.csv)" -eq 16 ] && head -1 window.csv | grep -q '^wet_etching.time \[min\],wet_etching.bulk_rate \[um/min\],fail \[%\]'
verdict $? "... one line a point"
grep -q '"type":"window"' window.html
verdict $? "... and a page"
[ -z "$(find . -name '*.tmp*')" ]
verdict $? "... and no temporary files"
"$tgv" sweep small.yaml --vary "wet_etching.time=36..44 min:5" --vary "wet_etching.bulk_rate=0.45..0.55 um/min:3" --vias 64 \
  --out again.html --csv again.csv --threads 1 --json >out 2>log && cmp window.csv again.csv 2>>log
verdict $? "the same with one thread"
python3 - >>log 2>&1 <<'PY'
import csv, json
document, rows = json.load(open("out")), list(csv.DictReader(open("window.csv")))
assert document["points"] == len(rows) == 15 and document["vias"] == 64
for q in document["quantities"]:
    unit = f" [{q['unit']}]" if q["unit"] else ""
    for name, values in q["values"].items():
        column = q["name"] + ("" if name == "value" else "." + name) + unit
        for value, row in zip(values, rows, strict=True):
            assert value == (float(row[column]) if row[column] else None), (column, value, row[column])
PY
verdict $? "CSV and JSON have the same numbers"
python3 - >>log 2>&1 <<'PY'
import json, math
document = json.load(open("out"))
times, rates = (a["values"] for a in document["axes"])
top = next(q for q in document["quantities"] if q["name"] == "D_top")["values"]["nominal"]
for k, value in enumerate(top):  # closed form of the etch: 2 (r0 + v t sqrt((S - 1) / (S + 1))), r0 = 2 um, v_t = 10 um/min
    t, v = times[k % 5], rates[k // 5]
    want = 2 * (2 + v * t * math.sqrt((10 / v - 1) / (10 / v + 1)))
    assert abs(value - want) < 1e-4 * want, (t, v, value, want)
PY
verdict $? "D_top over the grid is the closed form"

# the same nominal via as of the project itself
"$tgv" sweep small.yaml --vary "wet_etching.time=40..41 min:2" --vias 16 --of D_waist --out one.html --json >out 2>log
python3 - >>log 2>&1 <<'PY'
import json
q = json.load(open("out"))["quantities"]
columns = [x for x in q if x["kind"] == "column"]
assert [x["name"] for x in columns] == ["D_waist"], columns
PY
verdict $? "--of chooses the quantities"
accepted "" "the geometry of the via" sweep small.yaml --vary via.aspect_ratio=3..20:3 --vary "via.diameter=20..110 um:3" --vias 16 --out g.html
accepted "" "a directory of a run" run small.yaml --out run --only design_rule_check
accepted "" "... can be swept" sweep run --vary "wet_etching.time=36..44 min:3" --vias 16 --out r.html
accepted "" "a key that is fixed" sweep small.yaml --vary "core.thickness_tolerance=5..20 um:3" --vias 16 --out f.html

accepted "vias with a void" "copper, plated by the solver" sweep small.yaml --set copper_plating.model=fitted --set copper_plating.time=1h \
  --vary "copper_plating.current_density=0.5..2 A/dm2:2log" --vias 16 --plated 2 --out c.html --csv c.csv
head -1 c.csv | grep -q 'fill_regime.nominal,' && [ "$(wc -l <c.csv)" -eq 3 ]
verdict $? "... with the regimes"

refused 2 "nothing is varied" "nothing is varied" sweep small.yaml
refused 2 "above the largest value 1000 h" "the range of a key" sweep small.yaml --vary "wet_etching.time=1..2000 h:3"
refused 2 "0.1 to 100" "the range of the aspect ratio" sweep small.yaml --vary via.aspect_ratio=0..3:3
refused 2 "at most 3" "four keys" sweep small.yaml --vary a --vary b --vary c --vary d
refused 2 "there are signal" "an unknown group" sweep small.yaml --via power --vary via.aspect_ratio=1..3:3
refused 2 "is no quantity" "an unknown column" sweep small.yaml --of D_middle --vary via.aspect_ratio=1..3:3
refused 2 "at least 16" "too few vias" sweep small.yaml --vias 3 --vary via.aspect_ratio=1..3:3
refused 2 "40000" "too many points" sweep small.yaml --vary "wet_etching.time=1..2 h:201" --vary "wet_etching.bulk_rate=0.4..0.5 um/min:201"
refused 3 "no/such" "a page that cannot be written" sweep small.yaml --vary "wet_etching.time=36..44 min:2" --vias 16 --out no/such/dir.html

# Ctrl-C: a sweep of minutes is stopped and changes no file
cp window.html before.html
"$tgv" sweep small.yaml --vary "core.thickness_tolerance=5..20 um:200" --vary "wet_etching.time=36..44 min:200" --vias 65536 \
  --out window.html >out 2>log &
sweep=$!
sleep 1
kill -INT $sweep
wait $sweep
got=$?
echo "exit code $got" >>log
[ $got -eq 7 ] && grep -q "no file was changed" log && cmp window.html before.html
verdict $? "Ctrl-C changes no file"
conclude
