#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Quotas over several PCs, and groups of people from the hub: the real hub, two real agents. Both online, exactly the quota is printed, whoever prints;
without the hub no more than what was leased; a killed agent prints no page twice and loses none; a rule on a group acts on who is in it now."""
import os
import signal
import sys
import time
import json

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from lab import Failure, Lab, Process, Tap, wait_until  # noqa: E402


def expect(condition, words):
    if not condition:
        raise Failure(words)


def document(pages, tag, colour=False):
    head = f"%!PS-Adobe-3.0\n%%Title: {tag}\n%%Pages: {pages}\n%%EndComments\n"
    page = "%%%%Page: %d %d\n" + ("1 0 0 setrgbcolor 9 9 99 99 rectfill\n" if colour else "9 9 99 99 rectfill\n") + "showpage\n"
    return (head + "".join(page % (i, i) for i in range(1, pages + 1)) + "%%Trailer\n%%EOF\n").encode()


QUOTA = {"id": "pages", "of": "user", "per": "month", "unit": "pages", "limit": 10}
OVER = {"id": "over", "when": {"over_quota": "pages"}, "then": "deny", "message": "Your pages are used up."}


def a_set(version, quotas, *rules):
    return json.dumps({"v": 2, "version": version, "default": "allow", "quotas": quotas, "rules": list(rules)})


class Pc(Lab):
    """A second machine at the hub of the first lab."""

    def __init__(self, first):
        super().__init__(first.bin, first.tenant)
        self.first = first

    def join(self):
        self.settings(HubUrl=self.first.agents_url, EnrollKey=self.first.key())
        self.start_service()
        wait_until("enrolled", lambda: json.loads(self.platen("status", "--json").stdout)["state"] == "connected", 20, 0.1)


class World:
    def __init__(self):
        self.hub = Lab()
        self.hub.start_hub()
        self.api = self.hub.api()
        self.pcs = [Pc(self.hub), Pc(self.hub)]
        for pc in self.pcs:
            pc.start_printer()
            pc.join()
        self.version, self.set, self.n = 0, None, 0

    def publish(self, quotas, *rules):
        self.version += 1
        text = a_set(self.version, quotas, *rules)
        if not self.set:
            self.set = self.api.call("POST", "/api/v1/policies", {"name": "Quotas", "text": text})["id"]
        else:
            self.api.call("PUT", f"/api/v1/policies/{self.set}/draft", {"name": "Quotas", "text": text})
        self.api.call("POST", f"/api/v1/policies/{self.set}/publish", {"scope": "all", "state": "live", "note": "test"})
        for pc in self.pcs:
            wait_until("the set is in force", lambda: f"version {self.version}," in json.loads(pc.platen("status", "--json").stdout)["policy"] + ",", 15)

    def record(self, pc, name):
        rows = pc.rows("select line from record where type='job'")
        return next((j for j in (json.loads(r[0])["job"] for r in rows) if j.get("document") == name), None)

    def job(self, pc, user, pages, colour=False):
        """One job from its begin to its record."""
        self.n += 1
        name = f"doc {self.n}"
        path = os.path.join(pc.dir, "job.ps")
        with open(path, "wb") as f:
            f.write(document(pages, name, colour))
        args = pc.printjob_args([path], document=name)
        args[args.index("--user") + 1] = user
        p = Process(args, pc.log("printjob"))
        p.p.wait(60)
        p.p.stdout.close()
        return wait_until(f"the record of {name}", lambda: self.record(pc, name), 20)

    def account(self, owner):
        items = self.api.call("GET", "/api/v1/quotas")["items"]
        return next((i for i in items if i["owner"] == owner), {"spent": 0, "leased": 0})

    def close(self):
        for pc in self.pcs:
            pc.close()
        self.hub.close()


def exactly_the_quota(w):
    w.publish([QUOTA], OVER)
    printed, refused = [0, 0], [0, 0]
    for turn in range(16):
        i = turn % 2
        outcome = w.job(w.pcs[i], "mia", 1)["outcome"]
        printed[i] += outcome == "printed"
        refused[i] += outcome == "refused"
    expect(sum(printed) == 10 and sum(refused) == 6, f"printed {printed}, refused {refused}")
    expect(min(printed) >= 3, f"one PC took it all: {printed}")
    a = w.account("mia")
    expect(a["spent"] + a["leased"] == 10, f"the hub counts {a}")
    return f"printed {printed}, refused {refused}"


def another_user_has_his_own(w):
    expect(w.job(w.pcs[0], "ACME\\Leo", 10)["outcome"] == "printed", "leo's first ten")
    r = w.job(w.pcs[1], "leo", 1)
    expect(r["outcome"] == "refused" and r["policy"]["rule"] == "over", f"{r}")


def what_is_refused_costs_nothing(w):
    r = w.job(w.pcs[0], "ann", 11)
    expect(r["outcome"] == "refused", f"{r['outcome']}")
    expect(w.job(w.pcs[0], "ann", 10)["outcome"] == "printed", "all ten pages were still there")


def offline_at_most_the_lease(w):
    """Both PCs have a part; the hub goes; what both print is what they hold, and together no more than the quota."""
    for pc in w.pcs:
        expect(w.job(pc, "eve", 1)["outcome"] == "printed", "the first page")
    time.sleep(1)
    held = [sum(u - s for u, s in pc.rows("select units, spent from lease where owner='eve' and state=1")) for pc in w.pcs]
    expect(0 < sum(held) <= 8, f"leased {held}")
    w.hub.hub.stop()
    printed = [0, 0]
    for i, pc in enumerate(w.pcs):
        while w.job(pc, "eve", 1)["outcome"] == "printed":
            printed[i] += 1
            expect(printed[i] <= 10, "there is no end")
        last = w.record(pc, f"doc {w.n}")
        expect("hub does not answer" in last["policy"]["note"], f"the record does not say why: {last['policy']}")
    expect(printed == held, f"printed {printed}, leased {held}")
    return f"leased and printed {printed}"


def without_lease_the_rule_says(w):
    """Nobody ever asked for zoe here, and the hub is away: over_quota is unknown, and the rule's "unknown" decides."""
    r = w.job(w.pcs[0], "zoe", 2)
    expect(r["outcome"] == "printed" and "has no lease" in r["policy"]["note"], f"{r}")


