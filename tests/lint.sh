#!/bin/sh
# What tools can hold of the rules of the house: tests/lint.sh (seconds) or tests/lint.sh --tidy (static analysis too, a
# minute; needs build/compile_commands.json). Fails if something is found.
set -u
cd "$(dirname "$0")/.." || exit 1
failed=0

tests/lint/house.py || failed=1

for folder in src include tests bench; do
  [ -d $folder ] && find $folder -name '*.[ch]' -print0
done | xargs -0 clang-format --dry-run -Werror || failed=1

if [ "${1:-}" = --tidy ]; then # clang-tidy -p build FILE tells how it came to what it says
  log=$(run-clang-tidy -quiet -p build -j "$(nproc)" 2>&1) || failed=1
  printf '%s\n' "$log" | sed 's/\x1b\[[0-9;]*m//g' | grep -E ' (error|warning): ' | sed "s,^$PWD/build/,," | sort -u
fi

[ $failed = 0 ] && echo "lint: nothing found" || echo "lint: see above"
exit $failed
