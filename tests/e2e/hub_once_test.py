#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Changes with an Idempotency-Key against the real platen-hub: the same answer again, once whatever happens between (many at once, kill -9, two hubs on
one PostgreSQL). Prints TAP lines, exits non-zero on a failure.

  hub_once_test.py [--hub COMMAND] [--store URL] [--rounds N]"""
import os
import random
import shutil
import sys
import tempfile
import threading
import time

from hub_kit import Console, Hub, administrator, arguments, finish, tap

RULE = {"kind": "status", "when": {"states": ["stopped"]}, "channels": []}


def rule(console, name, key, **more):
    """A change that would be made twice if it were done twice: two rules may have one name. None: no reply came."""
    try:
        return console.call("POST", "/api/v1/alert-rules?tenant=Acme", {**RULE, "name": name, **more}, headers={"Idempotency-Key": key})
    except OSError:
        return None


def rules(hub, name):
    return hub.sql("SELECT count(*) FROM alert_rules WHERE name=?", name)[0][0]


def lines(hub, rule_id):
    """The audit log's lines of the making of rules of one name."""
    return hub.sql("SELECT count(*) FROM audit WHERE action='alert-rules.add' AND line LIKE ?", f'%"{rule_id}"%')[0][0]


def again(r):
    return r.headers.get("Idempotent-Replayed") == "true"


def test_answers(hub, admin):
    first, second = rule(admin, "one", "k-1"), rule(admin, "one", "k-1")
    tap.ok(first.status == 200 and not again(first), "the first request is done", first.body)
    tap.ok(second.status == 200 and again(second) and second.json == first.json, "the same again is answered as before, and says so", second.body)
    tap.same((rules(hub, "one"), lines(hub, "one")), (1, 1), "there is one rule, and one line in the audit log")
    quoted = rule(admin, "one", '"k-1"')
    tap.same((quoted.status, quoted.json), (200, first.json), "the key in quotes is the same key")
    r = rule(admin, "two", "k-1")
    tap.ok((r.status, r.type) == (422, "key-used") and r.json["remedy"], "the key with another body is refused", r.body)
    for key in ("x" * 129, "a b", ""):
        tap.same(rule(admin, "bad", key).type, "bad-key", f"a key of {len(key)} characters that is none is refused")
    tap.same((rules(hub, "two"), rules(hub, "bad")), (0, 0), "... and nothing was made")
    missing = [rule(admin, "none", "k-2", channels=["00000000000000aa"]) for _ in range(2)]
    tap.ok(all(r.status == 400 and not again(r) for r in missing), "a refusal is no answer that is kept", missing[1].body)
    tap.same(rule(admin, "none", "k-2").status, 200, "... the key is still free")
    gone = [admin.call("DELETE", f"/api/v1/alert-rules/{first.json['id']}", headers={"Idempotency-Key": "k-3"}) for _ in range(2)]
    tap.ok([r.status for r in gone] == [204, 204] and again(gone[1]), "a removal twice is a removal, too", gone[1].body)
    tap.same(admin.call("DELETE", f"/api/v1/alert-rules/{first.json['id']}").status, 404, "... without the key it says what it finds")


def test_callers(hub, admin):
    token = admin.call("POST", "/api/v1/tokens", {"label": "erp", "rights": ["alerts", "alerts.change"]}).json["token"]
    machine = Console(hub)
    call = lambda: machine.call("POST", "/api/v1/alert-rules?tenant=Acme", {**RULE, "name": "of both"},
                                headers={"Authorization": f"Bearer {token}", "Idempotency-Key": "same"})
    one, two, three = rule(admin, "of both", "same"), call(), call()
    tap.ok(one.json["id"] != two.json["id"] == three.json["id"] and again(three), "a token and its owner do not meet in one key", three.body)
    other = Console(hub)
    other.sign_in("admin", "correct horse battery")
    tap.same(rule(other, "of both", "same").json, one.json, "another session of the same account has the answer")


def test_secrets(hub, admin):
    ask = lambda key: admin.call("POST", "/api/v1/tokens", {"label": "once", "rights": ["jobs"]}, headers={"Idempotency-Key": key})
    first, second = ask("secret"), ask("secret")
    tap.same((first.status, second.status, second.type), (200, 409, "answer-not-kept"), "a token's secret is shown once: again it is said that it was made")
    tap.same([t["label"] for t in admin.call("GET", "/api/v1/tokens").json["items"]].count("once"), 1, "... one token was made")
    kept = hub.sql("SELECT kept, body FROM answers WHERE request_key='secret'")
    tap.ok(kept == [(0, "")], "... and nothing of its answer is stored", repr(kept))
    everything = repr(hub.sql("SELECT body FROM answers"))
    tap.ok(first.json["token"] not in everything and "pltk_" not in everything and "whsec_" not in everything, "no secret stands among the answers")


