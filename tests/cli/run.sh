#!/bin/bash
# A run: incremental, resumable, and the same for any number of ranks, threads and vias of a tile.
. "$(dirname "$0")/tap.sh"
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1

# stages FILTER: names of the stages of the JSON in $work/out for which FILTER (an expression of s) holds
stages()
{
  python3 -c "
import json
print(' '.join(s['stage'] for s in json.load(open('out'))['stages'] if $1))"
}

# same A B NAME: two run directories hold the same results, byte for byte but for the times
same()
{
  : >"$work/log"
  for file in "$1"/stages/*.json; do
    cmp "$file" "$2/stages/$(basename "$file")" >>"$work/log" 2>&1
  done
  diff <(sed 's/"file":.*//' "$1/result.json") <(sed 's/"file":.*//' "$2/result.json") >>"$work/log" 2>&1
  [ ! -s "$work/log" ] && [ -n "$(ls "$1"/stages)" ] && [ "$(ls "$1/stages")" = "$(ls "$2/stages")" ]
  verdict $? "$3"
}

accepted "the report is a/report.html" "a run says where its report is" run small.yaml --out a
for file in result.json report.html project.yaml; do
  [ -s "a/$file" ]
  verdict $? "a run leaves $file"
done
[ -z "$(find a -name '*.tmp*')" ]
verdict $? "... and no temporary files"

# incremental
"$tgv" run small.yaml --out a --json >out 2>log
[ -z "$(stages 'not s["reused"]')" ]
verdict $? "a second run computes nothing again"
"$tgv" run small.yaml --out a --json --set "project.title=other words" >out 2>log
[ -z "$(stages 'not s["reused"]')" ]
verdict $? "a title changes no result"
"$tgv" run small.yaml --out a --json --set "sensitivity.cut=20 %" >out 2>log
stages 'not s["reused"]' >log
[ "$(cat log)" = yield_sensitivity ]
verdict $? "a key of one stage runs that stage only"
"$tgv" run small.yaml --out a --json --set "wet_etching.time=41 min" >out 2>log
stages 's["reused"]' >log
! grep -qw -e panel_survey -e yield -e via_sample log
verdict $? "another recipe runs the stages behind it"
"$tgv" run small.yaml --out a --json --fresh >out 2>log
[ -z "$(stages 's["reused"]')" ]
verdict $? "--fresh runs all"
"$tgv" run small.yaml --out only --only panel_survey --json >out 2>log
[ "$(stages 'True')" = panel_survey ]
verdict $? "--only runs what is needed"
echo damaged >a/stages/panel_survey.json
"$tgv" run small.yaml --out a --json >out 2>log
stages 'not s["reused"]' | grep -q panel_survey
verdict $? "a damaged result is made again"

# the same for any division of the work
"$tgv" run small.yaml --out one --quiet --threads 1 2>log
verdict $? "one thread"
same a one "one thread gives the same"
for tile in 1 3 1000; do
  "$tgv" run small.yaml --out "tile$tile" --quiet --tile $tile 2>log
  same a tile$tile "tiles of $tile blocks give the same"
done
if command -v mpirun >/dev/null; then
  for ranks in 2 3; do
    mpirun -n $ranks "$tgv" run small.yaml --out ranks$ranks --quiet >log 2>&1
    verdict $? "$ranks ranks"
    same a ranks$ranks "$ranks ranks give the same"
  done
  mpirun -n 2 "$tgv" run small.yaml --out ranks2 --set wet_etching.time=3 >log 2>&1
  [ $? -eq 2 ] && [ "$(grep -c 'has no unit' log)" -eq 1 ]
  verdict $? "an error is told once"
fi
"$tgv" via small.yaml 1234 --set project.seed=8 >other.txt 2>log && "$tgv" via small.yaml 1234 >this.txt 2>>log && ! cmp -s other.txt this.txt
verdict $? "another seed gives other vias"

# the same via again
"$tgv" via a 1234 --json >one.json 2>log && "$tgv" via small.yaml 1234 --json >two.json 2>>log && cmp one.json two.json >>log 2>&1
verdict $? "a via of the run is that of the project"

# two at once
"$tgv" run small.yaml --out both --quiet --set yield.panels=400 2>log &
first=$!
sleep 0.2
"$tgv" run small.yaml --out both --quiet --set yield.panels=400 2>second
got=$?
wait $first
{ [ $got -eq 3 ] && grep -q "another run" second; } || [ $got -eq 0 ] # the first may have been done already
verdict $? "two runs do not share a directory"

# Ctrl-C: a run of a few seconds is stopped, is valid, and goes on
cat >long.yaml <<'YAML'
include: panels/510x515.yaml
project: {name: long}
package: {width: 50 mm, height: 50 mm}
core: {glass: EAGLE XG, thickness: 0.5 mm}
glass_blank: {thickness: 0.54 mm}
via_groups:
- {name: power, function: power, pitch_x: 75 um, diameter: 42 um, D_top_min: 38 um}
variation:
- {input: wet_etching.bulk_rate, field: 1 %, nugget: 1 %}
yield: {panels: 4, samples: 400}
sensitivity: {samples: 16}
YAML
for signal in INT TERM; do
  rm -rf stopped
  "$tgv" run long.yaml --out stopped --threads 1 >out 2>log &
  run=$!
  for try in $(seq 100); do # until the first result is there: then the survey of 46 million vias has begun
    [ -e stopped/stages/design_rule_check.json ] && break
    sleep 0.1
  done
  kill -$signal $run
  wait $run
  got=$?
  echo "exit code $got" >>log
  [ $got -eq 7 ]
  verdict $? "SIG$signal ends a run with exit code 7"
  grep -q "goes on from here" log
  verdict $? "... and says how it goes on"
  python3 -c 'import json; r = json.load(open("stopped/result.json")); assert not r["complete"] and r["stages"]' 2>>log
  verdict $? "... and leaves a valid directory"
done
accepted "unit" "a stopped run can be looked at" via stopped 5
"$tgv" run long.yaml --out stopped --json >out 2>log
[ $? -eq 0 ] && stages 's["reused"]' | grep -q design_rule_check
verdict $? "the same command goes on from there"
conclude
