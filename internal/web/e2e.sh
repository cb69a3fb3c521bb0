#!/bin/sh
# Uses the pages of a running demo in a real Chromium, under their Content-Security-Policies, as people would:
#   internal/web/e2e.sh http://127.0.0.1:8080 [--screenshot FILE.png]
# CHROMIUM names the browser, /usr/bin/chromium if not set. The screenshot is of GraphiQL. The server needs demo data;
# a few contacts are recorded, and files are ordered and deleted again. Its --attachments-url holds e2e/offer.txt, which says
# "an offer".
set -eu
here=$(cd "$(dirname "$0")" && pwd)
for page in graphiql report; do
  if [ ! -d "$here/$page/node_modules/playwright-core" ]; then
    (cd "$here/$page" && npm ci --no-progress --loglevel=error >/dev/null)
  fi
done
node "$here/graphiql/e2e/page.mjs" "$@"
node "$here/report/e2e/run.mjs" "$1"