def back_online_all_counts(w):
    w.hub.start_hub()
    wait_until("zoe's pages are told", lambda: w.account("zoe")["spent"] == 2, 40, 0.5)
    more = [0, 0]
    for turn in range(12):
        more[turn % 2] += w.job(w.pcs[turn % 2], "eve", 1)["outcome"] == "printed"
    held = sum(sum(s for _, s in pc.rows("select units, spent from lease where owner='eve'")) for pc in w.pcs)
    a = w.account("eve")
    expect(a["spent"] + a["leased"] <= 10, f"{a}")
    total = sum(1 for pc in w.pcs for (line,) in pc.rows("select line from record where type='job'")
                if json.loads(line)["job"].get("user") == "eve" and json.loads(line)["job"]["outcome"] == "printed")
    expect(total == 10, f"eve printed {total} pages in all, {more} of them now, {held} in leases, {a}")


def a_killed_agent_keeps_count(w):
    pc = w.pcs[0]
    expect(w.job(pc, "kim", 4)["outcome"] == "printed", "the first four")
    pc.service.stop(signal.SIGKILL)
    pc.start_service()
    expect(w.job(pc, "kim", 6)["outcome"] == "printed", "the other six")
    expect(w.job(pc, "kim", 1)["outcome"] == "refused", "an eleventh page after a restart")