def at_once(asks):
    """Runs them side by side; their replies."""
    got = [None] * len(asks)

    def run(i):
        got[i] = asks[i]()
    threads = [threading.Thread(target=run, args=(i,)) for i in range(len(asks))]
    for t in threads:
        t.start()
    for t in threads:
        t.join(60)
    return got


def test_at_once(hubs, consoles, rounds, name):
    """Many times the same, at all hubs at once: one is done, the others are told so or asked to come again."""
    wrong, waits = [], 0
    for n in range(rounds):
        title = f"{name} {n}"
        got = at_once([lambda c=c: rule(c, title, f"{name.replace(' ', '-')}-{n}") for c in consoles])
        waits += sum(r.status == 409 for r in got)
        ids = {r.json["id"] for r in got if r.status == 200}
        if rules(hubs[0], title) != 1 or len(ids) != 1 or {(r.status, r.type) for r in got} - {(200, None), (409, "under-way")}:
            wrong.append(f"{title}: {rules(hubs[0], title)} rules, {[(r.status, r.type) for r in got]}")
        last = rule(consoles[-1], title, f"{name.replace(' ', '-')}-{n}")
        if [last.json] != [{"id": i} for i in ids] or not again(last):
            wrong.append(f"{title}: afterwards {last.status} {last.body!r}")
    tap.ok(not wrong, f"{name}: {rounds} times {len(consoles)} at once, one rule each ({waits} came while one was under way)", "; ".join(wrong[:3]))


def test_kill(hub, admin, rounds):
    """kill -9 while the request is under way; the same again after the start."""
    wrong, unanswered, was_done = [], 0, 0
    for n in range(rounds):
        got = []
        t = threading.Thread(target=lambda: got.append(rule(admin, f"killed {n}", f"kill-{n}")))
        t.start()
        time.sleep(random.uniform(0, 0.03))
        hub.kill()
        t.join(60)
        hub.start()
        first, second = got[0], rule(admin, f"killed {n}", f"kill-{n}")
        unanswered += first is None
        was_done += first is None and again(second)
        if second.status != 200 or rules(hub, f"killed {n}") != 1 or (first and first.json != second.json):
            wrong.append(f"{n}: {second.status} {second.body!r}, {rules(hub, f'killed {n}')} rules")
    tap.ok(not wrong, f"kill -9, {rounds} times: each rule once ({unanswered} without a reply, {was_done} of them done)", "; ".join(wrong))


def test_two_hubs(hub, admin, work, command):
    other = Hub(command, work, "other")
    os.makedirs(other.data)
    shutil.copy(os.path.join(hub.data, "ca.key"), other.data)
    other.start()
    try:
        consoles = [admin, *(Console(h) for h in (hub, other, other))]
        for c in consoles[1:]:
            c.sign_in("admin", "correct horse battery")
        test_at_once([hub, other], consoles, 20, "two hubs")
        rule(consoles[0], "handed over", "over")
        hub.kill()
        r = rule(consoles[2], "handed over", "over")
        tap.ok(r.status == 200 and again(r), "what one hub did before it was killed, the other answers", r.body)
    finally:
        other.stop()


def main():
    a = arguments(("--rounds", {"type": int, "default": 15}))
    work = tempfile.mkdtemp(prefix="platen-once-")
    hub = Hub(a.hub, work)
    os.makedirs(hub.console_dir)
    hub.start()
    try:
        admin = administrator(hub)
        tap.same(admin.call("POST", "/api/v1/tenants", {"name": "Acme", "level": "customer"}).status, 200, "a tenant is made")
        test_answers(hub, admin)
        test_callers(hub, admin)
        test_secrets(hub, admin)
        many = [admin] + [Console(hub) for _ in range(3)]
        for c in many[1:]:
            c.sign_in("admin", "correct horse battery")
        test_at_once([hub], many, 20, "one hub")
        test_kill(hub, admin, a.rounds)
        tap.same(hub.run("audit", "verify").returncode, 0, "the audit log's chain holds")
        if a.store:
            test_two_hubs(hub, admin, work, a.hub)
        else:
            tap.skip("two hubs", "SQLite has one")
    finally:
        if hub.p.poll() is None:
            hub.stop()
    return finish(work)


if __name__ == "__main__":
    sys.exit(main())
