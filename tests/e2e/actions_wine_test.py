# SPDX-License-Identifier: Apache-2.0
"""Each action of a policy through the whole chain, once: the set is published at the hub and comes in its bundle; an application prints through Wine's
spooler and platenmon.dll; platen-service.exe rules; the tray asks on a screen, and a mouse answers; the bytes come out at a virtual printer or do not;
then the ledger, the hub's record and what the console shows say the same. Doubles are the printer and the spooler's process (Wine's localspl is in the
printing program). tests/wine/actions_test.sh makes the prefix. Cases by name on the command line run alone."""
import datetime
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import wine_tray as on  # noqa: E402
import actions_restrictions as restrictions  # noqa: E402
from actions_case import Case, postscript, rule  # noqa: E402
from actions_world import World  # noqa: E402
from lab import TOP, Tap, wait_until  # noqa: E402
from wine_kit import need, wine, ask_wine  # noqa: E402

RULES = [
    rule("allow", "allow"),
    rule("deny", "deny", "More than five pages go to the print room.", pages={"min": 6}),
    rule("warn", {"warn": {"seconds": 300, "silence": "cancel"}}, "This document has colour. Do you need it on paper?"),
    rule("silence", {"warn": {"seconds": 5, "silence": "cancel"}}, "Without an answer it is not printed."),
    rule("account", {"account": {"ask": ["client", "matter"], "required": True, "pin": True, "seconds": 300, "else": "deny"}}, "Who pays for this?"),
    rule("force duplex", {"duplex": "force"}),
    rule("offer duplex", {"duplex": "offer"}, "Both sides save paper."),
    rule("force grey", {"grey": "force"}),
    rule("offer grey", {"grey": "offer"}, "Without colour it costs a third."),
    rule("hold", {"hold": {"hours": 1}}, "Pay slips wait until you are at the printer."),
    rule("redirect", {"redirect": "Print room"}, "Long jobs are printed in the print room."),
    rule("annex", {"redirect": "Annex"}),
    rule("notify", {"notify": "user"}, "The printer is serviced at noon."),
    rule("record", "record"),
    {**rule("shadow", "deny", "Never shown."), "shadow": True},
    rule("fields", {"warn": {"seconds": 300}}, "Every field of this one is compared."),
]
ACCOUNTS = "code,name,kind,parent,pin\n1000,Northwind Trading,client,,\n1000-12,Lease of the warehouse,matter,1000,4711\n2000,Museum of Glass,client,,\n"
PRICES = '{"v": 1, "currency": "EUR", "tables": [{"from": "2020-01-01", "rows": [{"id": "all", "mono_page": "0.10", "color_page": "0.30"}]}]}'


def allow(c):
    data = postscript("allow", 2)
    c.prints("allow 1", data)
    c.fact("the same bytes at the printer, once", c.w.paper, data)
    c.traces("allow 1", "printed", "printed", "allow", answer=None, user_notified=False)


def deny(c):
    few, many = postscript("deny few", 5), postscript("deny many", 6)
    c.prints("deny 5 pages", few)
    c.fact("the pages that are allowed are at the printer", c.w.paper, few)
    c.prints("deny 6 pages", many)
    c.traces("deny 6 pages", "refused", "denied", "deny", cost=0, message="More than five pages go to the print room.", user_notified=True, seen={"pages": 6})
    c.fact("nothing at any printer", c.w.no_paper, many)
    c.fact("a balloon says why", lambda: (c.w.tray.balloon("More than five pages"), c.w.tray.picture("deny")) and None)


def warn(c):
    data = postscript("warn", 3, colour=1)
    facts = ["Office", "3 pages", "1 page in colour", "0.50", "Do you need it on paper?", "Rule: warn", "Without an answer it is cancelled in"]
    c.prints("warn print", data)
    c.asked("warn print", facts, "warn")
    c.fact("nothing is printed before there is an answer", c.w.no_paper, data)
    c.answers(on.FIRST, "Print")
    c.fact("the same bytes at the printer, once", c.w.paper, data)
    c.traces("warn print", "printed", "asked", "warn", answer="print", user_notified=True, cost=500000, currency="EUR")
    c.prints("warn cancel", data)
    c.asked("warn cancel", facts, "warn-cancel")
    c.answers(on.SECOND, "Do not print")
    c.traces("warn cancel", "cancelled", "asked", "warn", answer="cancel", user_notified=True, cost=0)
    c.fact("and nothing more is at the printer", c.w.paper_is_as_expected)


def silence(c):
    data = postscript("silence", 1)
    c.prints("silence 1", data)
    c.traces("silence 1", "cancelled", "asked", "silence", answer="none", user_notified=True, cost=0)
    c.fact("the question goes by itself", c.w.tray.goes)
    c.fact("a balloon says that it was cancelled", lambda: (c.w.tray.balloon("Nobody answered"), c.w.tray.picture("silence")) and None)
    c.fact("nothing at any printer", c.w.no_paper, data)


