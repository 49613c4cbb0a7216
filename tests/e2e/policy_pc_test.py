#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a PC adds to a policy of the hub: the quota of the account that a person names, asked before the job prints; the user's groups as the PC has them. The real hub, two real agents, a
person at the user pipe; the spooler's part is that of gate_lab.py."""
import grp
import json
import os
import signal
import socket
import sqlite3
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from gate_lab import ME, Gate, User, expect, policy  # noqa: E402
from lab import Lab, Tap, wait_until  # noqa: E402

ASK = {"id": "ask", "when": {"user": ME}, "then": {"account": {"ask": ["matter"], "seconds": 60}}, "message": "Which matter?"}
BUDGET = {"id": "budget", "of": "account", "per": "month", "unit": "pages", "limit": 10}
OVER = {"id": "over", "when": {"over_quota": "budget"}, "then": "deny", "message": "The matter's pages are used up."}


class World:
    def __init__(self):
        self.hub = Lab()
        self.hub.start_hub()
        self.api = self.hub.api()
        self.pcs = [Gate(HubUrl=self.hub.agents_url, EnrollKey=self.hub.key()) for _ in range(2)]
        for pc in self.pcs:
            wait_until("enrolled", lambda: self.status(pc)["state"] == "connected", 20, 0.1)
        self.version, self.set = 0, None

    @staticmethod
    def status(pc):
        return json.loads(pc.lab.platen("status", "--json").stdout)

    def publish(self, quotas, *rules):
        self.version += 1
        text = json.dumps({"v": 2, "version": self.version, "default": "allow", "quotas": quotas, "rules": list(rules)})
        if not self.set:
            self.set = self.api.call("POST", "/api/v1/policies", {"name": "Matters", "text": text})["id"]
        else:
            self.api.call("PUT", f"/api/v1/policies/{self.set}/draft", {"name": "Matters", "text": text})
        self.api.call("POST", f"/api/v1/policies/{self.set}/publish", {"scope": "all", "state": "live", "note": "test"})
        for pc in self.pcs:
            wait_until("the set is in force", lambda: f"version {self.version}," in self.status(pc)["policy"] + ",", 15)

    def matters(self, *codes):
        for code in codes:
            self.api.call("PUT", "/api/v1/accounts", {"code": code, "name": f"Matter {code}", "kind": "matter", "parent": None}, expect=None)
        for pc in self.pcs:
            wait_until("the accounts are here", lambda: all(c in self.accounts(pc) for c in codes), 20, 0.2)

    @staticmethod
    def accounts(pc):
        path = os.path.join(pc.lab.data, "accounts.json")
        return open(path).read() if os.path.exists(path) else ""

    def counted(self, owner):
        """What is used for good, as hub and agents count it together."""
        a = next((i for i in self.api.call("GET", "/api/v1/quotas")["items"] if i["owner"] == owner), {"spent": 0, "leased": 0})
        own = [pc.lab.rows("select coalesce(sum(units), 0), coalesce(sum(spent), 0) from lease where owner=? and state<>0", owner)[0] for pc in self.pcs]
        return a["spent"] + a["leased"] - sum(u for u, _ in own) + sum(s for _, s in own)

    def close(self):
        for pc in self.pcs:
            pc.__exit__()
        self.hub.close()


def answered(pc, pages, account=None, **more):
    """One job of this person, its question answered; gives its record and the user's connection."""
    u = User(pc.lab)
    doc, out, name = pc.print(pages)
    expect(out["outcome"] == "taken", f"{out}")
    q = u.wait("ASK")
    named = {"account": account} if account else {}
    k, f = u.ask("ANSWER", uid=q["uid"], answer=1, **named, **more)
    expect(k == "TAKEN", f"{k} {f}")
    r = pc.record(name)
    expect(not [f for k, f in u.seen if k == "ASK"], "asked once")
    pc.printed(doc, 1 if r["outcome"] == "printed" else 0)
    return r, u


