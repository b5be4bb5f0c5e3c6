#!/bin/sh
# --json: every command prints one JSON document and nothing else on stdout, errors too.
. "$(dirname "$0")/tap.sh"

# document CODE KEY NAME ARGUMENTS...: tgv --json ends with CODE; stdout is one document that has KEY; stderr is empty
document()
{
  code=$1 key=$2 name=$3
  shift 3
  "$tgv" "$@" --json >"$work/out" 2>"$work/err"
  got=$?
  {
    cat "$work/err"
    head -c 400 "$work/out"
    echo "exit code $got, expected $code"
  } >"$work/log"
  [ $got -eq "$code" ] && [ ! -s "$work/err" ] && python3 - "$work/out" "$key" >>"$work/log" 2>&1 <<'PY'
import json, sys
document = json.load(open(sys.argv[1], encoding="utf-8"), parse_constant=lambda word: sys.exit(f"{word} is no JSON"))
for step in sys.argv[2].split("."):
    document = document[step]
PY
  verdict $? "$name"
}

document 0 commands "help" --help
document 0 version "version" --version
for command in run report list show via check drc glass docs sweep; do
  document 0 options "help of $command" "$command" --help
done
document 0 stages "run" run small.yaml --out run
document 0 report "report" report run
for topic in stages formats sections commands columns causes keys glasses metals dielectrics design_rules thermal_cycles fatigue_laws recipes panels; do
  document 0 $topic "list $topic" list $topic
done
document 0 stages "list --flow" list --flow
document 0 values "show a glass" show glass "EAGLE XG"
document 0 values "show a project" show small.yaml
document 0 values "show a run" show run
document 0 meaning "show a key" show key wet_etching.time
document 0 meaning "show a section" show key wet_etching
document 0 meaning "show a quantity" show column D_top
document 0 writes "show a stage" show stage wet_etching
document 0 columns.D_top.si "via" via run 100
document 0 directory "docs" docs pages
document 0 axes "sweep" sweep small.yaml --vary "wet_etching.time=36..44 min:3" --vias 16 --out window.html
document 0 answers "fill" fill small.yaml --fast --out fill.html

cat >good.case <<'CASE'
case the default etch
expect D_top = 42.05 um +- 0.01 um
CASE
cat >mixed.case <<'CASE'
case fails
expect D_top = 50 um +- 1 um
case cannot be run
given no.such = 3
expect D_top = 50 um
CASE
document 0 passed "check" check good.case
document 2 cases "check with a failure and an error" check mixed.case
printf 'x [mm],y [mm]\n0,0\n0.1,0\n' >vias.csv
document 0 rules "drc" drc vias.csv --diameter 42um --rule "pitch_min=50 um"
document 1 rules "drc with a violation" drc vias.csv --diameter 42um --rule "pitch_min=150 um"

document 0 nearest.name "glass" glass SiO2=67.7 Al2O3=11 B2O3=9.8 MgO=2.3 CaO=8.8 SrO=0.5
document 0 properties "glass outside of all windows" glass SiO2=72 Na2O=14 CaO=9 MgO=5
document 0 compositions "glass --find" glass --find "E > 80 GPa" --count 2
document 1 compositions "glass --find without an answer" glass --find "E > 120 GPa"
document 0 models "glass --models" glass --models
document 2 error.message "glass of an unknown oxide" glass SiO3=100

document 2 error.message "no command"
document 2 error.message "an unknown command" rnu
document 2 error.message "an unknown option" run small.yaml --nonsense
document 2 error.places "an error in a project" run small.yaml --out run --set wet_etching.time=3
document 3 error.code "a file that does not exist" run nothing.yaml
document 2 error.message "an unknown glass" show glass nothing
document 2 error.message "a via beyond the panel" via small.yaml 99999999
document 3 error.message "a report of nothing" report nothing
document 2 error.message "a table that is none" drc small.yaml
echo "a: [" >bad.yaml
document 2 error.places "broken YAML" run bad.yaml
python3 -c 'import json; p = json.load(open("out"))["error"]["places"][0]; assert p["file"] == "bad.yaml" and p["line"] >= 1' 2>"$work/log"
verdict $? "an error names file and line"
conclude