def account(c):
    w, tray, data = c.w, c.w.tray, postscript("account", 2)
    c.prints("account 1", data)
    c.asked("account 1", ["Which account is it for?", "Who pays for this?"], "account")
    c.fact("without an account it does not print: it is said", lambda: tray.click(
        on.QUESTION, on.FIRST, lambda: any("Please choose an account first." in t for t in tray.texts(on.QUESTION)), "the demand"))
    c.fact("the search finds it by a word of its name", lambda: tray.type_until("warehouse", on.QUESTION, "Lease of the warehouse, 1000-12, matter"))
    c.fact("chosen by the keyboard, its PIN is asked", lambda: (
        tray.key("Down", "Return"), wait_until("the PIN's field", lambda: tray.probe(on.QUESTION, "focus") == str(on.PIN), 30, 0.2)) and None)
    c.fact("a wrong PIN is refused, in words", lambda: (tray.type("0815"), tray.key("Return"), tray.says("The account or its PIN is not right."), tray.picture("account-pin")) and None)
    c.fact("and nothing is printed", w.no_paper, data)
    c.fact("the right PIN is taken", lambda: (tray.type("4711"), tray.key("Return"), tray.goes()) and None)
    c.fact("the same bytes at the printer, once", w.paper, data)
    c.traces("account 1", "printed", "asked", "account", account="1000-12", answer="print", user_notified=True)


def force_duplex(c):
    data = postscript("force duplex", 3)
    c.prints("force duplex 1", data)
    c.sides("force duplex 1", data)
    c.traces("force duplex 1", "printed", "converted", "force-duplex", answer=None, seen={"duplex": "long", "pages": 3, "sheets": 2})


def offer_duplex(c):
    data = postscript("offer duplex", 3)
    facts = ["Print on both sides?", "Both sides save paper.", "3 pages"]
    c.prints("offer duplex yes", data)
    c.asked("offer duplex yes", facts, "offer-duplex")
    c.answers(on.FIRST, "On both sides")
    c.sides("offer duplex yes", data)
    c.traces("offer duplex yes", "printed", "asked", "offer-duplex", answer="print", seen={"duplex": "long", "sheets": 2})
    c.prints("offer duplex no", data)
    c.asked("offer duplex no", facts, "offer-duplex-no")
    c.answers(on.SECOND, "As it is")
    c.fact("the same bytes at the printer, once", c.w.paper, data)
    c.traces("offer duplex no", "printed", "asked", "offer-duplex", answer="print")


def force_grey(c):
    data = postscript("force grey", 3, colour=2)
    c.prints("force grey 1", data)
    c.greys("force grey 1", data)
    c.traces("force grey 1", "printed", "converted", "force-grey", answer=None, seen={"color_pages": 0, "pages": 3}, cost=300000)


def offer_grey(c):
    data = postscript("offer grey", 2, colour=2)
    facts = ["Print without colour?", "Without colour it costs a third.", "2 pages in colour"]
    c.prints("offer grey yes", data)
    c.asked("offer grey yes", facts, "offer-grey")
    c.answers(on.FIRST, "Without colour")
    c.greys("offer grey yes", data)
    c.traces("offer grey yes", "printed", "asked", "offer-grey", answer="print", seen={"color_pages": 0}, cost=200000)
    c.prints("offer grey no", data)
    c.asked("offer grey no", facts, "offer-grey-no")
    c.answers(on.SECOND, "In colour")
    c.fact("the same bytes at the printer, once", c.w.paper, data)
    c.traces("offer grey no", "printed", "asked", "offer-grey", answer="print", seen={"color_pages": 2}, cost=600000)


