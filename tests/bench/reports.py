#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How long people wait for the console's pages when the store is full: a year of jobs is put straight into the database of a hub, on SQLite and on
PostgreSQL, with the roll-ups that the hub would have made of them; then the hub is asked, as an administrator of all of it and as one of a customer
that has a thousandth of it. The limit is 300 ms at the median. Runs under tests/lab/with_postgres.sh.

  reports.py [--json] [--rows 1000000] [--asks 9] [--engine sqlite|postgres] [--lean]

--lean makes only those of the jobs' indexes that these questions use, for a disk that has no room for all of them."""
import argparse
import http.client
import json
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TOP, "tests/e2e"))
from hub_kit import Hub, Person, administrator  # noqa: E402

LIMIT_MS = 300
DAY_MS = 86400000
YEAR_MS = 365 * DAY_MS
SMALL = 1000  # the small customer has each thousandth job
ASKED = ("jobs_by_time", "jobs_by_user", "jobs_by_pages", "jobs_by_tenant")
REPORTS = ("usage-users", "usage-queues", "usage-machines", "usage-sites", "rates", "costs", "environment", "violations", "savings", "duplex")

# Both engines take these words; {n} counts from 0. 5,000 people, 300 queues, 4,000 PCs. Titles are kept for as long as a hub keeps them by default.
TITLES_MS = 60 * DAY_MS
JOB = """CASE WHEN n % {small} = 7 THEN {tenant_small} ELSE {tenant_large} END, 'aaaaaaaaaaaa' || (1000 + n % 4000), n, 'u' || n, {begin} + n * {span} / {rows},
 {begin} + n * {span} / {rows}, 'PC-' || (n % 4000), 'user' || (n * 7919 % 5000), 'Queue ' || (n * 31 % 300), '', {document}, 'printed', 40000 + n % 90000,
 'PCL XL', n % 19 + 1, 1, n % 19 + 1, n % 10 + 1, n % 3, CASE WHEN n % 2 = 0 THEN 'long' ELSE 'none' END, 'A4', 'exact', 'pipe', {search}"""
COLUMNS = """tenant_id, agent_id, seq, uid, time, received, machine, user_name, queue, port, document, outcome, bytes, language, pages, copies, impressions,
 sheets, color_pages, duplex, paper, confidence, source, search"""
SUMS = "count(*), sum(impressions), sum(color_pages), sum(sheets), sum(CASE WHEN duplex='long' THEN impressions ELSE 0 END), sum(CASE WHEN duplex='long' THEN sheets ELSE 0 END), 0, 0"
SUM_COLUMNS = "name, jobs, pages, color_pages, sheets, duplex_pages, duplex_sheets, cost, unpriced"


class Sqlite:
    numbers = "WITH RECURSIVE c(n) AS (SELECT {at} UNION ALL SELECT n + 1 FROM c WHERE n + 1 < {end})"
    month = "(CAST(strftime('%Y', day * 86400, 'unixepoch') AS INTEGER) - 1970) * 12 + CAST(strftime('%m', day * 86400, 'unixepoch') AS INTEGER) - 1"

    def __init__(self, hub):
        self.file = os.path.join(hub.data, "hub.db")
        os.environ["SQLITE_TMPDIR"] = hub.data  # sorting 100 million rows takes gigabytes
        self.db = sqlite3.connect(self.file, isolation_level=None)
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-1000000", "threads=2"):
            self.db.execute(f"PRAGMA {pragma}")

    def run(self, sql):
        return self.db.execute(sql).fetchall()

    def indexes(self):
        """(what makes it, what removes it) of each of the jobs' indexes."""
        return [(sql, f"DROP INDEX {name}") for name, sql in self.run("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'jobs' AND sql <> ''")]

    def size(self):
        return os.path.getsize(self.file)

    def close(self):
        self.run("PRAGMA journal_mode=WAL")
        self.db.close()


