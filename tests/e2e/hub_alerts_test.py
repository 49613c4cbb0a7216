#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Alerts through the real platen-hub: from a printer's reading to a mail in a maildir (Debian's OpenSMTPD) and a signed webhook; servers that are
down, slow, distrusted or that refuse; kill -9 while it delivers; with PostgreSQL two hubs on one store. Prints TAP lines, exits non-zero on a failure.

  hub_alerts_test.py [--hub COMMAND] [--store URL]"""
import collections
import os
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from device_fleet import Printer, reading  # noqa: E402
from hub_kit import Agent, Hub, administrator, arguments, finish, tap  # noqa: E402
from mail_peers import PASSWORD, USER, Hook, OpenSmtpd, SmtpDouble, certificate, free_port, server_context, signature_good  # noqa: E402


def until(what, seconds=45):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        got = what()
        if got:
            return got
        time.sleep(0.2)
    return what()


def deliveries(c):
    return c.call("GET", "/api/v1/alert-deliveries").json["items"]


def outcome(c, key, seconds=120):
    """The delivery, once an attempt has ended."""
    return until(lambda: next((d for d in deliveries(c) if d["key"] == key and (d["state"] != "waits" or d["reason"])), None), seconds)


def settings(smtpd, **more):
    return {"host": "localhost", "port": smtpd.starttls, "security": "starttls", "user": USER, "password": PASSWORD, "sender": "platen@example.org", "ca": open(smtpd.cert).read(), **more}


def try_channel(c, channel):
    r = c.call("POST", f"/api/v1/alert-channels/{channel}/test", {})
    return r.json["key"] if r.status == 200 else r.body


# ---- configuration ----

def test_configuration(c, smtpd, hook):
    r = c.call("POST", "/api/v1/alert-channels?tenant=Acme", {"name": "Post", "kind": "mail", "language": "de", "to": ["jörg@example.org"]})
    tap.same(r.status, 400, "an address that is none is refused")
    for to in ("mia@example.org\r\nBcc: eve@example.org", "mia@example.org, eve@example.org", "<mia@example.org>"):
        r = c.call("POST", "/api/v1/alert-channels?tenant=Acme", {"name": "Post", "kind": "mail", "language": "de", "to": [to]})
        tap.same(r.status, 400, f"so is {to!r}")
    for url in ("http://localhost/", "https://", "ftp://localhost/", "https://user:pw@localhost/", "https://a b/"):
        r = c.call("POST", "/api/v1/alert-channels?tenant=Acme", {"name": "Hook", "kind": "webhook", "language": "en", "url": url})
        tap.same(r.status, 400, f"and the webhook {url!r}")
    mail = c.call("POST", "/api/v1/alert-channels?tenant=Acme", {"name": "Post", "kind": "mail", "language": "de", "to": ["mia@example.org", "tom@example.org"]}).json["id"]
    tap.same(c.call("POST", f"/api/v1/alert-channels/{mail}/test", {}).status, 400, "without a mail server a test says so")
    for wrong in ({"security": "none"}, {"port": 0}, {"sender": "x"}, {"host": "a b"}, {"ca": "nonsense"}):
        tap.same(c.call("PUT", "/api/v1/mail-server", settings(smtpd, **wrong)).status, 400, f"a mail server with {wrong} is refused")
    tap.same(c.call("PUT", "/api/v1/mail-server", settings(smtpd)).status, 204, "a mail server is set")
    got = c.call("GET", "/api/v1/mail-server")
    tap.ok(got.json["password"] is True and PASSWORD.encode() not in got.body, "its password is not shown")
    r = c.call("POST", "/api/v1/alert-channels?tenant=Acme", {"name": "Hook", "kind": "webhook", "language": "en", "url": hook.url, "ca": open(hook.cert).read()})
    secret = r.json["secret"]
    listed = c.call("GET", "/api/v1/alert-channels")
    tap.ok(secret.startswith("whsec_") and secret.encode() not in listed.body, "a webhook's secret is shown once")
    return mail, r.json["id"], secret


def test_secrets(hub):
    rows = hub.sql("SELECT host, user_name FROM mail_server")
    tap.same([tuple(r) for r in rows], [("localhost", USER)], "the settings are in the store")
    if not hub.store:
        whole = b"".join(open(os.path.join(hub.data, f), "rb").read() for f in os.listdir(hub.data) if f.startswith("hub.db"))
        tap.ok(PASSWORD.encode() not in whole and b"whsec_" not in whole, "neither the password nor the webhook's secret is in the database's files")


# ---- tests of channels, then a printer ----

def test_messages(c, smtpd, hook, mail, webhook, secret):
    key = try_channel(c, mail)
    d = outcome(c, key)
    tap.same((d["state"], d["attempts"]), ("sent", 1), f"a test mail goes by STARTTLS: {d['reason']}")
    letters = until(lambda: smtpd.letters("mia"))
    m = letters[0]
    tap.same((m["From"], m["To"], m["Auto-Submitted"], m["Content-Language"]), ("Platen <platen@example.org>", "mia@example.org", "auto-generated", "de"), "it lies in the maildir with its headers")
    tap.same(m["Message-ID"], f"<{key}@example.org>", "its Message-ID is the delivery's key")
    tap.ok("Dies ist ein Test" in m.get_body(("plain",)).get_content() and "Dies ist ein Test" in m.get_body(("html",)).get_content(), "plain and HTML, in German")
    tap.ok(until(lambda: smtpd.letters("tom")), "and each address has its own")
    c.call("PUT", "/api/v1/mail-server", settings(smtpd, port=smtpd.tls, security="tls"))
    d = outcome(c, try_channel(c, mail))
    tap.same(d["state"], "sent", f"a test mail goes by TLS from the first octet: {d['reason']}")
    d = outcome(c, try_channel(c, webhook))
    tap.same(d["state"], "sent", f"a test webhook goes: {d['reason']}")
    path, headers, body = hook.calls[-1]
    tap.ok(signature_good(secret, headers["Platen-Signature"], body, time.time()), "its signature is good")
    tap.ok(not signature_good(secret, headers["Platen-Signature"], body + b" ", time.time()), "and not for another body")
    tap.ok(not signature_good(secret, headers["Platen-Signature"], body, time.time() + 3600), "nor an hour later")
    new = c.call("POST", f"/api/v1/alert-channels/{webhook}/secret", {}).json["secret"]
    outcome(c, try_channel(c, webhook))
    path, headers, body = hook.calls[-1]
    tap.ok(signature_good(new, headers["Platen-Signature"], body, time.time()) and not signature_good(secret, headers["Platen-Signature"], body, time.time()), "a new secret voids the old one")


def test_printer(c, agent, smtpd, hook, mail, webhook):
    rule = {"name": "Drucker über alles", "kind": "status", "when": {"states": ["stopped", "silent"]}, "clear_minutes": 0, "window_minutes": 1, "channels": [mail, webhook]}
    rule_id = c.call("POST", "/api/v1/alert-rules?tenant=Acme", rule).json["id"]
    p = Printer(1, serial="VNB3K00001", mac="3417EB9AD2C1", name="lp-hall Bcc: eve@example.org", location="Halle 2")
    before, mails = len(hook.calls), len(smtpd.letters("mia"))
    agent.send(reading(p, "net", address="10.0.0.5", ago=60))
    agent.send(reading(p, "net", address="10.0.0.5", outcome="silent", ago=1))
    tap.same([d["state"] for d in c.call("GET", "/api/v1/devices").json["items"]], ["silent"], "a printer falls silent")
    alerts = until(lambda: c.call("GET", "/api/v1/alerts").json["items"])
    tap.same([(a["kind"], a["state"], a["rule_name"], a["detail"]["state"]) for a in alerts], [("status", "open", "Drucker über alles", "silent")], "and is an alert")
    if not tap.ok(until(lambda: len(hook.calls) > before), "the webhook hears of it"):
        return
    message = hook.bodies()[-1]["message"]
    tap.same((message["rule_id"], message["opened"], message["alerts"][0]["device"]), (rule_id, 1, alerts[0]["device"]), "with the rule and the device")
    letters = until(lambda: smtpd.letters("mia")[mails:])
    m = letters[-1]
    text = m.get_body(("plain",)).get_content()
    tap.ok(m["Bcc"] is None and m["Subject"].startswith("Platen: Drucker über alles") and "antwortet nicht" in text and "Halle 2" in text, "so does the reader, in German", text)
    tap.same(len(smtpd.letters("eve")), 0, "a printer's name makes no header")
    r = c.call("POST", f"/api/v1/alerts/{alerts[0]['no']}/acknowledge", {"note": "fahre hin"})
    tap.same(r.status, 204, "somebody takes it")
    a = c.call("GET", "/api/v1/alerts").json
    tap.same((a["items"][0]["state"], a["items"][0]["acknowledged_by"], a["open"], a["unacknowledged"]), ("acknowledged", "admin", 1, 0), "and is named")
    before = len(hook.calls)
    agent.send(reading(p, "net", address="10.0.0.5"))
    closed = until(lambda: c.call("GET", "/api/v1/alerts?state=closed").json["items"])
    tap.ok(closed and closed[0]["closed"], "it answers again: the alert is closed")
    tap.ok(until(lambda: len(hook.calls) > before, 90) and hook.bodies()[-1]["message"]["closed"] == 1, "and those who heard of it hear that")
    tap.same(c.call("DELETE", f"/api/v1/alert-rules/{rule_id}").status, 204, "the rule goes")


# ---- faults ----

def test_faults(c, work, smtpd):
    mail = c.call("POST", "/api/v1/alert-channels?tenant=Acme", {"name": "One", "kind": "mail", "language": "en", "to": ["one@example.org"]}).json["id"]
    context = server_context(*certificate(work, "double"))
    trusted = open(os.path.join(work, "double.pem")).read()

    def with_server(**more):
        r = c.call("PUT", "/api/v1/mail-server", {"host": "localhost", "security": "starttls", "sender": "platen@example.org", **more})
        return outcome(c, try_channel(c, mail)) if r.status == 204 else {"state": r.body, "reason": ""}

    d = with_server(port=free_port())
    tap.ok(d["state"] == "waits" and d["attempts"] == 1 and d["due"], "a server that is down: tried again later", d["reason"])
    d = with_server(port=smtpd.starttls)
    tap.ok(d["state"] == "waits" and "certificate" in d["reason"].lower(), "a certificate that nobody vouches for: nothing is sent", d["reason"])
    plain = SmtpDouble(context, {}, starttls=False)
    d = with_server(port=plain.port, ca=trusted)
    tap.ok(d["state"] == "waits" and not any(w in ("MAIL", "AUTH", "DATA") for w, _ in plain.seen), "a server without TLS: not a word is said to it", f"{d} {plain.seen}")
    plain.stop()
    for reply, state, name in (("451 4.3.0 later", "waits", "4yz: tried again"), ("550 5.1.1 nobody", "given-up", "5yz: given up")):
        double = SmtpDouble(context, {"RCPT": reply})
        d = with_server(port=double.port, ca=trusted)
        tap.ok(d["state"] == state and reply[:3] in d["reason"], name, str(d))
        tap.ok(all(secure for w, secure in double.seen if w in ("MAIL", "RCPT")), "under TLS")
        double.stop()
    slow = SmtpDouble(context, {}, stall="MAIL")
    begun = time.monotonic()
    d = with_server(port=slow.port, ca=trusted)
    tap.ok(d and d["state"] == "waits" and 25 < time.monotonic() - begun < 100, "a slow one: left after half a minute, tried again", str(d))
    slow.stop()
    r = c.call("PUT", "/api/v1/mail-server", settings(smtpd, password="wrong"))
    d = outcome(c, try_channel(c, mail))
    tap.ok(r.status == 204 and d["state"] == "given-up", "a wrong password: given up", str(d))
    c.call("PUT", "/api/v1/mail-server", settings(smtpd))
    bad = c.call("POST", "/api/v1/alert-channels?tenant=Acme", {"name": "Nowhere", "kind": "mail", "language": "en", "to": ["x@elsewhere.example"]}).json["id"]
    d = outcome(c, try_channel(c, bad))
    tap.ok(d["state"] == "given-up" and "550" in d["reason"], "the real server's 550 is given up with its words", str(d))


def test_hook_faults(c, work, hook, webhook):
    for status, state in ((500, "waits"), (429, "waits"), (404, "given-up"), (302, "given-up")):
        hook.status = status
        calls = len(hook.calls)
        d = outcome(c, try_channel(c, webhook))
        tap.same((d["state"], len(hook.calls) - calls), (state, 1), f"a webhook that answers {status}: {state}, one call")
    hook.status = 200
    other = Hook(work, "stranger")
    r = c.call("POST", "/api/v1/alert-channels?tenant=Acme", {"name": "Stranger", "kind": "webhook", "language": "en", "url": other.url})
    d = outcome(c, try_channel(c, r.json["id"]))
    tap.ok(d["state"] == "waits" and not other.calls, "a webhook whose certificate nobody vouches for: nothing is sent", str(d))
    other.stop()


def test_inside(c, hub, hook, webhook):
    """Without the operator's word no webhook reaches this machine."""
    hub.stop()
    hub.start()
    calls = len(hook.calls)
    c.sign_in("admin", "correct horse battery")
    d = outcome(c, try_channel(c, webhook))
    tap.ok("not allowed" in d["reason"] and len(hook.calls) == calls, "without --local-webhooks nothing goes to this machine", str(d))
    hub.stop()
    hub.start("--local-webhooks")
    c.sign_in("admin", "correct horse battery")