def over_and_within(w):
    r, _ = answered(w.pcs[0], 7, "M-1")
    expect(r["outcome"] == "printed" and r["policy"]["account"] == "M-1" and r["policy"]["answer"] == "print", f"{r}")
    r, u = answered(w.pcs[1], 4, "M-1")
    p = r["policy"]
    expect(r["outcome"] == "refused" and p["rule"] == "over" and p["account"] == "M-1" and p["answer"] == "print" and p["action"] == "denied", f"{r}")
    expect(r["error"] == OVER["message"] and p["message"] == OVER["message"], f"{r}")
    kinds = [f["kind"] for k, f in u.seen if k == "NOTICE"] or [u.wait("NOTICE")["kind"]]
    expect(kinds == [1], f"notices {kinds}")
    expect(answered(w.pcs[1], 2, "M-1")[0]["outcome"] == "printed", "three pages were left; one lies in the first PC's lease")
    expect(answered(w.pcs[0], 1, "M-1")[0]["outcome"] == "printed", "the last one")
    r, _ = answered(w.pcs[0], 4, "M-2")
    expect(r["outcome"] == "printed", f"another account has its own: {r}")
    expect(w.counted("M-1") == 10 and w.counted("M-2") == 4, f"{w.counted('M-1')}, {w.counted('M-2')}")


def no_account_named(w):
    r, _ = answered(w.pcs[0], 2)
    expect(r["outcome"] == "printed" and "account" not in r["policy"], f"{r}")


def a_kept_account_counts(w):
    pc = w.pcs[0]
    r, u = answered(pc, 6, "M-3", minutes=5)
    expect(r["outcome"] == "printed", f"{r}")
    doc, out, name = pc.print(5, code=1)
    expect(out["outcome"] == "refused" and pc.record(name)["policy"]["rule"] == "over", f"{out}")
    doc, out, name = pc.print(4)
    r = pc.record(name)
    expect(r["outcome"] == "printed" and r["policy"]["account"] == "M-3", f"{r}")
    expect(w.counted("M-3") == 10, f"{w.counted('M-3')}")
    pc.lab.service.stop()  # what is kept is kept in memory
    pc.start()


def unknown_waits_for_the_answer(w):
    """A rule that refuses what is not known is not asked before the account can be."""
    w.publish([BUDGET], dict(OVER, unknown="match"), ASK)
    r, _ = answered(w.pcs[0], 2, "M-4")
    expect(r["outcome"] == "printed", f"{r}")
    r, _ = answered(w.pcs[0], 2)
    expect(r["outcome"] == "refused" and r["policy"]["rule"] == "over", f"without an account nothing is known: {r}")


def held_for_the_account(w):
    w.publish([BUDGET], {"id": "half", "when": {"quota_percent": {"quota": "budget", "min": 50}}, "then": "hold"}, ASK)
    pc, u = w.pcs[0], User(w.pcs[0].lab)
    doc, _, name = pc.print(6)
    q = u.wait("ASK")
    expect(u.ask("ANSWER", uid=q["uid"], answer=1, account="M-5")[0] == "TAKEN", "answered")
    wait_until("it is held", lambda: [s for _, s in pc.held()] == [1], 10)
    pc.printed(doc, 0)
    pc.lab.service.stop(signal.SIGKILL)
    pc.start()
    u = User(pc.lab)
    uid = u.list("JOBS?")[0]["uid"]
    expect(u.ask("ACT", uid=uid, act=1)[0] == "TAKEN", "released")
    pc.printed(doc)
    r = pc.record(name)
    expect(r["outcome"] == "printed" and r["policy"]["action"] == "held" and r["policy"]["account"] == "M-5", f"{r}")
    expect(not [f for k, f in u.seen if k == "ASK"], "it is not asked again")
    expect(w.counted("M-5") == 6, f"{w.counted('M-5')}")


def killed_after_the_answer(w):
    """The service is killed at moments after an answer: the job is asked once, ends once, and its pages count once."""
    w.publish([dict(BUDGET, limit=100)], OVER, ASK)
    pc, names = w.pcs[0], []
    for i in range(8):
        u = User(pc.lab)
        doc, _, name = pc.print(2)
        q = u.wait("ASK")
        expect(u.ask("ANSWER", uid=q["uid"], answer=1, account="M-6")[0] == "TAKEN", "answered")
        time.sleep(0.02 * i)
        pc.lab.service.stop(signal.SIGKILL)
        pc.start()
        u = User(pc.lab)
        pc.printed(doc, seconds=60)
        u.quiet(0.3) if not u.list("JOBS?") else None
        names.append(name)
        expect(pc.record(name)["outcome"] == "printed", f"{pc.record(name)}")
    wait_until("16 pages are counted", lambda: w.counted("M-6") == 16, 20, 0.2)
    expect(not pc.lab.rows("select 1 from lease_spend where settled=0"), "a job is over and still holds units")


