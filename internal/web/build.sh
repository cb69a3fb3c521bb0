#!/bin/sh
# Builds the GraphiQL page: internal/web/graphiql -> internal/web/graphiql/dist, or the directory given.
# Needs Node 20.19 or later and npm; the versions of everything else are in package-lock.json.
set -eu
cd "$(dirname "$0")/graphiql"
out=${1:-dist}

if ! command -v npm >/dev/null; then
  echo "build.sh: npm is not there (Debian: apt-get install npm). Only this page needs it, building the binary does not." >&2
  exit 1
fi
npm ci --no-progress --loglevel=error >/dev/null
npm run --silent build -- --outDir "$out" --emptyOutDir --logLevel warn