class Postgres:
    numbers = "WITH c AS (SELECT n FROM generate_series({at}::bigint, {end} - 1) n)"
    month = "(extract(year FROM to_timestamp(day * 86400) AT TIME ZONE 'UTC')::bigint - 1970) * 12 + extract(month FROM to_timestamp(day * 86400) AT TIME ZONE 'UTC')::bigint - 1"

    def __init__(self, hub):
        self.url = hub.store
        os.environ["PGOPTIONS"] = "-c maintenance_work_mem=512MB -c synchronous_commit=off"

    def run(self, sql):
        out = subprocess.run(["psql", self.url, "-XAtq", "-v", "ON_ERROR_STOP=1", "-c", sql], check=True, capture_output=True, text=True).stdout
        return [tuple(line.split("|")) for line in out.splitlines()]

    def indexes(self):
        keys = self.run("SELECT 'ALTER TABLE jobs ADD ' || pg_get_constraintdef(oid), 'ALTER TABLE jobs DROP CONSTRAINT ' || conname FROM pg_constraint"
                        " WHERE conrelid = 'jobs'::regclass AND contype = 'p'")
        return keys + self.run("SELECT replace(pg_get_indexdef(indexrelid), ' ON ONLY ', ' ON '), 'DROP INDEX ' || indexrelid::regclass FROM pg_index WHERE indrelid = 'jobs'::regclass AND NOT indisprimary")

    def size(self):
        return int(self.run("SELECT pg_database_size(current_database())")[0][0])

    def close(self):
        self.run("VACUUM ANALYZE")  # as autovacuum does in time
        del os.environ["PGOPTIONS"]


