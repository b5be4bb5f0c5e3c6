#!/bin/sh
# The runs in data/tables are those that the projects in tests/docs/trained ask for, and the solver as it is built still gives them (make tables).
# usage: tables.sh TGV SOURCE_ROOT (TAP)
set -u
tgv=$(realpath "$1") number=0
TGV_DATA=$2/data TGV_TABLES=
export TGV_DATA TGV_TABLES
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
cd "$2" || exit 1

verdict()
{ # verdict STATUS NAME, diagnostics on stdin
  number=$((number + 1))
  if [ "$1" -eq 0 ]; then echo "ok $number - $2"; else echo "not ok $number - $2"; sed 's/^/# /' | head -40; fi
}

# shellcheck disable=SC2046
"$tgv" train --ready --quiet --again 3 --write "$work/tables" --page "$work/page.md" $(cat tests/docs/trained) >"$work/log" 2>&1
verdict $? "the projects find their runs, and the solver confirms three of each class (make tables)" <"$work/log"
mkdir -p "$work/tables"; : >"$work/there"
[ ! -d data/tables ] || ls data/tables >"$work/there"
ls "$work/tables" | diff - "$work/there" >"$work/log" 2>&1
verdict $? "no other runs are shipped (make tables)" <"$work/log"
diff docs/plating_models.md "$work/page.md" >"$work/log" 2>&1
verdict $? "docs/plating_models.md is current (make tables)" <"$work/log"
echo "1..$number"
