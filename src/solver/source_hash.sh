#!/bin/sh
# source_hash.sh OUTPUT SYMBOL FILE...: a C file that defines SYMBOL as the hash of the source text without comments and blanks.
set -eu
to=$1 symbol=$2
shift 2
hash=$(cat "$@" | sed -zE 's,/\*([^*]|\*+[^*/])*\*+/,,g; s/[[:space:]]+//g' | sha256sum | cut -c1-32)
printf 'extern const char %s[];\nconst char %s[] = "%s";\n' "$symbol" "$symbol" "$hash" >"$to"