def without_the_hub(w):
    w.publish([BUDGET], OVER, ASK)
    pc = w.pcs[0]
    r, _ = answered(pc, 1, "M-7")
    expect(r["outcome"] == "printed", f"{r}")
    w.hub.hub.stop()
    left = pc.lab.rows("select coalesce(sum(units-spent), 0) from lease where owner='M-7' and state=1")[0][0]
    begun = time.monotonic()
    r, _ = answered(pc, left + 1, "M-7")
    expect(r["outcome"] == "refused" and "hub does not answer" in r["policy"]["note"], f"{r}")
    expect(time.monotonic() - begun < 20, "it waits for a bounded time")
    if left:
        expect(answered(pc, left, "M-7")[0]["outcome"] == "printed", "what was leased prints")
    r, _ = answered(pc, 2, "M-8")
    expect(r["outcome"] == "printed" and "has no lease" in r["policy"]["note"], f"unknown, and the rule skips it: {r}")
    w.hub.start_hub()
    wait_until("what printed without a lease is told", lambda: w.counted("M-8") == 2, 40, 0.5)


def own_group():
    return grp.getgrgid(os.getegid()).gr_name


def groups_of_this_pc(w):
    """The directory does not know this person's groups; his session does, and both count."""
    pc, name = w.pcs[0], own_group()
    w.publish([], {"id": "ours", "when": {"group": name}, "then": "deny"}, {"id": "dir", "when": {"group": "ACME\\Clerks"}, "then": "warn"})
    doc, out, doc_name = pc.print(1, code=1)
    r = pc.record(doc_name)
    expect(out["outcome"] == "refused" and r["policy"]["rule"] == "ours", f"{r}")
    expect("hub's directory does not" in r["policy"]["note"], f"the record does not say whose word it was: {r['policy']}")
    w.api.call("PUT", "/api/v1/directory", {"group": name, "people": [ME]}, expect=204)
    wait_until("the directory says it too", lambda: "note" not in pc.record(pc.print(1, code=1)[2])["policy"], 20, 0.2)
    doc, out, doc_name = pc.print(1, user="a stranger")
    expect(out["outcome"] == "printed" and "note" not in pc.record(doc_name)["policy"], f"{pc.record(doc_name)}")
    w.api.call("PUT", "/api/v1/directory", {"group": name, "people": []}, expect=204)


def quotas_go_by_the_directory(w):
    """A quota for a group's members is the hub's to grant: what this PC alone says of a group gives nobody a quota, and takes none."""
    pc, name = w.pcs[0], own_group()
    w.publish([{"id": "few", "of": "user", "group": name, "per": "day", "unit": "pages", "limit": 1}], {"id": "over", "when": {"over_quota": "few"}, "then": "deny"})
    expect(pc.print(3)[1]["outcome"] == "printed", "he is not in the hub's group")
    w.api.call("PUT", "/api/v1/directory", {"group": name, "people": [ME]}, expect=204)

    def refused():
        return pc.record(pc.print(3, code=None)[2])["outcome"] == "refused"
    wait_until("the directory gives him the quota", refused, 20, 0.2)


