#!/usr/bin/env bash
# Starts a real Request Tracker 5 (Debian's packages) on loopback, with a throwaway database and seeded tickets.
#
#   start-rt.sh [--port N] [--db auto|pg|sqlite] [--no-install] [-- COMMAND…]
#
# With a COMMAND: runs it with the variables below, then stops RT and exits with the status of the command. Without one: keeps
# running until INT or TERM.
#
#   RT_URL RT_USERNAME RT_PASSWORD   connect ticketgraph to it, as the user `gateway`
#   REAL_RT_URL                      the same address, for the tests
#   REAL_RT_TOKEN                    an auth token of `gateway`
#
# Without --port, a free one between 27100 and 27999 is used. `--db auto` uses PostgreSQL if its server is installed, and SQLite otherwise.
#
# Exits with 77 if the packages are not installed and cannot be installed: not Debian, not root, --no-install, or no package
# archive within reach. Besides the packages, nothing outside a throwaway folder is changed: RT reads RT_SITE_CONFIG, the
# package `dbconfig-no-thanks` prevents a database of the package's own, and PostgreSQL runs on a cluster of its own.
set -euo pipefail

SKIPPED=77
# Where Debian keeps what sets up the database; not in the PATH of every user.
export PATH=$PATH:/usr/sbin
HERE=$(cd "$(dirname "$0")" && pwd)
SERVER=/usr/share/request-tracker5/libexec/rt-server
# rt5 depends on a mail-transport-agent; msmtp-mta is the small one that runs no daemon.
PACKAGES="request-tracker5 rt5-standalone rt5-db-sqlite rt5-db-postgresql dbconfig-no-thanks"

say() { echo "start-rt: [${SECONDS} s] $*" >&2; }
fail() { say "$1"; [ -z "${2:-}" ] || tail -n 8 "$2" >&2; exit 1; }
skip() { say "$1 Skipped."; exit $SKIPPED; }

port='' db=auto install=yes
while [ $# -gt 0 ]; do
  case "$1" in
    --port) port=$2; shift 2 ;;
    --db) db=$2; shift 2 ;;
    --no-install) install=no; shift ;;
    --) shift; break ;;
    *) echo "start-rt: unknown argument $1" >&2; exit 2 ;;
  esac
done

# ---------------------------------------------------------------- packages

is_installed() {
  [ -x "$SERVER" ] && dpkg-query -W -f '${Status}\n' rt5-db-sqlite rt5-db-postgresql 2>/dev/null | grep -c 'ok installed' | grep -q 2
}

apt_install() {
  local mta=msmtp-mta
  [ -x /usr/sbin/sendmail ] && mta=''
  # shellcheck disable=SC2086 # lists of words
  DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
    -o Dpkg::Use-Pty=0 -o Dpkg::Options::=--force-unsafe-io -o Acquire::http::Timeout=20 $PACKAGES $mta
}

install_packages() {
  local how="Install them with: apt-get install --no-install-recommends $PACKAGES msmtp-mta."
  [ "$install" = yes ] || skip "The packages of request-tracker5 are not installed. $how"
  command -v apt-get >/dev/null || skip 'The packages of request-tracker5 need Debian: apt-get not found.'
  [ "$(id -u)" = 0 ] || skip "The packages of request-tracker5 are not installed, and this user may not install them. $how"
  say "installing $PACKAGES"
  local log
  log=$(mktemp)
  # The lists of a fresh machine are empty or old: a second try has new ones.
  if ! { apt_install || { apt-get update -q && apt_install; }; } >"$log" 2>&1; then
    tail -n 5 "$log" >&2
    rm -f "$log"
    skip 'The packages of request-tracker5 cannot be installed.'
  fi
  rm -f "$log"
  is_installed || skip 'The packages of request-tracker5 are incomplete after their installation.'
}

is_installed || install_packages

# ---------------------------------------------------------------- the throwaway folder, and its end

# In memory if there is room: a container may have as little as 64 MB of it.
parent=/tmp
[ -w /dev/shm ] && [ "$(df --output=avail -k /dev/shm | tail -n 1)" -gt 400000 ] && parent=/dev/shm
dir=$(mktemp -d "$parent/ticketgraph-rt.XXXXXX")
rt='' command='' pg=''

# The stand-alone server waits for its workers, which wait for their clients: TERM first, KILL after five seconds.
stop_rt() {
  local children each
  children=$(cat "/proc/$rt/task/$rt/children" 2>/dev/null || true)
  kill -TERM "$rt" 2>/dev/null || return 0
  for _ in $(seq 1 25); do kill -0 "$rt" 2>/dev/null || break; sleep 0.2; done
  for each in $rt $children; do
    # Only if the number has not been given to another process since.
    [ "$(readlink "/proc/$each/exe" 2>/dev/null)" = "$(readlink -f /usr/bin/perl)" ] && kill -KILL "$each" 2>/dev/null
  done
  return 0
}

