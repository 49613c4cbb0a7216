#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How many job records a second become durable: agents upload over mutual TLS to a hub on SQLite and to one on PostgreSQL, and the rows that
came of it are then inserted straight into a fresh database of the same schema, settings and durability, in the same run. The straight insert
is the best of commits of 1,000 and of 10,000 records: prepared statements for SQLite, COPY for PostgreSQL. Runs under
tests/lab/with_postgres.sh.

  ingest.py [--json] [--jobs 60000] [--agents 20] [--batch 1000]"""
import argparse
import gzip
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TOP, "tests/e2e"))
sys.path.insert(0, os.path.join(TOP, "tests/bench"))
from hub_kit import ZEROS, Agent, Hub, postgres  # noqa: E402
from hub_load import make  # noqa: E402

COMMITS = (1000, 10000)
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "wal_autocheckpoint=2000", "cache_size=-65536")


def upload(hub, work, a, tag):
    """Records a second of uploads of a.batch, and the seconds that single ones took."""
    key = hub.key("Acme")["key"]
    fleet = [Agent(hub, work, f"{tag}-{i:04d}") for i in range(a.agents)]
    for f in fleet:
        assert f.enrol(key).status == 200
        f.seq, f.prev = 0, ZEROS
    rng = random.Random(7)
    each = a.jobs // a.agents // a.batch
    loads = [[gzip.compress(("\n".join(make(f, a.batch, rng, time.time())) + "\n").encode(), 1) for _ in range(each)] for f in fleet]
    failed = []

    def pour(f, bodies):
        for body in bodies:
            r = f.post(body, raw=True, timeout=120)
            while r.status == 503:
                time.sleep(0.1)
                r = f.post(body, raw=True, timeout=120)
            if r.status != 200:
                failed.append((r.status, r.body))

    threads = [threading.Thread(target=pour, args=x) for x in zip(fleet, loads)]
    begun = time.monotonic()
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    took = time.monotonic() - begun
    assert not failed, failed[0]
    single = []
    for _ in range(300):
        body = gzip.compress((make(fleet[0], 1, rng, time.time())[0] + "\n").encode(), 1)
        t = time.monotonic()
        assert fleet[0].post(body, raw=True).status == 200
        single.append(time.monotonic() - t)
    return each * a.batch * a.agents / took, sorted(single)


def straight_sqlite(hub, work):
    """The hub's own rows into an empty copy of its database."""
    source = sqlite3.connect(os.path.join(hub.data, "hub.db"))
    schema = [x[0] for x in source.execute("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'")]
    order = "ORDER BY received, agent_id, seq"
    tables = {t: source.execute(f"SELECT * FROM {t} {order}").fetchall() for t in ("records", "jobs")}
    best = 0
    for commit in COMMITS:
        path = os.path.join(work, f"straight-{commit}.db")
        to = sqlite3.connect(path, isolation_level=None)
        for p in PRAGMAS:
            to.execute("PRAGMA " + p)
        for sql in schema:
            to.execute(sql)
        n, begun = len(tables["records"]), time.monotonic()
        for at in range(0, n, commit):
            to.execute("BEGIN IMMEDIATE")
            for table, rows in tables.items():
                to.executemany(f"INSERT INTO {table} VALUES({','.join('?' * len(rows[0]))})", rows[at:at + commit])
            to.execute("COMMIT")
        best = max(best, n / (time.monotonic() - begun))
        to.close()
        os.remove(path)
    return best


def straight_postgres(url, work):
    best = 0
    rows = {}
    for table in ("records", "jobs"):
        rows[table] = subprocess.run(["psql", url, "-XAtqc", f"COPY (SELECT * FROM {table} ORDER BY received, agent_id, seq) TO STDOUT"], check=True, capture_output=True).stdout.splitlines(True)
    for commit in COMMITS:
        postgres(url, "TRUNCATE records, jobs")
        script = os.path.join(work, "straight.sql")
        with open(script, "wb") as f:
            f.write(b"SET synchronous_commit=on;\n")
            for at in range(0, len(rows["records"]), commit):
                f.write(b"BEGIN;\n")
                for table in rows:
                    f.write(b"COPY %s FROM STDIN;\n" % table.encode() + b"".join(rows[table][at:at + commit]) + b"\\.\n")
                f.write(b"COMMIT;\n")
        begun = time.monotonic()
        subprocess.run(["psql", url, "-Xqf", script, "-v", "ON_ERROR_STOP=1"], check=True, capture_output=True)
        best = max(best, len(rows["records"]) / (time.monotonic() - begun))
    return best


def stored(hub, url):
    """Bytes of the store, with its indexes and roll-ups."""
    if not url:
        return os.path.getsize(os.path.join(hub.data, "hub.db"))
    return int(subprocess.run(["psql", url, "-XAtqc", "SELECT pg_database_size(current_database())"], check=True, capture_output=True, text=True).stdout)


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--hub", default=os.path.join(TOP, "build/linux/bin/platen-hub"))
    p.add_argument("--json", action="store_true")
    p.add_argument("--agents", type=int, default=20)
    p.add_argument("--jobs", type=int, default=60000)
    p.add_argument("--batch", type=int, default=1000)
    a = p.parse_args()
    url = os.environ["PLATEN_POSTGRES"]
    work = tempfile.mkdtemp(prefix="platen-ingest-", dir=os.environ.get("PLATEN_BENCH_DIR"))
    os.makedirs(os.path.join(work, "console"))
    out, worst = {}, 0
    for name, store in (("sqlite", None), ("postgres", url)):
        Hub.store = store
        hub = Hub(a.hub, work, name)
        hub.start()
        hub.stop(60)
        empty = stored(hub, store)
        hub.start()
        rate, single = upload(hub, work, a, name)
        hub.stop(60)
        each = (stored(hub, store) - empty) / (a.jobs + len(single))
        raw = straight_postgres(url, work) if store else straight_sqlite(hub, work)
        p99 = single[len(single) * 99 // 100] * 1000
        worst = max(worst, p99)
        out.update({f"{name}_ratio": round(rate / raw, 3), f"{name}_per_s": round(rate), f"{name}_straight_per_s": round(raw),
                    f"{name}_bytes_a_record": round(each)})
        if not a.json:
            print(f"{name}: {rate:.0f} records/s durable, {raw:.0f} inserted straight: {100 * rate / raw:.0f} %; one record {single[150] * 1000:.1f} ms in the middle, "
                  f"{p99:.1f} ms for all but one in a hundred; {each:.0f} bytes a record")
    out["p99_ms"] = round(worst, 1)
    if a.json:
        print(json.dumps(out))
    shutil.rmtree(work)


if __name__ == "__main__":
    main()
