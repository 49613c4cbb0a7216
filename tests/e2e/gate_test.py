#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Enforcement end to end on Linux: jobs kept back until they are whole, denied, asked for, held, released, redirected; and what happens when the
service, the spooler's side or a disk is not there."""
import base64
import hashlib
import json
import os
import pwd
import stat
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from gate_lab import ME, Gate, User, document, expect, policy, when_pages  # noqa: E402
from lab import Tap  # noqa: E402


def denied_by_pages():
    with Gate(policy(when_pages(5, "deny"))) as g:
        doc, answer, name = g.print(6, code=1)
        expect(answer["outcome"] == "refused", f"{answer}")
        r = g.record(name)
        p = r["policy"]
        expect(r["outcome"] == "refused" and r["analysis"]["pages"] == 6 and p["action"] == "denied" and p["rule"] == "pages" and p["version"] == 7, f"{r}")
        expect("pages 6 is 5 or more" in p["explanation"] and p["message"] == "Too many pages." and p["user_notified"] is False, f"{p}")
        g.printed(doc, 0)
        g.no_files()
        doc, answer, name = g.print(4)
        expect(answer["outcome"] == "printed", f"{answer}")
        g.printed(doc)
        expect(g.record(name)["policy"]["action"] == "printed", "released")
        g.no_files()


def headers_stream():
    with Gate(policy({"id": "q", "when": {"queue": "Other"}, "then": "deny"})) as g:
        doc, answer, name = g.print(3)
        g.printed(doc)
        expect("keeps" not in open(g.lab.log("service")).read() and not g.gate_files(), "no gate file was made")
        expect(not any("gate" in n for n in os.listdir(g.lab.data) if n != "gate"), "nothing else")


def held_and_expired():
    with Gate(policy(when_pages(2, {"hold": {"hours": 1}}))) as g:
        doc, answer, name = g.print(2)
        expect(answer["outcome"] == "taken", f"{answer}")
        expect([s for _, s in g.held()] == [1], f"{g.held()}")
        expect(len(g.gate_files()) == 1 and g.gate_files()[0].endswith(".held"), f"{g.gate_files()}")
        expect(stat.S_IMODE(os.stat(os.path.join(g.lab.data, "gate", g.gate_files()[0])).st_mode) == 0o600, "private")
        g.lab.service.stop(9)
        g.start()
        expect([s for _, s in g.held()] == [1] and not g.records(name), "it is held over a restart")
        g.printed(doc, 0)


def released_once():
    with Gate(policy(when_pages(2, {"hold": {"hours": 1}}))) as g:
        doc, _, name = g.print(3)
        u = User(g.lab)
        jobs = u.list("JOBS?", limit=10)
        expect(len(jobs) == 1 and jobs[0]["state"] == 1 and jobs[0]["document"] == name and jobs[0]["pages"] == 3 and jobs[0]["rule"] == "pages", f"{jobs}")
        g.lab.service.stop(9)
        g.start()
        u = User(g.lab)
        expect(u.ask("ACT", uid=jobs[0]["uid"], act=1)[0] == "TAKEN", "released")
        g.printed(doc)
        r = g.record(name)
        expect(r["outcome"] == "printed" and r["user"] == ME and r["document"] == name and r["analysis"]["pages"] == 3, f"{r}")
        expect(r["policy"]["action"] == "held" and r["bytes"] == len(doc), f"{r['policy']}")
        k, f = u.ask("ACT", uid=jobs[0]["uid"], act=1)
        expect(k == "ERROR" and f["code"] == 1, f"{k} {f}")
        g.no_files()
        jobs = u.list("JOBS?")
        expect(len(jobs) == 1 and jobs[0]["state"] == 2, f"{jobs}")
        # Its copy, printed by somebody who read the title in the queue: nothing comes out, nothing is counted for it.
        title = open(os.path.join(g.spool, "titles")).read().strip()
        subprocess.run(g.lab.printjob_args([g.file], document=title), timeout=30, stdout=subprocess.DEVNULL)
        g.printed(doc)
        expect(len(g.records(name)) == 1, "recorded once")


