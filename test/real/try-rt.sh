#!/usr/bin/env bash
# Starts a real Request Tracker with seeded tickets, and ticketgraph in front of it. Stops both on Ctrl-C.
#
#   npm run rt
#
# RT_PORT (27080) is the port of Request Tracker; PORT (4000) and all other settings are those of `npm start`.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

if [ "${1:-}" != inside ]; then
  exec "$here/start-rt.sh" --port "${RT_PORT:-27080}" --db sqlite -- "$0" inside
fi

cd "$here/../.."
# So that the statuses of the queue Changes have categories.
export RT_STATUS_MAP=${RT_STATUS_MAP:-draft=NEW,review=OPEN,approved=OPEN,parked=ON_HOLD,done=SOLVED,refused=CANCELLED}
cat <<TEXT
==============================================================================
A real Request Tracker is running, with 30 tickets in the queues Support and
Changes. All of it is lost when this ends (Ctrl-C).

  Request Tracker   $RT_URL   log in as gateway, password gateway-pass
  ticketgraph       http://127.0.0.1:${PORT:-4000}            the explorer
                    http://127.0.0.1:${PORT:-4000}/console    the console

Change a ticket in one of them and look at it in the other:
docs/request-tracker.md has steps to follow.
==============================================================================
TEXT
unset RT_PORT
exec node main.ts