# ---- kill -9 ----

def test_kill(c, hub, hook, webhook, rounds=4, each=6):
    """Killed while a call is under way: nothing is lost, and what comes twice says so."""
    keys = []
    hook.stall = 0.4
    hook.calls.clear()
    for i in range(rounds):
        calls = len(hook.calls)
        for _ in range(each):
            keys.append(try_channel(c, webhook))
        until(lambda: len(hook.calls) > calls + i % 3)
        hub.kill()
        hub.start("--local-webhooks")
        # The lease of the hub that is dead would hold its message for two minutes: it is ended by hand.
        hub.sql("UPDATE alert_deliveries SET lease_until=0 WHERE state=0")
        c.sign_in("admin", "correct horse battery")
    hook.stall = 0
    until(lambda: not [d for d in deliveries(c) if d["state"] == "waits" and d["key"] in keys], 90)
    heard = collections.Counter(b["delivery"] for b in hook.bodies())
    states = {d["key"]: d["state"] for d in deliveries(c)}
    tap.same([k for k in keys if k not in heard], [], f"{len(keys)} messages, {rounds} kills: none is lost")
    tap.same([k for k in keys if states.get(k) != "sent"], [], "all are written down as sent")
    twice = {k for k, n in heard.items() if n > 1}
    tap.ok(twice <= set(states) and len(twice) <= rounds, f"{len(twice)} came twice, one a kill at most, each under its key", str(heard))
    attempts = collections.defaultdict(list)
    for b in hook.bodies():
        attempts[b["delivery"]].append(b["attempt"])
    tap.ok(all(a == sorted(set(a)) for a in attempts.values()), "and with another number of its attempt", str(dict(attempts)))