def deleted_by_its_owner():
    with Gate(policy(when_pages(2, "hold"))) as g:
        doc, _, name = g.print(3)
        u = User(g.lab)
        uid = u.list("JOBS?")[0]["uid"]
        expect(u.ask("ACT", uid=uid, act=0)[0] == "TAKEN", "deleted")
        r = g.record(name)
        expect(r["outcome"] == "cancelled" and r["error"] == "Its owner deleted it." and r["why"] == "deleted", f"{r}")
        job = User(g.lab, watch=False).list("JOBS?")[0]
        expect(job["message"] == r["error"] and job["why"] == "deleted", f"{job}")
        g.printed(doc, 0)
        g.no_files()


def reasons_where_a_rule_has_no_words():
    """The rule's own words go as they are; where it has none, the codes go beside the English explanation, in notices, questions and the list."""
    rules = [{"id": "no message", "when": {"pages": {"min": 5}}, "then": "deny"}, when_pages(4, "deny"),
             {"id": "ask", "when": {"pages": {"min": 2}}, "then": "warn"}]
    with Gate(policy(*rules)) as g:
        u = User(g.lab)
        _, _, name = g.print(6, code=1)
        n, why = u.wait("NOTICE"), "denies no%20message;at-least pages 6 5"
        expect(n["why"] == why and "pages 6 is 5 or more" in n["message"], f"{n}")
        r = g.record(name)
        expect(r["policy"]["because"] == why and "why" not in r and "error" not in r, f"{r}")
        job = User(g.lab, watch=False).list("JOBS?")[0]
        expect(job["why"] == why and job["message"] == n["message"], f"{job}")
        g.print(4, code=1)
        n = u.wait("NOTICE")
        expect(n["message"] == "Too many pages." and "why" not in n, f"{n}")
        g.print(3)
        q = u.wait("ASK")
        expect(q["why"] == "warns ask;at-least pages 3 2" and q["message"] == "", f"{q}")


def somebody_elses_job():
    with Gate(policy(when_pages(2, "hold"))) as g:
        g.print(3, user="somebody")
        u = User(g.lab)
        uid = bytes.fromhex(g.held()[0][0])
        expect(u.list("JOBS?") == [], "not in the list")
        unknown = u.ask("ACT", uid=bytes(16), act=1)
        for kind, fields in (("ACT", {"act": 1}), ("ACT", {"act": 0}), ("ANSWER", {"answer": 1})):
            expect(u.ask(kind, uid=uid, **fields) == unknown, "the same words as for a job that does not exist")
        expect(len(g.held()) == 1, "it is held")


OTHER = 65534  # nobody: a second person of this system


def as_other(lab, body):
    """Runs a client of the pipe under the other uid: whose it is, the kernel tells the service. `body` may use u, a client that watches, and T_UID."""
    code = ("import json, sys; sys.path.insert(0, %r); import gate_lab as t\nu = t.User(type('L', (), {'data': %r})())\n%s" %
            (os.path.dirname(os.path.abspath(__file__)), lab.data, body))
    p = subprocess.run([sys.executable, "-B", "-c", code], user=OTHER, group=OTHER, extra_groups=[], capture_output=True, text=True, timeout=60)
    expect(p.returncode == 0, f"the other person's client: {p.stderr}")
    return json.loads(p.stdout)


FORGE = """uid = bytes.fromhex(%r)
none = u.ask("ACT", uid=bytes(16), act=1)
tries = [u.ask(k, uid=uid, **f) for k, f in (("ACT", {"act": 1}), ("ACT", {"act": 0}), ("ANSWER", {"answer": 0}), ("ANSWER", {"answer": 1}),
         ("ANSWER", {"answer": 1, "account": "M-1", "pin": "1234"}), *[("ANSWER", {"answer": 1, "account": "M-1", "pin": "0000"})] * 6)]
print(json.dumps({"same": [t == none for t in tries], "none": none[1]["code"], "list": u.list("JOBS?"), "seen": u.seen}))"""


