#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# tests/lab/with_postgres.sh CMD...: runs CMD beside a PostgreSQL of its own, which lives in a temporary folder, listens on a
# socket there and nowhere else, and is ended and removed with it. PLATEN_POSTGRES tells CMD its address, PLATEN_POSTGRES_DIR and
# PLATEN_POSTGRES_BIN where its folder and its programs are. The server refuses to run as root; where we are root it runs as the
# distribution's user for it.
set -euo pipefail
[ $# -gt 0 ] || { sed -n 4,8p "$0" >&2; exit 2; }
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
[ -x "$bin/initdb" ] || { echo "with_postgres: no PostgreSQL server is installed" >&2; exit 1; }
dir=$(mktemp -d "${PLATEN_POSTGRES_PARENT:-/tmp}/platen-pg.XXXXXX")
as=()
if [ "$(id -u)" = 0 ]; then
    as=(setpriv --reuid=postgres --regid=postgres --clear-groups)
    chown postgres:postgres "$dir"
fi
pg() { (cd "$dir" && "${as[@]}" "$@"); }
stop() {
    pg "$bin/pg_ctl" -D "$dir/data" -m immediate -w -t 30 stop >/dev/null 2>&1 || true
    rm -rf "$dir"
}
trap stop EXIT
pg "$bin/initdb" -D "$dir/data" -U platen --auth=trust -E UTF8 --locale=C.UTF-8 --no-sync >"$dir/initdb.log" 2>&1 || { cat "$dir/initdb.log" >&2; exit 1; }
# What a test needs to start it again stands in the data folder.
printf "listen_addresses = ''\nunix_socket_directories = '%s'\nmin_wal_size = 32MB\nmax_wal_size = 1GB\n" "$dir" >>"$dir/data/postgresql.conf"
pg "$bin/pg_ctl" -D "$dir/data" -l "$dir/server.log" -w -t 60 start -o "${PLATEN_POSTGRES_OPTIONS:-}" >/dev/null ||
    { tail -n 20 "$dir/server.log" >&2; exit 1; }
code=0
PLATEN_POSTGRES="postgresql://platen@/postgres?host=$dir" PLATEN_POSTGRES_DIR="$dir" PLATEN_POSTGRES_BIN="$bin" "$@" || code=$?
exit $code
