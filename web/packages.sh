#!/bin/sh
# Installs the packages of web/package-lock.json, unless these very ones are there: packages.sh NPM WEB STAMP
set -eu
npm=$1 web=$2 stamp=$3
there=$web/node_modules/.opentgv-lock.json

if ! cmp -s "$web/package-lock.json" "$there"; then
  rm -f "$there"
  (cd "$web" && "$npm" ci --silent --ignore-scripts --no-audit --no-fund) ||
    { echo "npm could not install the packages of the report page; 'cd web && npm ci' says why"; exit 1; }
  cp "$web/package-lock.json" "$there"
fi
touch "$stamp"
