#!/bin/sh
# Builds the pages: internal/web/report -> internal/web/report/dist, internal/web/graphiql -> internal/web/graphiql/dist.
#   internal/web/build.sh [PAGE [DIRECTORY]]      one page alone, into its dist or the directory given
# Needs Node 20.19 or later and npm; the versions of everything else are in each page's package-lock.json.
set -eu
cd "$(dirname "$0")"

if ! command -v npm >/dev/null; then
  echo "build.sh: npm is not there (Debian: apt-get install npm). Only the pages need it, building the binary does not." >&2
  exit 1
fi

build() { # page, directory
  cd "$1"
  npm ci --no-progress --loglevel=error >/dev/null
  npm run --silent build -- --outDir "$2" --emptyOutDir --logLevel warn
  cd ..
}

if [ $# -gt 0 ]; then
  build "$1" "${2:-dist}"
else
  build report dist
  build graphiql dist
fi