def two_persons():
    """Two real uids at the real service. The second one knows the first one's job and forges every frame for it: nothing happens, and each answer is
    the one for a job that does not exist. A wrong PIN of his costs the account nothing. Then the same acts are the owner's, and work."""
    expect(os.geteuid() == 0, "a second uid needs root; run this in the box")
    ask_account = {"id": "matter", "when": {"pages": {"min": 3}}, "then": {"account": {"ask": "matter", "required": True, "pin": True, "seconds": 120}}}
    with Gate() as g:
        g.set({"v": 1, "accounts": [pin("M-1", "Miller", "matter", "1234")]}, "accounts.json")
        g.set(policy(ask_account, {"id": "hold", "when": {"pages": 2}, "then": "hold"}))
        g.lab.service.stop()
        g.start()
        for path in (g.lab.dir, g.lab.data, os.path.join(g.lab.data, "run")):  # private here; the socket itself is for everybody
            os.chmod(path, 0o711)
        u = User(g.lab)
        asked_doc, _, asked_name = g.print(3)
        held_doc, _, held_name = g.print(2)
        q = u.wait("ASK")
        own = User(g.lab, watch=False)  # lists alone: no notice comes between
        held = next(j for j in own.list("JOBS?") if j["document"] == held_name)
        for uid in (q["uid"], held["uid"]):
            r = as_other(g.lab, FORGE % uid.hex())
            expect(r["same"] == [True] * 11 and r["none"] == 1, f"{r}")
            expect(r["list"] == [] and r["seen"] == [], f"he sees something: {r}")
        r = as_other(g.lab, 'print(json.dumps(u.list("JOBS?")))')
        expect(r == [], f"{r}")
        theirs, _, their_name = g.print(2, user=pwd.getpwuid(OTHER).pw_name)
        mine = as_other(g.lab, 'j = u.list("JOBS?"); print(json.dumps([[j[0]["document"], j[0]["state"], len(j)], u.ask("ACT", uid=j[0]["uid"], act=0)[0]]))')
        expect(mine == [[their_name, 1, 1], "TAKEN"], f"his own job: {mine}")
        expect(sorted(j["document"] for j in own.list("JOBS?")) == sorted([asked_name, held_name]), "and each sees his own only")
        expect(len(g.held()) == 2, f"nothing was changed: {g.held()}")
        expect(u.ask("ANSWER", uid=q["uid"], answer=1, account="M-1", pin="1234")[0] == "TAKEN", "the owner's PIN is not locked by the other's tries")
        expect(u.ask("ACT", uid=held["uid"], act=1)[0] == "TAKEN", "the owner releases")
        for doc, times in ((asked_doc, 1), (held_doc, 1), (theirs, 0)):
            g.printed(doc, times)


def asked(then, n=3, **more):
    return policy(when_pages(2, then, **more))


def answered_yes():
    with Gate(asked({"warn": {"seconds": 60}})) as g:
        u, second = User(g.lab), User(g.lab)
        doc, answer, name = g.print(3)
        expect(answer["outcome"] == "taken", f"{answer}")
        q = u.wait("ASK")
        expect(q["asks"] == 1 and q["document"] == name and q["pages"] == 3 and 0 < q["seconds"] <= 60 and q["silence"] == 0 and
               q["message"] == "Too many pages.", f"{q}")
        expect(second.wait("ASK")["uid"] == q["uid"], "every session is asked")
        g.printed(doc, 0)
        expect(u.ask("ANSWER", uid=q["uid"], answer=1)[0] == "TAKEN", "taken")
        expect(second.wait("OVER")["uid"] == q["uid"], "the other one is told")
        g.printed(doc)
        r = g.record(name)
        expect(r["outcome"] == "printed" and r["policy"]["answer"] == "print" and r["policy"]["user_notified"] is True, f"{r}")
        k, f = second.ask("ANSWER", uid=q["uid"], answer=0)
        expect(k == "ERROR" and f["code"] in (1, 3), f"{k} {f}")


def answered_no():
    with Gate(asked("warn")) as g:
        u = User(g.lab)
        doc, _, name = g.print(3)
        q = u.wait("ASK")
        expect(u.ask("ANSWER", uid=q["uid"], answer=0)[0] == "TAKEN", "taken")
        r = g.record(name)
        expect(r["outcome"] == "cancelled" and r["policy"]["answer"] == "cancel" and r["why"] == "declined", f"{r}")
        g.printed(doc, 0)


