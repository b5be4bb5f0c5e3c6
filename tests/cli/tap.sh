# Sourced by the tests of the command line: SCRIPT TGV SOURCE_ROOT, output in the Test Anything Protocol.
tgv=$(realpath "$1") root=$2 number=0
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
export TGV_DATA="$root/data" NO_COLOR=1
cd "$work" || exit 1

# A small project that runs in a second: 9 units of 441 vias, every component of the variation, defects.
cat >small.yaml <<'YAML'
project: {name: small, seed: 7}
package: {width: 20 mm, height: 20 mm}
core: {glass: EAGLE XG, thickness: 0.5 mm}
glass_blank: {thickness: 0.54 mm}
panel: {width: 65 mm, height: 65 mm, edge_exclusion: 1 mm, street: 0.2 mm}
via_groups:
- {name: signal, function: signal, width: 12 mm, height: 12 mm, pitch_x: 600 um, diameter: 42 um,
   D_top_min: 38 um, D_top_max: 46 um, D_waist_min: 10 um, position_max: 5 um}
variation:
- {input: wet_etching.bulk_rate, lot: 1 %, panel: 1 %, trend_x: 1 %, radial: 1 %, edge: 1 %, field: 1 %, nugget: 1 %}
- {input: laser_drilling.offset_x, scan: 0.5 um, nugget: 0.5 um, tail: 5}
defects:
- {name: dust, kind: cluster, density: 500 1/m2, members: 3, spread: 1 mm, radius: 200 um}
yield: {panels: 8, samples: 400}
sensitivity: {samples: 16}
YAML

# verdict STATUS NAME: 0 is good; $work/log holds what to say if not
verdict()
{
  number=$((number + 1))
  if [ "$1" -eq 0 ]; then
    echo "ok $number - $2"
  else
    echo "not ok $number - $2"
    head -30 "$work/log" | sed 's/^/# /'
  fi
}

# refused CODE PATTERN NAME ARGUMENTS...: tgv ends with CODE, and PATTERN (extended, on one line) is in its message
refused()
{
  code=$1 pattern=$2 name=$3
  shift 3
  "$tgv" "$@" >"$work/out" 2>"$work/log"
  got=$?
  if [ $got -ne "$code" ]; then
    echo "exit code $got, expected $code: tgv $*" >>"$work/log"
    verdict 1 "$name"
  elif ! grep -qE -e "$pattern" "$work/log"; then
    echo "the message lacks: $pattern" >>"$work/log"
    verdict 1 "$name"
  else
    verdict 0 "$name"
  fi
}

# accepted PATTERN NAME ARGUMENTS...: tgv ends with 0, and PATTERN is in its output
accepted()
{
  pattern=$1 name=$2
  shift 2
  "$tgv" "$@" >"$work/out" 2>"$work/err"
  got=$?
  cat "$work/err" "$work/out" >"$work/log"
  [ $got -eq 0 ] && grep -qE -e "$pattern" "$work/out"
  verdict $? "$name"
}

# Ends the script.
conclude()
{
  echo "1..$number"
}