def test_two_hubs(args, work, c, hub, hook, webhook, agent):
    """Both look and send: each message goes once."""
    other = Hub(args.hub, work, "other")
    os.makedirs(other.data, exist_ok=True)
    with open(os.path.join(other.data, "ca.key"), "wb") as f:
        f.write(open(os.path.join(hub.data, "ca.key"), "rb").read())
    os.chmod(os.path.join(other.data, "ca.key"), 0o600)
    other.start("--local-webhooks")
    hook.calls.clear()
    hook.stall = 0.05
    c.call("POST", "/api/v1/alert-rules?tenant=Acme", {"name": "Both", "kind": "status", "when": {"states": ["silent"]}, "window_minutes": 1, "channels": [webhook]})
    p = Printer(7, serial="VNB3K00007", mac="3417EB9AD2C7", name="lp-both")
    agent.send(reading(p, "net", address="10.0.0.7", ago=60))
    agent.send(reading(p, "net", address="10.0.0.7", outcome="silent", ago=1))
    keys = [try_channel(c, webhook) for _ in range(40)]
    until(lambda: all(d["state"] == "sent" for d in deliveries(c) if d["key"] in keys) and any("rule" in b["message"] for b in hook.bodies()), 90)
    heard = collections.Counter(b["delivery"] for b in hook.bodies())
    tap.same([k for k in keys if heard[k] != 1], [], "two hubs: forty messages, each came once")
    tap.same(sum(1 for b in hook.bodies() if "rule" in b["message"]), 1, "two hubs: one alert, one message")
    who = hub.sql("SELECT count(*) FROM alerts WHERE phase IN (2, 3)")
    tap.same(int(who[0][0]), 1, "and one row")
    tap.same(other.stop(), 0, "the other hub ends as asked")


