#!/bin/sh
# The generated pages in docs/ are those that `make docs` would write now; the manual page has no warnings.
# usage: current.sh TGV SOURCE_ROOT (TAP)
set -u
tgv=$(realpath "$1") root=$2 number=0
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
cd "$root" || exit 1

verdict()
{ # verdict STATUS NAME, diagnostics on stdin
  number=$((number + 1))
  if [ "$1" -eq 0 ]; then echo "ok $number - $2"; else echo "not ok $number - $2"; sed 's/^/# /' | head -40; fi
}

"$tgv" docs "$work/docs" --source . --quiet >"$work/log" 2>&1
verdict $? "pages are written" <"$work/log"
"$tgv" check --quiet --ledger "$work/docs/validation.md" --ledger "$work/validation.json" \
  tests/cases/*.case >"$work/log" 2>&1
verdict $? "the ledger is written" <"$work/log"

(cd "$work/docs" && find . -type f | sort) >"$work/new"
grep -rlE 'Written by `?tgv (docs|check)' docs | sed 's/^docs/./' | sort >"$work/old"
diff "$work/old" "$work/new" >"$work/log"
verdict $? "docs/ holds the pages that are generated, and no others (make docs)" <"$work/log"
while read -r page; do
  diff -u "docs/$page" "$work/docs/$page"
done <"$work/new" >"$work/log" 2>&1
[ ! -s "$work/log" ]
verdict $? "every generated page is current (make docs)" <"$work/log"

diff data/validation.json "$work/validation.json" >"$work/log" 2>&1
verdict $? "data/validation.json, which the report shows, is current (make docs)" <"$work/log"

if command -v man >/dev/null && command -v groff >/dev/null; then
  { LC_ALL=C.UTF-8 man --warnings -E UTF-8 -l -Tutf8 -Z docs/tgv.1 >/dev/null; groff -man -ww -z docs/tgv.1; } >"$work/log" 2>&1
  [ ! -s "$work/log" ]
  verdict $? "the manual page has no warnings" <"$work/log"
else
  number=$((number + 1))
  echo "ok $number - the manual page # SKIP man or groff is missing"
fi
bash -n docs/tgv.bash-completion >"$work/log" 2>&1
verdict $? "the completion is good bash" <"$work/log"
complete_with()
{ # complete_with WORDS...: what is offered for the last of them
  bash -c 'compopt() { :; }; source docs/tgv.bash-completion; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _tgv; echo "${COMPREPLY[@]}"' bash "$@"
}
{
  [ "$(complete_with tgv sho)" = show ] || echo "commands: $(complete_with tgv sho)"
  [ "$(complete_with tgv run --via)" = --via-table ] || echo "options: $(complete_with tgv run --via)"
  [ "$(complete_with tgv run x.yaml --only wet)" = wet_etching ] || echo "stages: $(complete_with tgv run x.yaml --only wet)"
  [ "$(complete_with tgv list glas)" = glasses ] || echo "words: $(complete_with tgv list glas)"
  [ "$(PATH=$(dirname "$tgv"):$PATH complete_with tgv run x.yaml --set wet_etching.ti)" = wet_etching.time= ] || echo "keys"
} >"$work/log" 2>&1
[ ! -s "$work/log" ]
verdict $? "the completion offers commands, options, stages, words and keys" <"$work/log"
echo "1..$number"
