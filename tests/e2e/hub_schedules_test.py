#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Scheduled reports through the real platen-hub to a maildir (Debian's OpenSMTPD): what is attached, to whom, who may, what becomes visible; a hub that
was away when one was due; with PostgreSQL two hubs on one store. Prints TAP lines, exits non-zero on a failure.

  hub_schedules_test.py [--hub COMMAND] [--store URL]"""
import collections
import os
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from hub_kit import Agent, Hub, Person, administrator, arguments, finish, tap  # noqa: E402
from mail_peers import PASSWORD, USER, OpenSmtpd  # noqa: E402

SCHEDULE = {"name": "Zähler für Köln", "report": "usage-queues", "days": "7-days", "every": "week", "weekday": 1, "hour": 6, "zone": "Europe/Berlin", "format": "csv", "language": "fr",
            "to": ["mia@example.org", "tom@example.org"]}


def until(what, seconds=60):
    end = time.monotonic() + seconds
    while not (got := what()) and time.monotonic() < end:
        time.sleep(0.3)
    return got


def make(c, **more):
    return c.call("POST", "/api/v1/schedules?tenant=Acme", {**SCHEDULE, **more})


def row(c, schedule):
    return next(x for x in c.call("GET", "/api/v1/schedules").json["items"] if x["id"] == schedule)


def ended(c, schedule):
    """The schedule, once all mails of its last time are sent or given up, or wait with a reason."""
    return until(lambda: (r := row(c, schedule))["mails"] and all(m["state"] != "waits" or m["reason"] for m in r["mails"]) and r)


def test_form(c):
    wrong = [{"report": "none"}, {"days": "today"}, {"every": "year"}, {"weekday": 8}, {"hour": 24}, {"zone": "Mars/Base"}, {"format": "json"}, {"language": "it"}, {"to": []},
             {"to": ["a b@example.org"]}, {"to": ["a@example.org\r\nBcc: x@y.z"]}, {"to": ["a@example.org"] * 21}, {"name": ""}, {"group": "00000000000000aa"}, {"report": "meters", "group": "00000000000000aa"}]
    tap.same([make(c, **w).status for w in wrong], [400] * len(wrong), "a schedule of what there is not is refused")
    list_ = c.call("GET", "/api/v1/schedules").json
    tap.same((list_["items"], list_["mail_there"], "Europe/Berlin" in list_["zones"]), ([], True, True), "... and none is kept")


def test_sent(c, smtpd):
    schedule = make(c).json["id"]
    r = row(c, schedule)
    tap.ok(r["next"] > r["changed"] and r["outcome"] == "none" and r["author"] == "admin" and r["mails"] == [], "it says when it is due", repr(r))
    tap.same(c.call("POST", f"/api/v1/schedules/{schedule}/send", {}).status, 204, "it can be sent now")
    r = ended(c, schedule)
    tap.same((r["outcome"], sorted((m["to"], m["state"]) for m in r["mails"])), ("sent", [("mia@example.org", "sent"), ("tom@example.org", "sent")]), "it went to both")
    until(lambda: smtpd.letters("mia") and smtpd.letters("tom"))
    mails = smtpd.letters("mia"), smtpd.letters("tom")
    tap.same([len(m) for m in mails], [1, 1], "each has one letter")
    m = mails[0][0]
    files = list(m.iter_attachments())
    from_, to = (time.strftime("%Y-%m-%d", time.gmtime(time.time() - d * 86400)) for d in (7, 0))
    csv = c.call("GET", f"/api/v1/reports/usage-queues?from={from_}&to={to}&tenant=Acme&format=csv").body
    tap.same([(f.get_content_type(), f.get_payload(decode=True) == csv) for f in files], [("text/csv", True)], "the attachment is the report as the API gives it")
    tap.ok(csv.count(b"\r\n") > 1 and b"Office" in csv, "... and has rows")
    name = files[0].get_filename()
    tap.ok(name.startswith("Utilisation par file") and "–" in name and name.endswith(".csv"), "its name has the words and signs of the language", repr(name))
    tap.ok(m["Subject"].startswith("Zähler für Köln: Utilisation par file"), "so has the subject", m["Subject"])
    text = m.get_body(("plain",)).get_content()
    tap.ok("admin" in text and "/reports/usage-queues?from=" in text and "retard" not in text, "the text says where it is and who sends it, and nothing of being late", text)
    tap.same((m["List-ID"].split()[1], m["Auto-Submitted"], m["Content-Language"]), ("reports", "auto-generated", "fr"), "its headers keep machines from answering")
    return schedule


def test_pdf_and_refusal(c, smtpd, schedule):
    """One address that the server refuses does not keep the other from having its file."""
    tap.same(c.call("PUT", f"/api/v1/schedules/{schedule}", {**SCHEDULE, "format": "pdf", "language": "de", "to": ["mia@example.org", "x@elsewhere.example"]}).status, 204, "it is changed")
    c.call("POST", f"/api/v1/schedules/{schedule}/send", {})
    before = len(smtpd.letters("mia"))
    r = until(lambda: (r := row(c, schedule)) and {m["to"]: m["state"] for m in r["mails"]} == {"mia@example.org": "sent", "x@elsewhere.example": "given-up"} and r)
    tap.ok(r and any("550" in (m["reason"] or "") for m in r["mails"]), "an address that is refused is given up, with the server's words", repr(row(c, schedule)["mails"]))
    until(lambda: len(smtpd.letters("mia")) > before)
    f = list(smtpd.letters("mia")[-1].iter_attachments())[0]
    tap.ok(f.get_content_type() == "application/pdf" and f.get_payload(decode=True).startswith(b"%PDF-1.7"), "the other one has the PDF")
    tap.same(len(smtpd.letters("tom")), 1, "who was taken out gets nothing more")


def test_rights(hub, c, smtpd):
    biller, reader = Person(hub, c, "biller", "billing", "Acme"), Person(hub, c, "reader", "read-only", "Acme")
    stranger = Person(hub, c, "stranger", "administrator", "Globex")
    tap.same([x.call("GET", "/api/v1/schedules").status for x in (biller, reader, stranger)], [200, 403, 200], "the right decides who has schedules")
    r = make(biller, report="usage-users")
    tap.same((r.status, r.type), (403, "forbidden"), "who may not have a report has nobody sent it")
    mine = make(biller, name="Mine", report="meters", to=["bill@example.org"]).json["id"]
    tap.same([stranger.call(m, f"/api/v1/schedules/{mine}{t}", b).status for m, t, b in (("PUT", "", SCHEDULE), ("DELETE", "", None), ("POST", "/send", {}))], [404] * 3,
             "another tenant's schedule does not exist")
    tap.same(stranger.call("GET", "/api/v1/schedules").json["items"], [], "... nor is it in the list")
    c.call("PUT", "/api/v1/users/biller", {"role": "read-only"})
    c.call("POST", f"/api/v1/schedules/{mine}/send", {})
    r = until(lambda: (r := row(c, mine)) and r["outcome"] == "failed" and r)
    tap.ok(r and "right" in r["reason"] and not r["mails"], "an author who lost the right sends nothing any more, and the page says so", repr(row(c, mine)))
    tap.same(smtpd.letters("bill"), [], "... no letter came")
    c.call("PUT", f"/api/v1/schedules/{mine}", {**SCHEDULE, "name": "Mine", "report": "meters", "to": ["bill@example.org"]})
    c.call("POST", f"/api/v1/schedules/{mine}/send", {})
    tap.ok(until(lambda: smtpd.letters("bill")), "saved by somebody who has it, it goes out")
    log = [x["action"] for x in c.call("GET", "/api/v1/audit?action=schedules").json["items"]]
    tap.ok({"schedules.add", "schedules.change", "schedules.send"} <= set(log), "the audit log has the changes", repr(log))
    tap.same((c.call("DELETE", f"/api/v1/schedules/{mine}").status, [x["id"] for x in c.call("GET", "/api/v1/schedules").json["items"] if x["id"] == mine]), (204, []), "it can be removed")


def test_away(hub, c, smtpd, schedule):
    """The hub is off when it is due (the time is put back in the database): once, late, with a word."""
    hour = (time.gmtime().tm_hour - 2) % 24  # the last time it was due is two to three hours ago
    c.call("PUT", f"/api/v1/schedules/{schedule}", {**SCHEDULE, "name": "Late", "every": "day", "hour": hour, "zone": "UTC", "language": "en", "to": ["late@example.org"]})
    hub.kill()
    due = (int(time.time()) // 86400 - 3) * 86400 + hour * 3600
    hub.sql("UPDATE schedules SET next=? WHERE schedule_id=?" + (" RETURNING 1" if hub.store else ""), due * 1000, schedule)
    hub.start()
    letters = until(lambda: smtpd.letters("late"))
    text = letters[0].get_body(("plain",)).get_content()
    tap.ok("comes late" in text and "left out: " in text, "what was due without a hub goes out once, and says that it is late and how many are left out", text)
    time.sleep(7)
    tap.same(len(smtpd.letters("late")), 1, "... once")
    tap.ok(row(c, schedule)["next"] > row(c, schedule)["last_at"], "then it is due at its usual time")


def test_two_hubs(args, work, hub, c, smtpd):
    other = Hub(args.hub, work, "other")
    os.makedirs(other.data, exist_ok=True)
    with open(os.path.join(other.data, "ca.key"), "wb") as f:
        f.write(open(os.path.join(hub.data, "ca.key"), "rb").read())
    os.chmod(os.path.join(other.data, "ca.key"), 0o600)
    other.start()
    try:
        ids = [make(c, name=f"Both {n}", to=[f"both{n}@example.org"]).json["id"] for n in range(12)]
        for i in ids:
            c.call("POST", f"/api/v1/schedules/{i}/send", {})
        until(lambda: all(row(c, i)["outcome"] == "sent" and row(c, i)["mails"] and row(c, i)["mails"][0]["state"] == "sent" for i in ids), 120)
        time.sleep(3)
        heard = collections.Counter({n: len(smtpd.letters(f"both{n}")) for n in range(12)})
        tap.ok(set(heard.values()) == {1}, "two hubs: twelve reports, each came once", repr(heard))
    finally:
        tap.same(other.stop(), 0, "the other hub ends as asked")


def main():
    args = arguments()
    if not OpenSmtpd.there():
        tap.skip("schedules", "OpenSMTPD is not installed, or this is not root")
        return finish("")
    work = tempfile.mkdtemp(prefix="platen-schedules.")
    hub = Hub(args.hub, work)
    smtp_work = os.path.join(work, "smtpd")
    os.makedirs(smtp_work)
    os.makedirs(hub.console_dir)
    os.chmod(work, 0o755)
    smtpd = OpenSmtpd(smtp_work)
    try:
        smtpd.start()
        hub.start()
        c = administrator(hub)
        agent = Agent(hub, work, "pc-acme")
        agent.enrol(hub.key("Acme")["key"])
        hub.key("Globex")
        yesterday = time.strftime("%Y-%m-%dT10:00:00.000Z", time.gmtime(time.time() - 86400))
        agent.post(agent.add(5, ended=yesterday))
        test_form(c)
        r = c.call("PUT", "/api/v1/mail-server", {"host": "localhost", "port": smtpd.starttls, "security": "starttls", "user": USER, "password": PASSWORD,
                                                  "sender": "platen@example.org", "ca": open(smtpd.cert).read()})
        tap.same(r.status, 204, "a mail server is set")
        schedule = test_sent(c, smtpd)
        test_pdf_and_refusal(c, smtpd, schedule)
        test_rights(hub, c, smtpd)
        test_away(hub, c, smtpd, schedule)
        if args.store:
            test_two_hubs(args, work, hub, c, smtpd)
        tap.same(hub.stop(), 0, "the hub ends as asked")
    finally:
        smtpd.stop()
        if hub.p and hub.p.poll() is None:
            hub.kill()
    return finish(work)


if __name__ == "__main__":
    sys.exit(main())