def nobody_answers():
    for silence, times, outcome in (("print", 1, "printed"), ("cancel", 0, "cancelled")):
        with Gate(asked({"warn": {"seconds": 5, "silence": silence}})) as g:
            u = User(g.lab)
            doc, _, name = g.print(3)
            u.wait("ASK")
            r = g.record(name)
            expect(r["outcome"] == outcome and r["policy"]["answer"] == "none", f"{r}")
            expect(u.wait("OVER"), "over")
            told = [(f["kind"], f["why"]) for k, f in u.seen if k == "NOTICE"]
            expect(told == ([] if times else [(6, "unanswered")]), f"told {told}")
            g.printed(doc, times)


def no_tray():
    with Gate(asked({"warn": {"silence": "cancel"}})) as g:
        doc, answer, name = g.print(3)
        expect(answer["outcome"] == "printed" and g.record(name)["policy"]["action"] == "printed", "a popup that nobody can see strands no job")
    with Gate(asked({"warn": {"else": "deny"}})) as g:
        doc, answer, name = g.print(3, code=1)
        expect(answer["outcome"] == "refused" and g.record(name)["policy"]["action"] == "denied", "or is denied, if the rule says so")


def asked_over_a_restart():
    with Gate(asked({"warn": {"seconds": 60, "silence": "cancel"}})) as g:
        u = User(g.lab)
        doc, _, name = g.print(3)
        q = u.wait("ASK")
        g.lab.service.stop(9)
        g.start()
        u = User(g.lab)
        again = u.wait("ASK")
        expect(again["uid"] == q["uid"] and again["seconds"] <= q["seconds"], "the same question")
        expect(u.ask("ANSWER", uid=q["uid"], answer=1)[0] == "TAKEN", "taken")
        g.lab.service.stop(9)
        g.start()
        u = User(g.lab)
        g.printed(doc, seconds=60)  # half a minute, if the service was killed while it gave it to the spooler
        expect(g.record(name)["outcome"] == "printed", "printed")
        u.quiet()  # it is not asked again


def pin(code, name, kind, digits):
    salt, rounds = bytes(range(16)), 1000
    salt_text, h = (base64.urlsafe_b64encode(x).decode().rstrip("=") for x in (salt, hashlib.pbkdf2_hmac("sha256", digits.encode(), salt, rounds)))
    return {"code": code, "name": name, "kind": kind, "parent": None, "pin": f"pbkdf2-sha256${rounds}${salt_text}${h}"}


def accounts():
    rule = {"account": {"ask": ["matter"], "required": True, "pin": True, "seconds": 60, "else": "deny"}}
    with Gate(asked(rule)) as g:
        g.set({"v": 1, "accounts": [pin("M-1", "Miller v. Smith", "matter", "4711"), {"code": "C-1", "name": "Miller", "kind": "client"},
                                    {"code": "M-2", "name": "Other", "kind": "matter"}]}, "accounts.json")
        u = User(g.lab)
        doc, _, name = g.print(3)
        q = u.wait("ASK")
        expect(q["asks"] == 2 and q["wanted"] == 2 and q["required"] == 1 and q["pin"] == 1, f"{q}")
        found = u.list("ACCOUNTS?", search="mill")
        expect([(a["account"], a["kind"], a["pin"]) for a in found] == [("M-1", 2, 1), ("C-1", 1, 0)], f"{found}")
        expect(u.list("ACCOUNTS?", wanted=2) == [], "no recent ones yet")
        for wrong in ({}, {"account": "M-9"}, {"account": "C-1"}, {"account": "M-1"}, {"account": "M-1", "pin": "0815"}):
            k, f = u.ask("ANSWER", uid=q["uid"], answer=1, **wrong)
            expect(k == "ERROR" and f["code"] == 4, f"{wrong}: {k} {f}")
        k, _ = u.ask("ANSWER", uid=q["uid"], answer=1, account="M-1", pin="4711", minutes=5)
        expect(k == "TAKEN", "taken")
        g.printed(doc)
        expect(g.record(name)["policy"]["account"] == "M-1", "in the record")
        doc, answer, name = g.print(4)
        expect(answer["outcome"] == "printed" and g.record(name)["policy"]["account"] == "M-1", "kept for the next job")
        expect([(a["account"], a["flags"]) for a in u.list("ACCOUNTS?")] == [("M-1", 1)], "recent")
        u.list("BALANCE")
    with Gate(asked({"account": {"ask": "matter", "required": True, "seconds": 5, "else": "deny"}})) as g:
        u = User(g.lab)
        doc, _, name = g.print(3)
        u.wait("ASK")
        expect(g.record(name)["outcome"] == "cancelled", "without an account nothing prints")
        g.printed(doc, 0)