def hold(c):
    w, tray = c.w, c.w.tray
    kept, gone = postscript("hold kept", 2), postscript("hold gone", 4)
    c.prints("hold kept", kept)
    c.fact("a balloon says that it waits", lambda: tray.balloon("Pay slips wait") and None)

    def listed():
        tray.probe("jobs-window")
        tray.says(["hold kept, Held, Office, 2 pages", "Pay slips wait until you are at the printer."], on.JOBS)
        tray.picture("hold")
    c.fact("it is in the window of one's own jobs, held, with the reason", listed)
    c.fact("nothing at any printer", w.no_paper, kept)
    c.fact("the mouse presses Print now", lambda: tray.click(on.JOBS, on.RELEASE, lambda: any("hold kept, Printed" in t for t in tray.texts(on.JOBS)), "it is printed") or None)
    c.fact("the same bytes at the printer, once", w.paper, kept)
    c.traces("hold kept", "printed", "held", "hold", user_notified=True)
    c.prints("hold gone", gone)
    c.fact("the next one is listed", lambda: tray.says(["hold gone, Held"], on.JOBS) and None)
    c.fact("the mouse presses Delete: it asks once more", lambda: (tray.probe(on.JOBS, "pick", "200", "0"), tray.click(
        on.JOBS, on.DELETE, lambda: any("Really delete?" in t for t in tray.texts(on.JOBS)), "the second question")) and None)
    c.fact("and once more: it is deleted", lambda: tray.click(
        on.JOBS, on.DELETE, lambda: any("hold gone, Cancelled" in t for t in tray.texts(on.JOBS)), "it is deleted"))
    c.fact("the window, for the eye", lambda: tray.picture("hold-deleted") and None)
    c.traces("hold gone", "cancelled", "held", "hold", cost=0)
    c.fact("it is at no printer", w.no_paper, gone)
    c.fact("the window closes", lambda: (tray.probe(on.JOBS, "key", "escape"), tray.goes(on.JOBS)) and None)


def redirect(c):
    data = postscript("redirect", 2)
    c.prints("redirect 1", data)
    c.fact("the same bytes at the other printer, once", c.w.paper, data, "room")
    c.fact("and not at its own", c.w.paper_is_as_expected)
    c.traces("redirect 1", "printed", "redirected", "redirect")
    c.fact("the record has the queue that printed", lambda: need(c.w.job("redirect 1")["queue"] == "Print room", c.w.job("redirect 1")["queue"]))


def redirect_elsewhere(c):
    """To a queue of another monitor: nobody tells how it printed, and the record says where it went."""
    data = postscript("annex", 2)
    c.prints("annex 1", data)
    c.fact("the same bytes at the other monitor's printer, once", c.w.paper, data, "annex")
    c.fact("and not at its own", c.w.paper_is_as_expected)
    c.traces("annex 1", "printed", "redirected", "annex")
    c.fact("the record has the queue that printed, and no printer", lambda: need(
        (c.w.job("annex 1")["queue"], c.w.job("annex 1").get("target"), c.w.job("annex 1").get("port")) == ("Annex", None, None), f"{c.w.job('annex 1')}"))


def notify(c):
    data = postscript("notify", 1)
    c.prints("notify 1", data)
    c.fact("a balloon has the rule's words", lambda: (c.w.tray.balloon("The printer is serviced at noon."), c.w.tray.picture("notify")) and None)
    c.fact("the same bytes at the printer, once", c.w.paper, data)
    c.traces("notify 1", "printed", "printed", "notify", message="The printer is serviced at noon.", user_notified=True)


def record(c):
    data = postscript("record", 1)
    c.prints("record 1", data)
    c.fact("the same bytes at the printer, once", c.w.paper, data)
    c.traces("record 1", "printed", "printed", None, answer=None, user_notified=False)
    c.fact("the explanation names the rule", lambda: need("record" in c.w.job("record 1")["policy"]["explanation"], c.w.job("record 1")["policy"]["explanation"]))


def shadow(c):
    data = postscript("shadow", 1)
    c.prints("shadow 1", data)
    c.fact("the same bytes at the printer, once", c.w.paper, data)
    c.traces("shadow 1", "printed", "printed", None, would="denied", user_notified=False)


def violation_fields(c):
    """Each field of the violation record, in the API and in the CSV file, against what this test did and saw."""
    w, title = c.w, "fields of a violation"
    data = postscript("fields", 3, colour=1, setup="<< /NumCopies 2 /Duplex true >> setpagedevice\n")
    began = datetime.datetime.now(datetime.timezone.utc)
    c.prints(title, data)
    c.asked(title, ["3 pages, 2 copies", "both sides", "Every field of this one is compared."], "fields")
    c.answers(on.FIRST, "Print")
    c.fact("the same bytes at the printer, once", w.paper, data)
    c.fact("the hub has it", lambda: w.at_hub(title) and None)
    rows, lines = w.violations(title), w.violations_csv(title)
    if not c.fact("one row in the list, one in the file", lambda: need(len(rows) == 1 and len(lines) == 1, f"{rows} {lines}")):
        return
    api, file = {**rows[0], **rows[0]["policy"]}, lines[0]
    truth = {"PC": ("machine", w.machine), "print server": ("server", w.host), "queue": ("queue", "Office"), "port": ("port", "ACT1"), "document": ("document", title),
             "user": ("user", w.user), "pages": ("pages", 3), "colour used": ("color_pages", 1), "duplex used": ("duplex", "long"), "impressions": ("impressions", 6),
             "cost": ("cost", 1000000), "currency": ("currency", "EUR"), "action taken": ("action", "asked"), "outcome": ("outcome", "printed"),
             "message shown": ("message", "Every field of this one is compared."), "user notified": ("user_notified", True), "answer given": ("answer", "print"),
             "policy": ("set_name", "Head office"), "policy version": ("published", w.published), "rule": ("rule", "fields")}
    in_file = {"set_name": "policy", "published": "policy_version"}
    for name, (field, want) in truth.items():
        as_text = {True: "yes", 1000000: "1.000000"}.get(want, str(want)) if field in ("user_notified", "cost") else str(want)
        c.fact(f"{name}: {as_text}", lambda f=field, v=want, s=as_text: need(
            api[f] == v and file[in_file.get(f, f)] == s, f"the list has {api[f]!r}, the file {file[in_file.get(f, f)]!r}, the truth is {v!r}"))

    def when():
        ended = datetime.datetime.fromisoformat(api["time"].replace("Z", "+00:00"))
        need(began - datetime.timedelta(seconds=1) <= ended <= datetime.datetime.now(datetime.timezone.utc) and file["time"] == api["time"], f"{api['time']}, {file['time']}")
    c.fact("time: between print and now", when)
    c.fact("explanation: the rule and why, in both", lambda: need(
        'rule "fields"' in api["explanation"] and 'the words "fields"' in api["explanation"] and file["explanation"] == api["explanation"], f"{api['explanation']}"))