def by_the_printer(w):
    """A rule on the printer behind the port, as it was read; the hub's back-test rules on the record as the PC did on the job."""
    pc = w.pcs[0]
    pc.lab.service.stop()
    reading = json.dumps({"v": 1, "source": "snmp", "at": "2026-01-01T00:00:00.000Z", "identity": {"make": "HP", "model": "LaserJet 4", "serial": "VNB7"}})
    db = sqlite3.connect(os.path.join(pc.lab.data, "ledger.db"))
    db.execute("insert into device_last(via, key, json, at, outcome, why, address) values('net', 'serial:VNB7', ?, 1, 'read', '', '127.0.0.1')", (reading,))
    db.commit()
    db.close()
    pc.start()
    w.publish([], {"id": "this-one", "when": {"device": "*(VNB7)"}, "then": "deny"})
    doc, out, name = pc.print(1, code=1)
    r = pc.record(name)
    expect(r["device"] == "HP LaserJet 4 (VNB7)" and r["policy"]["rule"] == "this-one", f"{r}")
    doc, out, name = w.pcs[1].print(1)
    r = w.pcs[1].record(name)
    expect(out["outcome"] == "printed" and "device" not in r, f"nothing was read here: {r}")
    wait_until("the hub has the record", lambda: any(j["document"] == name for j in w.api.jobs()), 20, 0.2)
    text = json.dumps({"v": 2, "version": 1, "default": "allow", "rules": [{"id": "hp", "when": {"device": "HP *"}, "then": "deny"}]})
    r = w.api.call("POST", "/api/v1/policy/backtest", {"text": text})
    expect(r["after"]["rules"] == {"hp": 1}, f"{r['after']}")


def administrators_are_told(w):
    """`notify` of a rule becomes an alert at the hub, by an alert rule that asks for it."""
    rule = {"name": "Told", "kind": "policy", "enabled": True, "scope": {}, "when": {"notify": True, "minutes": 60}, "hold_minutes": 0, "clear_minutes": 0,
            "window_minutes": 1, "quiet": None, "tell_closed": False, "channels": []}
    made = w.api.call("POST", "/api/v1/alert-rules", rule)
    w.publish([], {"id": "look-here", "when": {"pages": {"min": 1}}, "then": {"notify": "administrator"}})
    pc = w.pcs[0]
    doc, out, name = pc.print(1)
    expect(out["outcome"] == "printed" and pc.record(name)["policy"]["tell_administrator"] is True, f"{pc.record(name)}")

    def told():
        return [a for a in w.api.call("GET", "/api/v1/alerts")["items"] if a["label"] == "look-here"]
    wait_until("the alert", told, 100, 1)
    expect(told()[0]["detail"]["rule"] == "look-here" and told()[0]["detail"]["count"] == 1, f"{told()}")
    return f"rule {made.get('id', '')}"


def idle_elsewhere(w):
    """What lies in the other PC's lease comes back while the job waits."""
    w.publish([dict(BUDGET, id="calls")], {"id": "over", "when": {"over_quota": "calls"}, "then": "deny"}, ASK)
    expect(answered(w.pcs[0], 4, "M-1")[0]["outcome"] == "printed", "four pages here")
    idle = w.pcs[0].lab.rows("select coalesce(sum(units-spent), 0) from lease where owner='M-1' and qid='calls' and state=1")[0][0]
    expect(idle > 0, "nothing lies idle, so this shows nothing")
    begun = time.monotonic()
    r, _ = answered(w.pcs[1], 6, "M-1")
    took = time.monotonic() - begun
    expect(r["outcome"] == "printed" and "note" not in r["policy"], f"all that is left prints on the other PC: {r['policy']}")
    expect(answered(w.pcs[0], 1, "M-1")[0]["outcome"] == "refused", "and not a page more")
    a = next(i for i in w.api.call("GET", "/api/v1/quotas")["items"] if i["owner"] == "M-1" and "calls" in i["quota"])
    expect(a["spent"] + a["leased"] == 10, f"{a}")
    return f"{idle} pages were idle, {took:.1f} s"


def favourites(w):
    """What a person names most often stands first in his picker, then what he named last."""
    w.publish([], ASK)
    pc = w.pcs[1]
    for code in ("M-8", "M-8", "M-8", "M-7"):
        expect(answered(pc, 1, code)[0]["outcome"] == "printed", code)
    found = [(a["account"], a["flags"]) for a in User(pc.lab).list("ACCOUNTS?")]
    expect(found[0] == ("M-8", 3) and found[1] == ("M-7", 1) and len({c for c, _ in found}) == len(found), f"{found}")


def without_a_hub():
    """This PC's groups alone; nobody else is asked."""
    with Gate(policy({"id": "ours", "when": {"group": own_group()}, "then": "deny"}, {"id": "out", "when": {"none": [{"group": "Guests"}]}, "then": "warn"})) as g:
        doc, out, name = g.print(1, code=1)
        expect(out["outcome"] == "refused" and g.record(name)["policy"]["rule"] == "ours", f"{out}")
        doc, out, name = g.print(1, user="a stranger")
        expect(out["outcome"] == "printed", f"{out}")


