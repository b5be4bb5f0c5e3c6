#!/bin/sh
# The report of a real run in a real browser: tests/web/run.sh TGV. Speaks TAP.
set -eu
tgv=$(realpath "$1")
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$tgv" run examples/stats-74/project.yaml --out "$work/run" --quiet
node tests/web/report.test.mjs "$work/run/report.html" "$work/run/result.json"
