# SPDX-License-Identifier: Apache-2.0
"""The eight ways in which Xerox Device Manager restricts printing, each once through the whole chain of actions_wine_test.py: what it lets through and
what it does not. tests/unit/core/policy_xdm_test.c has their edges. Each takes a Case; RULES are those of a set of their own."""
import datetime

import wine_tray as on
from actions_case import postscript, rule, title_rule
from lab import wait_until
from wine_kit import need

ONE_SIDE = "<< /Duplex false >> setpagedevice\n"


def clock(minutes):
    return (datetime.datetime.now() + datetime.timedelta(minutes=minutes)).strftime("%H:%M")


def rules():
    """The hour is that of this run: a window around now, and all but that window."""
    now = {"from": clock(-90), "to": clock(180)}
    return [
        rule("colour use", {"grey": {"how": "force", "else": "deny"}}, "Colour is for Marketing.", color=True),
        rule("document type", "deny", "Mails are read on the screen.", document_type=["mail", "web"]),
        rule("cost", "deny", "This costs 1.00 or more.", cost={"min": "1"}),
        rule("hour closed", "deny", "Not at this hour.", time=now),
        title_rule("hour open", {"none": [{"time": now}]}, "deny"),
        {**title_rule("group access", {"none": [{"group": "ACME\\HR"}]}, "deny", "This printer belongs to Human Resources."), "unknown": "match"},
        rule("duplex", {"duplex": "force"}, duplex="none", pages={"min": 5}),
        rule("authorised delivery note", "allow"),
        rule("authorised", "deny", "Only delivery notes are printed here."),
    ]


QUOTA = [{"id": "pages", "of": "user", "per": "month", "unit": "pages", "limit": 5}]
QUOTA_RULES = [{"id": "used-up", "when": {"over_quota": "pages"}, "then": "deny", "message": "Your five pages are used up."}]


def passes(c, title, data, rule_id=None):
    c.prints(title, data)
    c.fact(f"{title!r} is at the printer, once", c.w.paper, data)
    c.traces(title, "printed", "printed", rule_id)


def refused(c, title, data, rule_id, **policy):
    c.prints(title, data)
    c.traces(title, "refused", "denied", rule_id, cost=0, user_notified=True, **policy)
    c.fact(f"{title!r} is at no printer", c.w.no_paper, data)


def colour_use(c):
    passes(c, "colour use black", postscript("colour use", 2))
    data = postscript("colour use", 2, colour=1)
    c.prints("colour use colour", data)
    c.greys("colour use colour", data)
    c.traces("colour use colour", "printed", "converted", "colour-use", seen={"color_pages": 0})
    # Where a colour space is named, hiding the colour operators is not enough (docs/convert.md): the rule's "else".
    refused(c, "colour use space", postscript("colour use space", 1, colour=1, setup="/DeviceRGB setcolorspace\n"), "colour-use")


def document_type(c):
    passes(c, "document type offer.docx", postscript("document type text", 1))
    refused(c, "document type offer.msg", postscript("document type mail", 1), "document-type", message="Mails are read on the screen.")


def cost(c):
    passes(c, "cost 0.90", postscript("cost", 9))
    refused(c, "cost 1.00", postscript("cost", 10), "cost")


def hour(c):
    passes(c, "hour open 1", postscript("hour open", 1))
    refused(c, "hour closed 1", postscript("hour closed", 1), "hour-closed")


def group_access(c):
    """The hub's directory says who is in a group; a change of it reaches the PC, which until then may let through."""
    w, user = c.w, c.w.user
    w.api.call("PUT", "/api/v1/directory", {"group": "ACME\\HR", "people": [user]}, expect=204)
    data, n = postscript("group access", 1), [0]

    def once():
        n[0] += 1
        title = f"group access {n[0]}"
        w.print(title, data)
        outcome = w.job(title)["outcome"]
        if outcome == "printed":
            w.paper(data)
        return title, outcome

    def until(wanted):
        return wait_until(f"a job that is {wanted}", lambda: (lambda t, o: o == wanted and t)(*once()), 60, 0.5)
    last = {}
    c.fact("a member of the group prints", lambda: last.update(member=until("printed")))
    c.traces(last.get("member", ""), "printed", "printed", None)
    w.api.call("PUT", "/api/v1/directory", {"group": "ACME\\HR", "people": ["somebody else"]}, expect=204)
    c.fact("who is taken out of it does not print any more", lambda: last.update(other=until("refused")))
    c.traces(last.get("other", ""), "refused", "denied", "group-access", cost=0, user_notified=True)
    c.fact("and nothing of it is at a printer", w.paper_is_as_expected)


def duplex(c):
    passes(c, "duplex 4 pages", postscript("duplex", 4, setup=ONE_SIDE))
    data = postscript("duplex", 5, setup=ONE_SIDE)
    c.prints("duplex 5 pages", data)
    c.sides("duplex 5 pages", data)
    c.traces("duplex 5 pages", "printed", "converted", "duplex", seen={"duplex": "long", "sheets": 3})


def authorised_jobs(c):
    passes(c, "authorised delivery note 7", postscript("authorised", 1), "authorised-delivery-note")
    refused(c, "authorised letter", postscript("authorised letter", 1), "authorised")


def quotas(c):
    """Of the hub, by leases: what was printed before the set was in force does not count."""
    w = c.w
    w.publish(QUOTA_RULES, quotas=QUOTA)
    passes(c, "quotas 3", postscript("quotas", 3))
    refused(c, "quotas 3 more", postscript("quotas more", 3), "used-up", message="Your five pages are used up.")
    passes(c, "quotas 2", postscript("quotas", 2))
    refused(c, "quotas 1", postscript("quotas more", 1), "used-up")

    def counted():
        """What a PC holds counts as used: five in all, whatever of it was told already."""
        rows = w.api.call("GET", "/api/v1/quotas")["items"]
        need([r["spent"] + r["leased"] for r in rows if r["owner"] == w.user] == [5], f"{rows}")
    c.fact("the hub has counted five pages", counted)

    def balance():
        w.tray.probe("jobs-window")
        w.tray.says("5 of 5 pages", on.JOBS)
        w.tray.picture("quotas")
    c.fact("the window of one's own jobs shows that nothing is left", balance)
    c.fact("the window closes", lambda: (w.tray.probe(on.JOBS, "key", "escape"), w.tray.goes(on.JOBS)) and None)


CASES = [colour_use, document_type, cost, hour, group_access, duplex, authorised_jobs, quotas]
