#!/bin/sh
# Nonsense in a project file is told before any work starts: the place, what is wrong, the value, the limit; exit code 2.
. "$(dirname "$0")/tap.sh"

# bad PATTERN NAME: bad.yaml is refused with PATTERN, and no directory is left behind
bad()
{
  refused 2 "$1" "$2" run bad.yaml --out left
  [ ! -e left ]
  verdict $? "... and nothing is left behind"
}

base='project: {name: x}
package: {width: 20 mm, height: 20 mm}
core: {glass: EAGLE XG, thickness: 0.5 mm}
glass_blank: {thickness: 0.54 mm}
via_groups:
- {name: signal, function: signal, pitch_x: 600 um, diameter: 42 um}'

# the good project with lines added, or edited
with() { printf '%s\n%s\n' "$base" "$1" >bad.yaml; }
changed() { echo "$base" | sed "$1" >bad.yaml; }

with "wet_etching: {time: 40 min}"
accepted "good units" "the project that is spoilt below is good" run bad.yaml --out left --only panel_survey
rm -rf left

with "wet_etching: {tme: 40 min}"; bad '^bad\.yaml:7:[0-9]+: .*tme.*did you mean "time"' "an unknown key"
with "wet_etcing: {time: 40 min}"; bad '^bad\.yaml:7:1: .*wet_etcing.*wet_etching' "an unknown section"
with "wet_etching: {time: 40}"; bad '^bad\.yaml:7:[0-9]+: .*40 has no unit' "a bare number"
with "wet_etching: {time: 40 um}"; bad '^bad\.yaml:7:[0-9]+: .*40 um.*not a time' "a wrong dimension"
with "wet_etching: {time: 40 mins and more}"; bad '^bad\.yaml:7:' "text behind a quantity"
with "wet_etching: {time: -3 min}"; bad '^bad\.yaml:7:[0-9]+: .*-3 min is below the smallest value 0 min' "below the range"
with "wet_etching: {time: 3000 h}"; bad '^bad\.yaml:7:[0-9]+: .*3000 h is above the largest value 1000 h' "above the range"
with "wet_etching: {time: nan min}"; bad '^bad\.yaml:7:' "not a number"
with "wet_etching: {time: 1e999 min}"; bad '^bad\.yaml:7:' "an infinite number"
with "wet_etching: {time: 40 min, time: 50 min}"; bad '^bad\.yaml:7:[0-9]+: .*time' "a key given twice"
with "wet_etching: {sides: botom}"; bad '^bad\.yaml:7:[0-9]+: .*botom' "a word that is no choice"
with "process_steps: [{name: etch, stage: wet_etcing}]"; bad '^bad\.yaml:7:[0-9]+: .*no stage "wet_etcing".*did you mean "wet_etching"' "an unknown stage"
with "project2: 3"; bad '^bad\.yaml:7:' "a section that is a number"
with "wet_etching: [1, 2]"; bad '^bad\.yaml:7:' "a list where a mapping is meant"
with "wet_etching: {time: [1, 2]}"; bad '^bad\.yaml:7:' "a list where a quantity is meant"
with "wet_etching: {time: 40 min"; bad '^bad\.yaml:[78]:' "broken YAML"
with "include: bad.yaml"; bad 'bad\.yaml:7:[0-9]+: .*include' "a file that includes itself"
with "include: nothing.yaml"; bad 'bad\.yaml:7:[0-9]+: .*nothing\.yaml' "an include that does not exist"
with "variation: [{input: wet_etching.tim, nugget: 1 %}]"; bad '^bad\.yaml:7:[0-9]+: .*wet_etching\.tim' "a variation of nothing"
with "variation: [{input: wet_etching.time, nugget: 1 um}]"; bad '^bad\.yaml:7:' "a spread of another dimension"
changed 's/600 um/0.1 um/'; bad 'vias' "an absurd number of vias"
changed 's/EAGLE XG/EAGEL XG/'; bad 'EAGEL XG.*EAGLE XG' "a glass that is not in the library"
changed 's/20 mm, height: 20 mm/690 mm, height: 690 mm/'; bad 'unit|panel' "a unit larger than the panel"
changed '/^core/d'; bad 'core' "a section that is missing"
changed 's/, diameter: 42 um//'; bad '^bad\.yaml:6:[0-9]+: .*diameter' "a key that is missing in a record"
changed 's/function: signal/function: signal, pattern: csv/'; bad 'csv|file' "positions from no file"
changed 's/function: signal/function: signal, under: die0/'; bad '^bad\.yaml:6:[0-9]+: .*die0' "the shadow of a chiplet that is not there"
printf '' >bad.yaml; bad 'bad\.yaml' "an empty file"
printf '\000\001\002\377' >bad.yaml; bad 'bad\.yaml' "bytes that are no text"
head -c 100000 /dev/zero | tr '\0' '[' >bad.yaml; bad 'bad\.yaml' "a hundred thousand brackets"
with "a: &a [x]
b: [*a, *a]"; bad 'bad\.yaml' "anchors and aliases"

with "wet_etching: {tme: 40 min, time: 40, sides: x, bulk_rate: 0.5 um, track_rate: 0 um/min}"
"$tgv" run bad.yaml --out left >/dev/null 2>"$work/log"
[ "$(grep -c '^bad.yaml:7:' "$work/log")" -eq 5 ]
verdict $? "five mistakes are told in one go"

refused 2 'wet_etching\.tme' "an override of an unknown key" run small.yaml --out left --set wet_etching.tme=3
refused 2 '3 has no unit' "an override without a unit" run small.yaml --out left --set wet_etching.time=3
refused 2 'KEY=VALUE|=' "an override without a value" run small.yaml --out left --set wet_etching.time
refused 2 'no "power" in via_groups' "an override of a record that is not there" run small.yaml --out left --set "via_groups.power.pitch_x=3 um"

# tables of positions
sed 's/width: 12 mm, height: 12 mm, pitch_x: 600 um/pattern: csv, file: vias.csv/' small.yaml >csv.yaml
table() { refused 2 "$1" "$2" run csv.yaml --out left; }
printf 'x [mm],y [mm]\n1,2\n3,-4\n' >vias.csv
accepted "vias of a unit +2" "a good table" run csv.yaml --out left --only panel_survey
printf 'x [mm],y [mm]\n1,2\n3,four\n' >vias.csv; table 'vias\.csv:3:[0-9]+: .*four' "a word in a table of numbers"
printf 'x [mm],y [mm]\n1,2\n3\n' >vias.csv; table 'vias\.csv:3' "a row that is too short"
printf 'x,y\n1,2\n' >vias.csv; table 'vias\.csv:1' "a table without units"
printf 'x [K],y [mm]\n1,2\n' >vias.csv; table 'vias\.csv:1' "a table with a wrong unit"
printf 'x [mm],z [mm]\n1,2\n' >vias.csv; table 'vias\.csv:1' "a table without y"
printf '' >vias.csv; table 'vias\.csv' "an empty table"
printf 'x [mm],y [mm]\n1000,2\n' >vias.csv; table 'vias\.csv|outside|unit' "a via outside the unit"

mkdir -p locked
: >locked/run
refused 3 'locked/run' "an output directory that is a file" run small.yaml --out locked/run
conclude