def kills_count_once(w):
    """The service is killed at twelve moments of a job's way, two each of the way from its begin to behind its record. What is recorded as printed is
    what the hub counts, once: from a lease, or told afterwards where the port's rule printed it while nobody could rule."""
    pc, user = w.pcs[0], "max"
    for i in range(12):
        w.n += 1
        path = os.path.join(pc.dir, f"kill{i}.ps")
        with open(path, "wb") as f:
            f.write(document(1, f"doc {w.n}"))
        args = pc.printjob_args([path], document=f"doc {w.n}")
        args[args.index("--user") + 1] = user
        p = Process(args, pc.log("printjob"))
        time.sleep(0.03 * (i // 2 * 2))
        pc.service.stop(signal.SIGKILL)
        p.p.wait(60)
        p.p.stdout.close()
        pc.start_service()
        wait_until(f"the record of doc {w.n}", lambda: w.record(pc, f"doc {w.n}"), 40)
    outcomes = [json.loads(line)["job"] for (line,) in pc.rows("select line from record where type='job'")]
    outcomes = [j["outcome"] for j in outcomes if j.get("user") == user]
    expect(len(outcomes) == 12 and set(outcomes) <= {"printed", "refused"}, f"{outcomes}")
    printed = outcomes.count("printed")

    def counted():
        """At the hub for good, and in leases that are still open here."""
        a = w.account(user)
        own = pc.rows("select coalesce(sum(units), 0), coalesce(sum(spent), 0) from lease where owner=? and state<>0", user)[0]
        return a["spent"] + a["leased"] - own[0] + own[1]
    wait_until(f"{printed} pages are counted", lambda: counted() == printed, 40, 0.5)
    expect(not pc.rows("select 1 from lease_spend where settled=0"), "a job is over and still holds units")
    return f"{printed} printed, {outcomes.count('refused')} refused"


def a_group_from_the_hub(w):
    for pc in w.pcs:
        w.job(pc, "mia", 1)  # she is known there
    w.api.call("PUT", "/api/v1/directory", {"group": "ACME\\Interns", "people": ["ACME\\Tom"]}, expect=204)
    w.publish([], {"id": "no-colour", "when": {"all": [{"group": "ACME\\Interns"}, {"color": True}]}, "then": "deny", "message": "Interns print grey."})
    r = w.job(w.pcs[0], "tom", 1, colour=True)
    expect(r["outcome"] == "refused" and r["policy"]["rule"] == "no-colour", f"the first job of a member: {r}")
    expect(w.job(w.pcs[0], "tom", 1)["outcome"] == "printed", "grey")
    expect(w.job(w.pcs[1], "mia", 1, colour=True)["outcome"] == "printed", "who is no member")
    w.api.call("PUT", "/api/v1/directory", {"group": "ACME\\Interns", "people": ["mia"]}, expect=204)
    begun = time.monotonic()
    while w.job(w.pcs[1], "mia", 1, colour=True)["outcome"] == "printed":
        expect(time.monotonic() - begun < 15, "mia's new group never came")
    took = time.monotonic() - begun
    while w.job(w.pcs[0], "tom", 1, colour=True)["outcome"] != "printed":
        expect(time.monotonic() - begun < 30, "tom's old group never went")
    return f"a change was in force {took:.1f} s later"


def a_groups_quota(w):
    """One account for all members; who is none has no quota."""
    w.api.call("PUT", "/api/v1/directory", {"group": "Lab", "people": ["ida", "jon"]}, expect=204)
    w.publish([{"id": "lab", "of": "group", "group": "Lab", "per": "week", "unit": "pages", "limit": 6}], {"id": "over", "when": {"over_quota": "lab"}, "then": "deny"})
    printed = sum(w.job(w.pcs[i % 2], ("ida", "jon")[i % 2], 1)["outcome"] == "printed" for i in range(10))
    expect(printed == 6, f"the group printed {printed} of 6: {w.record(w.pcs[1], f'doc {w.n}')['policy']}, {w.pcs[1].rows('select * from lease')}")
    expect(w.job(w.pcs[0], "mia", 9)["outcome"] == "printed", "mia is not in it")


def main():
    tap, w = Tap(), World()
    try:
        for fn, name in ((exactly_the_quota, "two PCs online print exactly the quota"), (another_user_has_his_own, "another user has his own quota, with and without domain"),
                         (what_is_refused_costs_nothing, "a refused job costs nothing"), (offline_at_most_the_lease, "without the hub at most what was leased"),
                         (without_lease_the_rule_says, "without hub and lease the rule decides, and the record says so"),
                         (back_online_all_counts, "back online all is counted, and not a page more"), (a_killed_agent_keeps_count, "a killed agent gives no page back"),
                         (kills_count_once, "an agent that is killed on the way counts each page once"),
                         (a_group_from_the_hub, "a rule on a group of the hub's directory, and a change of it"), (a_groups_quota, "one quota for a group")):
            tap.run(name, fn, w)
    finally:
        w.close()
    tap.exit()


main()