def forged(c):
    """Another user's job, held; whoever sits at this screen knows even its number. The pipe's token says who asks: it is answered as a job that is none."""
    w = c.w
    data = postscript("hold of somebody else", 2)
    path = os.path.join(w.folder, "other")
    with open(path, "wb") as f:
        f.write(data)
    target = f"tcp:127.0.0.1:{w.printers['office'].port}"
    c.fact("eve's job is held", lambda: need('"outcome":"taken"' in wine(
        w.pc.exe("printjob"), "--data", w.pc.data, "--target", target, "--queue", "Office", "--port", "ACT1", "--user", "eve", "--document", "hold of eve", path).stdout, "it is not"))
    rows = w.pc.rows("select uid from held where state=1")
    if not c.fact("it is the only one", lambda: need(len(rows) == 1, f"{rows}")):
        return
    uid = rows[0][0]

    def asks(what, *more):
        r = ask_wine(w.pc.exe("held"), what, *more)
        return r.returncode, r.stdout.strip()

    def same_as_unknown(what, *more):
        """Release, delete, answer: refused, in the words for a job that does not exist."""
        known, unknown = asks(what, uid, *more), asks(what, "0" * 32, *more)
        need(known[0] == 1 and '"code":' in known[1] and known == unknown, f"{known}, of one that does not exist {unknown}")
    c.fact("it is not in the list of somebody else", lambda: need("hold of eve" not in asks("list")[1], "it is"))
    c.fact("he cannot release it", same_as_unknown, "release")
    c.fact("he cannot delete it", same_as_unknown, "delete")
    c.fact("he cannot answer for her", same_as_unknown, "answer", "yes")
    c.fact("it is held still, and not recorded", lambda: need(
        w.pc.rows("select uid from held where state=1") == rows and not [n for n in w.pc.lines("job") if '"hold of eve"' in n], "it is not"))
    c.fact("nothing of it is at a printer", w.no_paper, data)


CASES = [allow, deny, warn, silence, account, force_duplex, offer_duplex, force_grey, offer_grey, hold, redirect, redirect_elsewhere, notify, record, shadow, violation_fields, forged]


def run(tap, world, cases, wanted):
    for case in cases:
        if not wanted or case.__name__ in wanted:
            case(Case(tap, world, case.__name__.replace("_", " ")))


def main():
    wanted = sys.argv[2:]
    tap, world = Tap(), World(sys.argv[1], os.path.join(TOP, "build/actions"))

    def begin():
        world.begin()
        world.api.call("POST", "/api/v1/accounts/import", {"csv": ACCOUNTS})
        world.api.call("PUT", "/api/v1/prices", {"text": PRICES}, expect=None)
        world.publish(RULES)
        world.tray_watches("notify")
    try:
        if tap.run("hub, PC and tray; accounts, prices and rules come in the hub's bundle", begin):
            run(tap, world, CASES, wanted)
            tap.run("the set of the eight restrictions of Xerox Device Manager", world.publish, restrictions.rules())
            run(tap, world, restrictions.CASES, wanted)
            tap.run("all that is at the printers is what was to be there", world.paper_is_as_expected)
    finally:
        if tap.bad:
            print("".join(f"# {line}\n" for line in world.pc.service_log().splitlines()[-30:]), flush=True)
        world.close()
    tap.exit()


if __name__ == "__main__":
    main()
