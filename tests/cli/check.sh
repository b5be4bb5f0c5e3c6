#!/bin/sh
# tgv check: what passes, what fails, what cannot be run; exit codes 0, 1, 2.
. "$(dirname "$0")/tap.sh"

# passes NAME: the case on stdin passes;  fails CODE PATTERN NAME: it ends with CODE and PATTERN in what is printed
passes()
{
  cat >t.case
  accepted '^[1-9][0-9]* passed, 0 failed$' "$1" check t.case
}
fails()
{
  cat >t.case
  "$tgv" check t.case >log 2>&1
  got=$?
  echo "exit code $got, expected $1" >>log
  [ $got -eq "$1" ] && grep -qE -e "$2" log
  verdict $? "$3"
}

passes "the example of the design" <<'CASE'
case    too short an etch leaves the via closed (a result, not an error)
given   wet_etching.time = 10 min
expect  D_waist = 0 um +- 0 um
source  a paper
CASE
# D_top of the default etch: 2 (2 um + 0.5 um/min x 40 min x sqrt(19/21)) = 42.04759 um
passes "tolerances and relations" <<'CASE'
case all of them, on the nominal via
expect D_top = 42.0476 um +- 0.0001 um
expect D_top = 42.05 um +- 0.1 %
expect D_top = 42.05 +- 0.01 um
expect D_top = 42.05 um ± 0.01
expect D_top = 0.0420476 mm +- 5 ppm
expect D_top > 42 um
expect D_top < 0.1 mm
expect D_top >= 42.04 um
expect D_top <= 42.06 um
expect D_top in 42 .. 43 um
expect D_bottom in 42 um .. 43 um
expect dose = 1
expect no flag closed
expect no flag model_range
CASE
passes "one stage only" <<'CASE'
stage glass_blank
case the blank
given glass_blank.thickness = 0.6 mm
expect thickness_blank = 0.6 mm
CASE
passes "records by number and by name" <<'CASE'
case a group and a variation
given via_groups[0].D_top_min = 50 um
given via_groups.signal.D_waist_min = 1 um
given variation[0].input = wet_etching.bulk_rate
given variation[0].nugget = 2 %
expect flag top_small
expect no flag waist_small
CASE
mkdir -p sub
cp small.yaml sub/p.yaml
cat >sub/t.case <<'CASE'
case from a project beside the case file
project p.yaml
given project.variation = none
expect units_per_panel = 9
expect via_fail_fraction = 0 +- 0
expect unit_pass_fraction = 100 % +- 0.01 %
CASE
accepted '^1 passed, 0 failed$' "results of a whole line" check sub/t.case

mkdir -p deep/er
cp sub/t.case deep/er/t.case
sed -i 's,project p.yaml,project sub/p.yaml,' deep/er/t.case
accepted '^1 passed, 0 failed$' "a project from where the program was started" check deep/er/t.case

fails 1 '^t\.case:2:[0-9]+: D_top = 42\.0476 um, expected 50 um \+- 1 um \(difference -7\.95' "a wrong number" <<'CASE'
case wrong
expect D_top = 50 um +- 1 um
CASE
fails 1 '^t\.case:2:' "no tolerance asks for agreement" <<'CASE'
case nearly
expect D_top = 42.048 um
CASE
fails 1 '^t\.case:2:' "an open via is not closed" <<'CASE'
case open
expect flag closed
CASE
fails 1 '1 passed, 2 failed' "each case is counted" <<'CASE'
case one
expect D_top > 1 um
case two
expect D_top > 1 mm
case three
expect D_top < 1 um
CASE
fails 1 'source: a paper' "a failure names the source" <<'CASE'
case one
expect D_top > 1 mm
source a paper
CASE
fails 2 '^t\.case:2:7: .*wet_etching\.tim.*did you mean "time"' "an unknown key" <<'CASE'
case one
given wet_etching.tim = 3 min
expect D_top > 1 mm
CASE
fails 2 '^t\.case:2:[0-9]+: .*3 um.*not a time' "a wrong dimension" <<'CASE'
case one
given wet_etching.time = 3 um
expect D_top > 1 mm
CASE
fails 2 '^t\.case:2:[0-9]+: .*below the smallest value' "out of range" <<'CASE'
case one
given wet_etching.time = -3 min
expect D_top > 1 mm
CASE
fails 2 '^t\.case:2:8: there is no quantity "D_tpo", did you mean "D_top"' "an unknown quantity" <<'CASE'
case one
expect D_tpo > 1 mm
CASE
fails 2 '^t\.case:2:8: .*"1 K" is not a length' "an expected value of another dimension" <<'CASE'
case one
expect D_top > 1 K
CASE
fails 2 '^t\.case:2:8: "1 min" is not a length' "a tolerance of another dimension" <<'CASE'
case one
expect D_top = 42 um +- 1 min
CASE
fails 2 '^t\.case:2:8: .*of 0 is 0' "a relative tolerance of nothing" <<'CASE'
case one
expect D_waist = 0 um +- 1 %
CASE
fails 2 '^t\.case:2:8: .*there is no flag "closd", did you mean "closed"' "an unknown flag" <<'CASE'
case one
expect flag closd
CASE
fails 2 '^t\.case:2:[0-9]+: there is no stage "wet_etchin", did you mean "wet_etching"' "an unknown stage" <<'CASE'
case one
stage wet_etchin
expect D_top > 1 um
CASE
fails 2 '^t\.case:3:8: no stage up to glass_blank writes D_top' "a quantity of a later stage" <<'CASE'
case one
stage glass_blank
expect D_top > 1 um
CASE
fails 2 '^t\.case:2:[0-9]+: .*nothing\.yaml' "a project that does not exist" <<'CASE'
case one
project nothing.yaml
expect D_top > 1 um
CASE
fails 2 '1 passed, 1 failed' "a case that cannot be run does not stop the others" <<'CASE'
case one
given nonsense = 1
expect D_top > 1 um
case two
expect D_top > 1 um
CASE
fails 2 '^t\.case:1:6: .*expects nothing' "a case that cannot fail" <<'CASE'
case one
CASE
fails 2 'there is no case' "an empty file" </dev/null
refused 2 'there is no such file' "a file that does not exist does not stop the others" check nothing.case sub/t.case
grep -q '1 passed, 1 failed' out
verdict $? "... and counts as failed"

printf 'case a\nexpect D_top > 1 um\nsource the book\ncase b\nexpect D_top > 1 mm\n' >t.case
"$tgv" check --tap t.case >out 2>log
[ $? -eq 1 ] && grep -q '^ok 1 - a$' out && grep -q '^not ok 2 - b$' out && grep -q '^1\.\.2$' out && grep -q '^# t.case:5:8: ' out
verdict $? "the Test Anything Protocol"
"$tgv" check --ledger ledger.md --ledger ledger.json t.case >/dev/null 2>log
grep -q '| D_top | 42.0476 um | > 1 um |.*| the book |' ledger.md && python3 -m json.tool ledger.json >>log 2>&1
verdict $? "the ledger holds the cases with a source"
! grep -q '1000 um' ledger.md
verdict $? "... and no others"

# hundreds of cases a second
for i in $(seq 1000); do
  printf 'case number %d\ngiven wet_etching.time = %d s\nexpect D_top > 1 um\n' "$i" $((2400 + i))
done >many.case
start=$(date +%s%N)
accepted '^1000 passed, 0 failed$' "a thousand cases" check many.case
[ $(($(date +%s%N) - start)) -lt 5000000000 ]
verdict $? "... in less than five seconds"
conclude
