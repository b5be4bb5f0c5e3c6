#!/bin/bash
# A training that is stopped goes on where it was; ranks do not matter; rows are shipped as they are.
. "$(dirname "$0")/tap.sh"

cat >plated.yaml <<'YAML'
project: {name: plated, seed: 5}
package: {width: 20 mm, height: 20 mm}
core: {glass: EAGLE XG, thickness: 0.28 mm}
panel: {width: 120 mm, height: 130 mm}
glass_blank: {thickness: 0.3 mm}
laser_drilling: {track_radius: 11 um}
wet_etching: {time: 20 min}
via_groups:
- {name: a, function: signal, width: 6 mm, height: 6 mm, pitch_x: 150 um, diameter: 41 um}
copper_plating: {model: fitted, control: potentiostatic, potential: 0.2 V, time: 3 h, additive: 0 mol/L, training_runs: 120}
variation:
- {input: copper_plating.time, nugget: 4 %}
- {input: copper_plating.cupric, nugget: 2 %}
YAML

# number KEY FILE: its first value in JSON
number()
{
  sed -n "s/.*\"$1\":[[:space:]]*\([-+.0-9e]*\).*/\1/p" "$2" | head -1
}

# train TABLES NAME ARGUMENTS...: leaves NAME.json and NAME.md, the latter without the time it took
train()
{
  TGV_TABLES=$1 "$tgv" train --json plated.yaml --page "$2.md" "${@:3}" >"$2.json" 2>log || return 1
  sed -i 's/; [-+.0-9e]* s of a processor/; some time/' "$2.md"
  cat "$2.json" >>log
}

# without interruption
start=$(date +%s%N)
train '' whole
runs=$(number runs whole.json)
[ "${runs:-0}" -ge 75 ] && [ "$runs" -le 120 ] && [ "$(number solved_now whole.json)" = "$runs" ]
verdict $? "a project is trained by 25 runs an input or more, as many as it allows at most"
whole=$((($(date +%s%N) - start) / 1000000))

# Stopped on its way, later or earlier if that was too early or too late: a machine may be busy now and free then.
for share in 50 65 80 40 30 90 95 20; do
  rm -rf stopped
  TGV_TABLES=stopped "$tgv" train plated.yaml >log 2>&1 &
  pid=$!
  sleep $((whole * share / 100000)).$(printf %03d $((whole * share / 100 % 1000)))
  kill -TERM $pid
  wait $pid
  status=$?
  kept=$(sed -n 's/.*; the \([0-9]*\) runs that were made are kept.*/\1/p' log)
  [ $status -eq 7 ] && [ "${kept:-0}" -gt 0 ] && break
done
[ $status -eq 7 ] && [ "${kept:-0}" -gt 0 ]
verdict $? "a training that is stopped says what it keeps"
train stopped resumed && [ "$(number solved_now resumed.json)" -eq $((runs - ${kept:-0})) ]
verdict $? "it goes on where it was: no run is lost"
diff whole.md resumed.md >log
verdict $? "its model is that of a training without interruption"

# ranks
if command -v mpirun >/dev/null; then
  (
    export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 OMPI_MCA_rmaps_base_oversubscribe=1 OMP_NUM_THREADS=1
    one=$tgv
    both() { mpirun -n 2 "$one" "$@"; }
    tgv=both
    train ranks ranks
  )
  verdict $? "two ranks train a project"
  diff whole.md ranks.md >log
  verdict $? "their model is that of one"
  train ranks found && [ "$(number solved_now found.json)" = 0 ]
  verdict $? "what two ranks have made one finds"
fi

# shipped
cp -r "$root/data" data
rm -rf data/tables
export TGV_TABLES=stopped
accepted "plated *a *$runs *0 " "rows are written" train plated.yaml --write data/tables
accepted "plated *a *$runs *0 " "... without making them again" train plated.yaml
export TGV_DATA=$work/data
train '' shipped --again 4 && [ "$(number solved_now shipped.json)" = 0 ] && [ "$(number again shipped.json)" = 4 ]
verdict $? "shipped rows are found, and the solver confirms them"
diff whole.md shipped.md >log
verdict $? "their model is the same"
TGV_DATA=$root/data TGV_TABLES='' refused 1 "are not there" "missing runs, where they must be ready" train plated.yaml --ready
accepted 'nothing to train' "a project without plating" train small.yaml
refused 2 "at least 1" "no runs again" train plated.yaml --again 0
conclude
