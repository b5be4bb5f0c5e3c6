#!/bin/sh
# plating_solver.sh OUTPUT FILE...: a C file with the hash of the source text of the plating solver, without comments and blanks.
set -eu
to=$1
shift
hash=$(cat "$@" | sed -zE 's,/\*([^*]|\*+[^*/])*\*+/,,g; s/[[:space:]]+//g' | sha256sum | cut -c1-32)
printf 'extern const char tgv_plating_solver[];\nconst char tgv_plating_solver[] = "%s";\n' "$hash" >"$to"
