#!/bin/sh
# Uses the GraphiQL page of a running server in a real Chromium, under its Content-Security-Policy:
#   internal/web/e2e.sh http://127.0.0.1:8080 [--screenshot FILE.png]
# CHROMIUM names the browser, /usr/bin/chromium if not set. The server needs demo data.
set -eu
graphiql=$(cd "$(dirname "$0")/graphiql" && pwd)
if [ ! -d "$graphiql/node_modules/playwright-core" ]; then
  (cd "$graphiql" && npm ci --no-progress --loglevel=error >/dev/null)
fi
exec node "$graphiql/e2e/page.mjs" "$@"
