#!/bin/sh
# Fails unless each committed page is, byte for byte, what its sources build.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT

for page in report graphiql; do
  if grep -n '"resolved"' "$here/$page/package-lock.json" >&2; then
    echo "check.sh: $page/package-lock.json names the registry it was made with; run npm install again, .npmrc leaves it out." >&2
    exit 1
  fi
  "$here/build.sh" "$page" "$fresh/$page"
  if ! diff -rq "$here/$page/dist" "$fresh/$page" >&2; then
    echo "check.sh: internal/web/$page/dist is not what its sources build; run internal/web/build.sh and commit the result." >&2
    exit 1
  fi
  echo "internal/web/$page/dist is current."
done