class Elsewhere(User):
    """The same person's tray in a session of its own: a process that leads one, and passes its connection on."""

    def __init__(self, lab):
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        self.pid = os.fork()
        if not self.pid:
            ours.close()
            os.setsid()
            s = socket.socket(socket.AF_UNIX)
            s.connect(os.path.join(lab.data, "run/user.sock"))
            socket.send_fds(theirs, [b"x"], [s.fileno()])
            theirs.recv(1)  # until the other end is closed
            os._exit(0)
        theirs.close()
        fd = socket.recv_fds(ours, 1, 1)[1][0]
        self.s, self.end, self.seen = socket.socket(fileno=fd), ours, []
        self.send("WATCH")
        time.sleep(0.3)

    def leave(self):
        self.s.close()
        self.end.close()
        os.waitpid(self.pid, 0)


def asked_where_it_was_printed():
    """The question goes to the session that printed; when that has no tray any more, to the others of the same person."""
    with Gate(policy({"id": "ask", "when": {"pages": {"min": 1}}, "then": {"warn": {"seconds": 60, "silence": "cancel"}}})) as g:
        here, there = User(g.lab), Elsewhere(g.lab)
        doc, out, name = g.print(1, "--session", str(there.pid))
        uid = there.wait("ASK")["uid"]
        here.quiet(0.5)
        late = User(g.lab)
        late.quiet(0.5)  # a question that is asked elsewhere
        expect(there.ask("ANSWER", uid=uid, answer=1)[0] == "TAKEN", "answered")
        g.printed(doc)
        doc, out, name = g.print(1, "--session", str(there.pid))
        uid = there.wait("ASK")["uid"]
        there.leave()
        expect(here.wait("ASK")["uid"] == uid and late.wait("ASK")["uid"] == uid, "asked where the person still is")
        expect(here.ask("ANSWER", uid=uid, answer=1)[0] == "TAKEN", "answered")
        g.printed(doc)
        for session in ("1", "0"):  # nobody watches there; not known
            doc, out, name = g.print(1, "--session", session)
            uid = here.wait("ASK")["uid"]
            expect(late.wait("ASK")["uid"] == uid, "all sessions are asked")
            expect(here.ask("ANSWER", uid=uid, answer=0)[0] == "TAKEN", "answered")
            expect(g.record(name)["outcome"] == "cancelled", "no")


def main():
    tap, w = Tap(), World()
    cases = [(over_and_within, "an account's quota is asked when the account is named, and decides"), (no_account_named, "without an account nothing is asked"),
             (a_kept_account_counts, "an account that is kept for the next jobs counts without a question"),
             (unknown_waits_for_the_answer, "a rule on what is not known waits for the answer"), (held_for_the_account, "held by its account's quota, released, not asked again"),
             (groups_of_this_pc, "groups of the user on this PC and of the hub's directory count together"),
             (quotas_go_by_the_directory, "quotas go by the hub's directory"),
             (by_the_printer, "a rule on the printer that was read at the port"),
             (administrators_are_told, "administrators are told by an alert of what a rule wants them told of"),
             (favourites, "favourite and recent accounts"),
             (idle_elsewhere, "a lease that lies idle on the other PC is called back for a job that waits"),
             (killed_after_the_answer, "killed after the answer: asked once, counted once"), (without_the_hub, "without the hub: the lease, else the rule's unknown")]
    try:
        w.publish([BUDGET], OVER, ASK)
        w.matters(*[f"M-{i}" for i in range(1, 9)])
        for fn, name in cases:
            if len(sys.argv) < 2 or fn.__name__ in sys.argv[1:]:
                tap.run(name, fn, w)
        alone = [(without_a_hub, "groups of the user without any hub"), (asked_where_it_was_printed, "a question goes to the session that printed")]
        for fn, name in alone:
            if len(sys.argv) < 2 or fn.__name__ in sys.argv[1:]:
                tap.run(name, fn)
    finally:
        w.close()
    tap.exit()


main()