stop() {
  local status=$?
  trap - EXIT INT TERM
  [ -z "$command" ] || kill -TERM "$command" 2>/dev/null || true
  [ -z "$rt" ] || stop_rt
  [ -z "$pg" ] || as_postgres "$pg/pg_ctl" stop -D "$dir/pg" -m immediate -s || true
  rm -rf "$dir"
  exit "$status"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# ---------------------------------------------------------------- the database

# PostgreSQL refuses to run as root.
as_postgres() { if [ "$(id -u)" = 0 ]; then (cd / && setpriv --reuid=postgres --regid=postgres --init-groups "$@"); else "$@"; fi; }

newest_postgres() { find /usr/lib/postgresql -mindepth 3 -maxdepth 3 -name initdb -path '*/bin/*' 2>/dev/null | sort -V | tail -n 1; }

# Listens on a socket in the folder only: no port, and no conflict with a server that is running already.
start_postgres() {
  local initdb=$1
  chmod 711 "$dir"
  mkdir -m 700 "$dir/pg" && mkdir "$dir/socket"
  [ "$(id -u)" != 0 ] || chown postgres: "$dir/pg" "$dir/socket"
  pg=$(dirname "$initdb")
  as_postgres "$pg/initdb" -D "$dir/pg" -U postgres -A trust -E UTF8 --locale C.UTF-8 --no-sync >"$dir/initdb.log" 2>&1 \
    || fail 'PostgreSQL made no cluster.' "$dir/initdb.log"
  as_postgres "$pg/pg_ctl" start -D "$dir/pg" -w -s -l "$dir/pg/server.log" \
    -o "-c listen_addresses='' -c unix_socket_directories='$dir/socket' -c fsync=off -c full_page_writes=off" \
    || fail 'PostgreSQL did not start.' "$dir/pg/server.log"
}

initdb=$(newest_postgres)
case "$db" in
  auto) db=sqlite; [ -z "$initdb" ] || db=pg ;;
  pg) [ -n "$initdb" ] || fail 'No PostgreSQL server is installed. Install it, or use --db sqlite.' ;;
esac

if [ "$db" = pg ]; then
  start_postgres "$initdb"
  setup=(--dba postgres --dba-password none)
else
  setup=(--skip-create)
fi

# ---------------------------------------------------------------- RT

mkdir "$dir/mason" "$dir/session"
# RT records a failed mail if sendmail does not read it.
printf '#!/bin/sh\ncat > /dev/null\n' >"$dir/sendmail"
chmod +x "$dir/sendmail"
echo password >"$dir/root-password"
export RT_SITE_CONFIG="$HERE/rt-site.pm" RT_SITE_CONFIG_DIR=/dev/null
export REAL_RT_FOLDER="$dir" REAL_RT_PORT="${port:-80}" REAL_RT_DATABASE="$db"

setup_database() { rt-setup-database-5 "$@" >>"$dir/setup.log" 2>&1 || fail 'RT did not make its database.' "$dir/setup.log"; }
setup_database --action init "${setup[@]}" --root-password-file "$dir/root-password"
setup_database --action insert --skip-create --datafile "$HERE/rt-seed.pl"
[ -s "$dir/gateway.token" ] || fail 'RT did not take the seeds.' "$dir/setup.log"
say "seeded ($db)"

# Below the range that outgoing connections use: one of those may take a free port before RT does.
[ -n "$port" ] || port=$(perl -MIO::Socket::INET -e \
  'for (27100 .. 27999) { if (IO::Socket::INET->new(Listen => 1, LocalAddr => "127.0.0.1", LocalPort => $_)) { print; last } }')
export REAL_RT_PORT="$port"
"$SERVER" --host 127.0.0.1 --port "$port" --max-workers 4 >"$dir/server.log" 2>&1 &
rt=$!
url="http://127.0.0.1:$port"
is_ready() {
  perl -MHTTP::Tiny -e 'exit !HTTP::Tiny->new(timeout => 20)->get($ARGV[0])->{success}' \
    "http://gateway:gateway-pass@127.0.0.1:$port/REST/2.0/ticket/1"
}
for _ in $(seq 1 300); do
  kill -0 "$rt" 2>/dev/null || fail 'RT ended at its start.' "$dir/server.log"
  is_ready && break
  sleep 0.2
done
is_ready || fail 'RT did not answer within a minute.' "$dir/server.log"
say "Request Tracker is ready at $url, pid $rt, $db in $dir"

export RT_URL="$url" RT_USERNAME="${RT_USERNAME:-gateway}" RT_PASSWORD="${RT_PASSWORD:-gateway-pass}"
export REAL_RT_URL="$url" REAL_RT_TOKEN
REAL_RT_TOKEN=$(cat "$dir/gateway.token")
unset RT_SITE_CONFIG RT_SITE_CONFIG_DIR

if [ $# -eq 0 ]; then
  wait "$rt"
  exit
fi
# In the background, so that a signal is handled at once and not after the command.
"$@" &
command=$!
status=0
trap 'kill -TERM "$command" 2>/dev/null' INT TERM
wait "$command" || status=$?
# The first wait ends with the signal, the second one with the command.
while kill -0 "$command" 2>/dev/null; do status=0; wait "$command" || status=$?; done
command=''
exit "$status"