def held_then_asked():
    with Gate(asked(["hold", "warn"])) as g:
        u = User(g.lab)
        doc, _, name = g.print(3)
        expect(u.wait("NOTICE")["kind"] == 3, "held")
        uid = u.list("JOBS?")[0]["uid"]
        expect(u.ask("ACT", uid=uid, act=1)[0] == "TAKEN", "released")
        asks = [f for k, f in u.seen if k == "ASK"] or [u.wait("ASK")]
        expect(u.ask("ANSWER", uid=asks[0]["uid"], answer=1)[0] == "TAKEN", "answered")
        g.printed(doc)
        r = g.record(name)
        expect(r["outcome"] == "printed" and r["policy"]["action"] == "held" and r["policy"]["answer"] == "print", f"{r}")
        expect(not [f for k, f in u.seen[1:] if k == "ASK"], "asked once")


def redirected():
    with Gate(asked({"redirect": "Big"})) as g:
        doc, answer, name = g.print(3)
        expect(answer["outcome"] == "taken", f"{answer}")
        g.printed(doc)
        r = g.record(name)
        expect(r["queue"] == "Big" and r["policy"]["action"] == "redirected" and r["user"] == ME, f"{r}")
        open(os.path.join(g.spool, "nameless"), "w").close()
        doc, answer, name = g.print(3)
        g.printed(doc)
        expect(g.record(name)["queue"] == "Big", "the queue where the desk sent it, though the spooler names none")
    with Gate(asked({"redirect": "Nowhere"})) as g:
        doc, answer, name = g.print(3)
        g.printed(doc)
        r = g.record(name)
        expect(r["queue"] == "Office" and "not redirected" in r["policy"]["note"], f"{r}")
    with Gate(asked({"redirect": {"queue": "Nowhere", "else": "deny"}})) as g:
        doc, answer, name = g.print(3)
        expect(g.record(name)["outcome"] == "failed", "not printed elsewhere")
        g.printed(doc, 0)


def rewritten():
    with Gate(asked({"duplex": "force"})) as g:
        doc, answer, name = g.print(3)
        expect(answer["outcome"] == "printed", f"{answer}")
        r = g.record(name)
        out = g.lab.printed()
        expect(r["policy"]["action"] == "converted" and r["analysis"]["duplex"] == "long" and r["analysis"]["pages"] == 3 and r["analysis"]["sheets"] == 2, f"{r}")
        expect(len(out) == 1 and out[0] != doc and b"Duplex" in out[0] and len(out[0]) == r["bytes"], "the new job is at the printer")
        g.no_files()
    labels = b"^XA^FO50,50^FDhello^FS^XZ\n" * 3
    for how, outcome, code in (({"how": "force"}, "printed", 0), ({"how": "force", "else": "deny"}, "refused", 1)):
        with Gate(asked({"duplex": how})) as g:  # labels have no back
            doc, answer, name = g.print(3, code=code, raw=labels)
            r = g.record(name)
            expect(answer["outcome"] == outcome and "duplex: " in r["policy"]["note"], f"{r}")
            g.printed(doc, code == 0)
            g.no_files()


def offered():
    with Gate(asked({"duplex": "offer"})) as g:
        u = User(g.lab)
        for yes in (1, 0):
            doc, answer, name = g.print(3)
            q = u.wait("ASK")
            expect(q["asks"] == 4, f"{q}")
            expect(u.ask("ANSWER", uid=q["uid"], answer=1, duplex=yes)[0] == "TAKEN", "taken")
            r = g.record(name)
            expect(r["outcome"] == "printed" and (r["analysis"]["duplex"] == "long") == bool(yes) and r["policy"]["action"] == "asked", f"{r}")
            expect("note" not in r["policy"], f"{r}")
            g.printed(doc, 0 if yes else 1)
        g.no_files()