def main():
    args = arguments()
    if not OpenSmtpd.there():
        tap.skip("alerts", "OpenSMTPD is not installed, or this is not root")
        return finish("")
    work = tempfile.mkdtemp(prefix="platen-alerts.")
    hub = Hub(args.hub, work)
    smtp_work = os.path.join(work, "smtpd")
    os.makedirs(smtp_work)
    os.chmod(work, 0o755)
    smtpd, hook = OpenSmtpd(smtp_work), Hook(work)
    try:
        smtpd.start()
        hub.start("--local-webhooks")
        c = administrator(hub)
        agent = Agent(hub, work, "pc-acme")
        agent.enrol(hub.key("Acme")["key"])
        mail, webhook, secret = test_configuration(c, smtpd, hook)
        test_secrets(hub)
        test_messages(c, smtpd, hook, mail, webhook, secret)
        test_printer(c, agent, smtpd, hook, mail, webhook)
        test_faults(c, work, smtpd)
        test_hook_faults(c, work, hook, webhook)
        test_inside(c, hub, hook, webhook)
        test_kill(c, hub, hook, webhook)
        if args.store:
            test_two_hubs(args, work, c, hub, hook, webhook, agent)
        tap.same(hub.stop(), 0, "the hub ends as asked")
    finally:
        smtpd.stop()
        hook.stop()
        if hub.p and hub.p.poll() is None:
            hub.kill()
    return finish(work)


if __name__ == "__main__":
    sys.exit(main())
