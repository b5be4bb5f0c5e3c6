#!/bin/sh
# Commands and options: help from the tables, suggestions for misspellings, exit codes.
. "$(dirname "$0")/tap.sh"

accepted "follow every via" "help names the commands" --help
accepted "^tgv \(OpenTGV\) [0-9]+\.[0-9]+" "the version" --version
for command in run report list show via check drc glass docs; do
  accepted "usage: tgv $command" "tgv $command --help" "$command" --help
  accepted "usage: tgv $command" "tgv $command -h" "$command" -h
done
accepted "usage: tgv run" "options may stand before the command" --help run

refused 2 "a command is missing" "no command"
refused 2 'unknown command "rnu", did you mean "run"\?' "a misspelt command" rnu
refused 2 'unknown command "zzzzzzzzzz"' "an unknown command" zzzzzzzzzz
refused 2 'unknown option "--frsh" of tgv run, did you mean "--fresh"\?' "a misspelt option" run small.yaml --frsh
refused 2 'unknown option "--quite", did you mean "--quiet"\?' "a misspelt option before the command" --quite list
refused 2 'unknown option "-x"' "a short option" run -x
refused 2 '--out needs a value: --out DIR' "an option without its value" run small.yaml --out
refused 2 '--fresh takes no value' "a switch with a value" run small.yaml --fresh=yes
refused 2 'an argument is missing: tgv run PROJECT' "a missing argument" run
refused 2 'unexpected argument "b.yaml"' "an argument too many" run small.yaml b.yaml
refused 2 'whole number from 1 to 4096' "a number of threads that is none" list --threads many
refused 2 'whole number from 1 to 4096' "no threads" list --threads 0
refused 2 'whole number of at least 1' "a tile that is none" run small.yaml --tile 0
refused 2 'there is no stage "etching"' "an unknown stage" run small.yaml --only etching
refused 2 'there is no list of "glases", did you mean "glasses"\?' "an unknown list" list glases
refused 2 'there is no glass "EAGEL XG".*EAGLE XG' "an unknown glass" show glass "EAGEL XG"
refused 2 'there is no key "wet_etching.tme", did you mean "wet_etching.time"\?' "an unknown key" show key wet_etching.tme
refused 2 'there is no quantity "D_tpo", did you mean "D_top"\?' "an unknown quantity" show column D_tpo
refused 2 'there is no stage "wet_etchin", did you mean "wet_etching"\?' "an unknown stage to show" show stage wet_etchin
refused 2 'a name is missing: tgv show glass NAME' "a thing without its name" show glass
refused 2 'there is no via 99999999: the panel has' "a via beyond the panel" via small.yaml 99999999
refused 2 'is no number of a via' "a via that is no number" via small.yaml first
refused 3 'there is no such file' "a project that does not exist" run nothing.yaml
refused 3 'no directory of a run' "a directory that is no run" via . 0
refused 3 'report' "a report of what is no run" report .

accepted 'wet_etching\.time +40 min' "keys are listed with their defaults" list keys
accepted 'EAGLE XG +cte' "glasses are listed with their numbers" list glasses
accepted 'panels/510x515.yaml' "panels are listed" list panels
accepted 'D_waist +via +um' "quantities are listed" list columns
accepted 'reads +thickness_blank +from glass_blank' "the data flow" list --flow
accepted 'glass_blank -> wet_etching' "the data flow as a graph" list --flow --dot
accepted '3\.17 ppm/K +reported' "a glass with class and source" show glass "eagle xg"
accepted 'range +0 min \.\. 1000 h' "a key" show key wet_etching.time
accepted 'written by +wet_etching' "a quantity" show column D_top
accepted 'core\.thickness +0\.5 mm' "a project" show small.yaml
accepted 'thickness: *0\.5 mm' "a project as YAML" show small.yaml --yaml
accepted 'wet_etching\.time +55 min' "a project with an override" show small.yaml --set "wet_etching.time=55 min"
accepted 'D_waist > 0' "one via" via small.yaml 1234

"$tgv" list keys >/dev/full 2>"$work/log"
[ $? -eq 3 ]
verdict $? "an output that cannot be written is told"
NO_COLOR= "$tgv" --help | grep -q "$(printf '\033')"
[ $? -ne 0 ]
verdict $? "no colours where the output is no terminal"
conclude
