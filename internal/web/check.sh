#!/bin/sh
# Fails unless the committed page is, byte for byte, what its sources build.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT

if grep -n '"resolved"' "$here/graphiql/package-lock.json" >&2; then
  echo "check.sh: package-lock.json names the registry it was made with; run npm install again, .npmrc leaves it out." >&2
  exit 1
fi
"$here/build.sh" "$fresh"
if ! diff -rq "$here/graphiql/dist" "$fresh" >&2; then
  echo "check.sh: internal/web/graphiql/dist is not what its sources build; run internal/web/build.sh and commit the result." >&2
  exit 1
fi
echo "internal/web/graphiql/dist is current."