def fill(to, rows, tenants, say, wanted):
    """Rows first, indexes behind them: the other way a hundred million would take a day. Roll-ups are summed day by day."""
    begin = (int(time.time() * 1000) - YEAR_MS) // DAY_MS * DAY_MS
    span = int(time.time() * 1000) - begin
    words = {"small": SMALL, "tenant_large": tenants["Large"], "tenant_small": tenants["Small"], "begin": begin, "span": span, "rows": rows}
    title = f"CASE WHEN {begin} + n * {span} / {rows} < {begin + span - TITLES_MS} THEN '' ELSE '{{}}' || (n * 104729 % 1000003) END"
    words["document"], words["search"] = title.format("Document "), title.format("document ")
    indexes = to.indexes()
    for _, drop in indexes:
        to.run(drop)
    at, first = 0, begin
    while at < rows:
        end = min(rows, (first + DAY_MS - begin) * rows // span + 1)  # about a day: the sums below go by the clock
        if end > at:
            to.run(to.numbers.format(at=at, end=end) + f" INSERT INTO jobs({COLUMNS}) SELECT {JOB.format(**words)} FROM c")
        at, first = max(at, end), first + DAY_MS
    say("rows")
    for make, drop in indexes:
        if any(name in drop for name in wanted):
            to.run(make)
    say("indexes")
    for day in range(begin // DAY_MS, (begin + span) // DAY_MS + 1):
        within = f"FROM jobs WHERE time >= {day * DAY_MS} AND time < {(day + 1) * DAY_MS} GROUP BY tenant_id, "
        for kind, column in enumerate(("user_name", "queue", "machine")):
            to.run(f"INSERT INTO usage_days(tenant_id, kind, day, {SUM_COLUMNS}) SELECT tenant_id, {kind}, {day}, {column}, {SUMS} {within}{column}")
        to.run(f"INSERT INTO usage_hours(tenant_id, hour, jobs, pages, color_pages) SELECT tenant_id, time / 3600000, count(*), sum(impressions), sum(color_pages) {within}time / 3600000")
    to.run(f"INSERT INTO usage_months(tenant_id, kind, month, {SUM_COLUMNS}) SELECT tenant_id, kind, m, name, sum(jobs), sum(pages), sum(color_pages), sum(sheets), sum(duplex_pages),"
           f" sum(duplex_sheets), 0, 0 FROM (SELECT u.*, {to.month} AS m FROM usage_days u) x GROUP BY tenant_id, kind, m, name")
    say("roll-ups")


def ask(c, path, asks):
    """The median in ms, over one connection, as a browser has it; None where the hub gave up."""
    took = []
    wire = http.client.HTTPSConnection(c.hub.console, context=c.context, timeout=30)
    try:
        for _ in range(asks):
            begun = time.monotonic()
            wire.request("GET", path, None, {"Cookie": c.cookie})
            r = wire.getresponse()
            body = r.read()
            took.append((time.monotonic() - begun) * 1000)
            if r.status == 503:
                return None
            assert r.status == 200, (path, r.status, body[:300])
    finally:
        wire.close()
    return statistics.median(took)


def year(path):
    """The twelve months up to this one: whole months are read from the roll-ups by month."""
    now = time.gmtime()
    return f"{path}?from={now.tm_year - 1}-{now.tm_mon:02d}-01&to={now.tm_year}-{now.tm_mon:02d}-01"


def days(path):
    """As long, from any day on: read from the roll-ups by day."""
    day = lambda t: time.strftime("%Y-%m-%d", time.gmtime(t))
    return f"{path}?from={day(time.time() - 364 * 86400)}&to={day(time.time() + 86400)}"


def measure(hub, a):
    admin = administrator(hub)
    small = Person(hub, admin, "small", "administrator", "Small")
    out = {"overview": ask(admin, "/api/v1/overview", a.asks), "jobs": ask(admin, "/api/v1/jobs", a.asks),
           "jobs of one person": ask(admin, "/api/v1/jobs?user=user17", a.asks), "jobs by pages": ask(admin, "/api/v1/jobs?sort=pages", a.asks),
           "small: overview": ask(small, "/api/v1/overview", a.asks), "small: jobs": ask(small, "/api/v1/jobs", a.asks)}
    out["365 days: usage-users"] = ask(admin, days("/api/v1/reports/usage-users"), a.asks)
    for name in REPORTS:
        out[f"year: {name}"] = ask(admin, year(f"/api/v1/reports/{name}"), a.asks)
    return out


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--hub", default=os.path.join(TOP, "build/linux/bin/platen-hub"))
    p.add_argument("--json", action="store_true")
    p.add_argument("--rows", type=int, default=1000000)
    p.add_argument("--asks", type=int, default=9)
    p.add_argument("--engine", choices=("sqlite", "postgres"))
    p.add_argument("--lean", action="store_true")
    a = p.parse_args()
    work = tempfile.mkdtemp(prefix="platen-reports-", dir=os.environ.get("PLATEN_BENCH_DIR"))
    os.makedirs(os.path.join(work, "console"))
    out = {}
    for name, engine in (("sqlite", Sqlite), ("postgres", Postgres)):
        if a.engine not in (None, name):
            continue
        Hub.store = os.environ["PLATEN_POSTGRES"] if name == "postgres" else None
        hub = Hub(a.hub, work, name)
        hub.start()
        for tenant in ("Large", "Small"):
            hub.key(tenant)
        hub.stop(60)
        to, begun = engine(hub), time.monotonic()
        say = lambda what: print(f"# {name}: {what} after {time.monotonic() - begun:.0f} s", file=sys.stderr, flush=True)
        fill(to, a.rows, {row[0]: row[1] for row in to.run("SELECT name, tenant_id FROM tenants")}, say, ASKED if a.lean else ("",))
        size = to.size()
        to.close()
        filled = time.monotonic() - begun
        hub.start(seconds=120)
        out[name] = {k: v and round(v, 1) for k, v in measure(hub, a).items()}
        hub.stop(60)
        if not a.json:
            print(f"{name}: {a.rows:,} jobs of a year, {size / 1e9:.1f} GB, put there in {filled:.0f} s; the median of {a.asks}, in ms")
            for what, ms in out[name].items():
                print(f"  {what:28} {'gave up' if ms is None else format(ms, '8.1f')}{'' if ms is not None and ms <= LIMIT_MS else '   over ' + str(LIMIT_MS)}")
    shutil.rmtree(work)
    if a.json:
        print(json.dumps({"rows": a.rows, **out}))


if __name__ == "__main__":
    main()