def no_room():
    for rule, outcome, times in ((), "printed", 1), (("--refuse",), "refused", 0):
        with Gate(policy(when_pages(2, "deny")), GateJobMiB=1) as g:
            doc, answer, name = g.print(60, *rule, code=0 if times else 1)  # 2 MB
            expect(answer["outcome"] == outcome, f"{answer}")
            g.printed(doc, times)
            r = g.record(name)
            expect(r["outcome"] == outcome and "port's rule" in r["policy"]["note"] and r["bytes"] == len(doc), f"{r}")
            g.no_files()


def spooler_down():
    with Gate(policy(when_pages(2, "hold"))) as g:
        doc, _, name = g.print(3)
        u = User(g.lab)
        open(os.path.join(g.spool, "down"), "w").close()
        u.ask("ACT", uid=u.list("JOBS?")[0]["uid"], act=1)
        time.sleep(1)
        expect(g.held() and not g.records(name), "it waits")
        os.remove(os.path.join(g.spool, "down"))
        g.printed(doc)
        expect(g.record(name)["outcome"] == "printed", "printed")


def shadow_and_cost():
    prices = {"v": 1, "currency": "EUR", "tables": [{"from": "2020-01-01", "rows": [{"id": "all", "mono_page": "0.10"}]}]}
    with Gate() as g:
        g.set(prices, "prices.json")
        g.set(policy({"id": "dear", "when": {"cost": {"min": "0.50"}}, "then": "deny"}, {"id": "trial", "when": {"pages": {"min": 2}}, "then": "deny", "shadow": True}))
        time.sleep(3)
        doc, answer, name = g.print(4)
        p = g.record(name)["policy"]
        expect(answer["outcome"] == "printed" and p["cost"] == 400000 and p["currency"] == "EUR" and p["would"] == "denied" and p["action"] == "printed", f"{p}")
        doc, answer, name = g.print(5, code=1)
        p = g.record(name)["policy"]
        expect(answer["outcome"] == "refused" and p["cost"] == 0 and p["rule"] == "dear", f"{p}")


def again():
    with Gate(policy({"id": "twice", "when": {"again": {"within": 10}}, "then": "deny"})) as g:
        doc, answer, name = g.print(3)
        expect(answer["outcome"] == "printed", "the first time")
        g.record(name)
        g.n -= 1
        doc, answer, name = g.print(3, code=1)
        expect(answer["outcome"] == "refused", "the second time")


def quotas():
    set_ = policy({"id": "over", "when": {"over_quota": "q"}, "then": "deny", "message": "Used up."},
                  quotas=[{"id": "q", "of": "user", "per": "day", "unit": "pages", "limit": 10}])
    with Gate(set_) as g:
        for pages, code, used in ((6, 0, 6), (5, 1, 6), (4, 0, 10), (1, 1, 10)):
            doc, answer, name = g.print(pages, code=code)
            g.record(name)
            u = User(g.lab, watch=False)
            got = u.list("BALANCE")
            expect([(b["name"], b["used"], b["limit"], b["unit"]) for b in got] == [("q", used, 10, "pages")], f"{pages}: {got}")
        doc, answer, name = g.print(8, user="somebody")
        expect(answer["outcome"] == "printed", "everybody has his own")


def main():
    cases = [denied_by_pages, headers_stream, held_and_expired, released_once, deleted_by_its_owner,
             reasons_where_a_rule_has_no_words, somebody_elses_job, two_persons, answered_yes, answered_no,
             nobody_answers, no_tray, asked_over_a_restart, accounts, held_then_asked, redirected, rewritten, offered, no_room, spooler_down,
             shadow_and_cost, again, quotas]
    tap = Tap()
    for case in cases:
        if len(sys.argv) < 2 or case.__name__ in sys.argv[1:]:
            tap.run(case.__name__.replace("_", " "), case)
    tap.exit()


if __name__ == "__main__":
    main()
