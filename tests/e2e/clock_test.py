#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A PC whose clock is set back or forward, through the whole chain: the real hub, service, monitor half and printer; only the PC's clock is moved
(clock.c). No fresh quota, no lease that ended in force again, no older set, no other hour: what was refused stays refused, and the record says why."""
import calendar
import json
import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from gate_lab import ME, Gate, expect  # noqa: E402
from lab import Lab, Tap, wait_until  # noqa: E402

HOUR, DAY = 3600, 86400
QUOTA = {"id": "day", "of": "user", "per": "day", "unit": "pages", "limit": 4}
OVER = {"id": "over", "when": {"over_quota": "day"}, "then": "deny", "message": "Your pages of today are used up."}


class Pc(Gate):
    """A PC with a clock of its own."""

    def __init__(self, set_=None, **settings):
        self.clock = None
        super().__init__(set_, **settings)

    def start(self, env=None):
        self.clock = self.clock or os.path.join(self.lab.dir, "clock")
        self.moved = {"LD_PRELOAD": os.path.join(self.lab.bin, "libplaten_clock.so"), "PLATEN_CLOCK": self.clock,
                      "ASAN_OPTIONS": "verify_asan_link_order=0"}
        super().start({**self.moved, **(env or {})})

    def set_clock(self, seconds):
        with open(self.clock + ".new", "w") as f:
            f.write(str(seconds))
        os.replace(self.clock + ".new", self.clock)

    def job(self, pages, user=ME):
        _, _, name = self.print(pages, code=None, env=self.moved, user=user)
        return self.record(name, 40)

    def is_over(self, pages=1, user=ME):
        r = self.job(pages, user)
        expect(r["outcome"] == "refused" and r["policy"]["rule"] == "over" and r["error"] == OVER["message"], f"{r['outcome']}: {r['policy']}")
        return r

    def is_closed(self):
        """Refused by the hour's rule."""
        r = self.job(1)
        expect(r["outcome"] == "refused" and r["policy"]["rule"] == "closed", f"{r['outcome']}: {r['policy']}")
        return r["policy"]

    def kept(self):
        """The time that the service keeps: at, steady clock, start of the system, hub, sure."""
        with open(os.path.join(self.lab.data, "clock.txt")) as f:
            return [int(n) for n in f.read().split()[1:]]

    def off(self):
        return self.kept()[0] / 1000 - time.time()

    def system_starts(self, moved):
        """The service ends, the system starts anew, and its clock is another."""
        self.lab.service.stop()
        at, _, start, hub, sure = self.kept()
        runs = time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1000000  # this machine does not start anew: what was kept is as old as it runs
        with open(os.path.join(self.lab.data, "clock.txt"), "w") as f:
            f.write(f"1 {at - runs} 0 {start ^ 1} {hub} {sure}\n")
        self.set_clock(moved)
        self.start()

    def clock_words(self, begin):
        wait_until(f"the clock is {begin}", lambda: self.status()["clock"].startswith(begin), 20, 0.1)
        return self.status()["clock"]

    def log_lines(self, words):
        with open(self.lab.log("service")) as f:
            return [line for line in f if words in line]

    def status(self):
        return json.loads(self.lab.platen("status", "--json").stdout)


class World:
    def __init__(self):
        self.hub = Lab()
        self.hub.start_hub()
        self.api = self.hub.api()
        self.pc = Pc(HubUrl=self.hub.agents_url, EnrollKey=self.hub.key())
        wait_until("enrolled", lambda: self.pc.status()["state"] == "connected", 20, 0.1)
        self.set, self.version = None, 0

    def publish(self, *rules):
        self.version += 1
        text = json.dumps({"v": 2, "version": self.version, "default": "allow", "quotas": [QUOTA], "rules": list(rules)})
        if not self.set:
            self.set = self.api.call("POST", "/api/v1/policies", {"name": "Clocks", "text": text})["id"]
        else:
            self.api.call("PUT", f"/api/v1/policies/{self.set}/draft", {"name": "Clocks", "text": text})
        self.api.call("POST", f"/api/v1/policies/{self.set}/publish", {"scope": "all", "state": "live", "note": "test"})
        self.in_force()

    def in_force(self):
        wait_until("the latest set is in force", lambda: f"version {self.version}," in self.pc.status()["policy"] + ",", 15)

    def close(self):
        self.pc.__exit__()
        self.hub.close()


def the_clock_is_moved(w):
    """The test's own instrument: a record has the moved time."""
    w.pc.set_clock(-30 * DAY)
    ended = w.pc.job(1, "probe")["ended"]
    w.pc.set_clock(0)
    expect(ended < time.strftime("%Y-%m-%d", time.gmtime(time.time() - 29 * DAY)), f"the service's clock was not moved: {ended}")


def no_fresh_quota(w):
    expect(w.pc.job(4)["outcome"] == "printed", "the day's four pages")
    w.pc.is_over()
    for back in (DAY, 30 * DAY, 400 * DAY):
        w.pc.set_clock(-back)
        w.pc.is_over()
    w.pc.lab.service.stop(9)
    w.pc.start()
    w.pc.is_over()  # the mark is on disk
    w.pc.set_clock(0)
    w.pc.is_over()


def no_fresh_quota_without_the_hub(w):
    """The hub is away; somebody sets the clock to yesterday. What is left of the lease may be printed, and not a page more."""
    expect(w.pc.job(1, "eve")["outcome"] == "printed", "the first page")
    time.sleep(1)
    left = w.pc.lab.rows("select coalesce(sum(units-spent), 0) from lease where owner='eve' and state=1")[0][0]
    w.hub.hub.stop()
    w.pc.set_clock(-DAY)
    printed = 0
    while w.pc.job(1, "eve")["outcome"] == "printed":
        printed += 1
        expect(printed <= 4, "there is no end")
    expect(printed == left, f"printed {printed} of {left} leased pages")
    w.pc.set_clock(-2 * DAY)
    expect("hub" in w.pc.is_over(user="eve")["policy"]["note"], "the record says that the hub does not answer")


def a_lease_that_ended_stays_ended(w):
    """The PC's clock goes two days on, beyond the lease's end, and back."""
    expect(w.pc.job(1, "kim")["outcome"] == "printed", "the first page")
    time.sleep(1)
    left = w.pc.lab.rows("select coalesce(sum(units-spent), 0) from lease where owner='kim' and state=1")[0][0]
    expect(left > 0, "there is a lease")
    w.hub.hub.stop()
    w.pc.set_clock(2 * DAY)
    w.pc.is_over(user="kim")
    w.pc.set_clock(0)
    w.pc.is_over(user="kim")


def the_latest_set_stays(w):
    """An older set does not come back with an older clock, with the hub or without."""
    w.publish({"id": "colour", "when": {"color": True}, "then": "deny"}, OVER)
    for back in (-DAY, -400 * DAY):
        w.pc.set_clock(back)
        w.pc.lab.service.stop()
        w.pc.start()
        w.in_force()
        expect(not w.pc.status().get("problem"), f"{w.pc.status()}")
    w.hub.hub.stop()
    w.pc.lab.service.stop(9)
    w.pc.start()
    w.in_force()
    w.pc.set_clock(0)


# ---- hours ----

def closed_now():
    """Nothing is printed from an hour ago to an hour from now."""
    now = time.localtime()
    minute = now.tm_hour * 60 + now.tm_min
    at = [f"{m // 60:02}:{m % 60:02}" for m in ((minute - 60) % 1440, (minute + 60) % 1440)]
    return {"id": "closed", "when": {"time": {"from": at[0], "to": at[1]}}, "then": "deny", "message": "It is closed."}


def says_clocks_differ(policy, moved, span):
    """The record has the hour that the rule saw, and that the PC's clock said another."""
    ruled = calendar.timegm(time.strptime(policy["clock"][:19], "%Y-%m-%dT%H:%M:%S"))
    expect(abs(ruled - time.time()) < 60, f"ruled by {policy['clock']}")
    side = "behind" if moved < 0 else "ahead of"
    expect(f"this PC's clock is {span} {side} the time that rules go by" in policy["note"], policy["note"])


MOVED = ((-2 * HOUR, "2 h"), (2 * HOUR, "2 h"), (-DAY, "1 d"), (40 * DAY, "40 d"))


def the_hour_is_the_hubs(w):
    w.publish(closed_now())
    w.pc.clock_words("the hub's")
    plain = w.pc.is_closed()
    expect("clock" not in plain and "note" not in plain and plain["east_minutes"] == time.localtime().tm_gmtoff // 60, f"{plain}")
    for moved, span in MOVED:
        w.pc.set_clock(moved)
        says_clocks_differ(w.pc.is_closed(), moved, span)
        expect(f"this PC's own is {span} {'behind' if moved < 0 else 'ahead'}" in w.pc.status()["clock"], w.pc.status()["clock"])
    wait_until("the log says that they differ", lambda: w.pc.log_lines("the time that rules go by ('platen status'"), 40)  # its turn comes behind a flush
    w.pc.set_clock(0)
    w.pc.is_closed()
    wait_until("the log says that the clocks agree again", lambda: w.pc.log_lines("agrees again"), 40)


def nor_over_a_kill_without_the_hub(w):
    w.publish(closed_now())
    w.pc.clock_words("the hub's")
    wait_until("the hub's word is kept", lambda: w.pc.kept()[4] == 1, 10)
    w.hub.hub.stop()
    for n, (moved, span) in enumerate(MOVED):
        w.pc.set_clock(moved)
        w.pc.lab.service.stop(9)
        w.pc.start()
        says_clocks_differ(w.pc.is_closed(), moved, span)
        wait_until("the log says so", lambda: len(w.pc.log_lines("the time that rules go by ('platen status'")) > n, 40)
    time.sleep(2.5)
    expect(len(w.pc.log_lines("the time that rules go by ('platen status'")) == len(MOVED), "each service says once that the clocks differ")


def a_system_that_starts_without_the_hub(w):
    """Never before the latest time seen; forward is believed, and said; the hub heals."""
    w.publish(closed_now())
    w.pc.clock_words("the hub's")
    w.hub.hub.stop()
    w.pc.system_starts(-2 * HOUR)
    expect("delete clock.txt" in w.pc.clock_words("the latest that was ever seen"), "what an administrator can do")
    says_clocks_differ(w.pc.is_closed(), -2 * HOUR, "2 h")
    w.pc.set_clock(2 * HOUR)
    r = w.pc.job(1)
    expect(r["outcome"] == "printed" and "no hub has said the time since" in r["policy"]["note"], f"{r['outcome']}: {r['policy']}")
    w.pc.set_clock(0)
    r = w.pc.job(1)
    expect(r["outcome"] == "printed" and "2 h behind" in r["policy"]["note"], f"{r['outcome']}: {r['policy']}")
    w.hub.start_hub()
    w.pc.clock_words("the hub's")
    expect(len(w.pc.log_lines("the hub has put it right")) == 1, "the log says that the hub put it right")
    expect("clock" not in w.pc.is_closed(), "the clocks agree")


def an_honest_mistake_heals(w):
    """The PC starts ten days ahead and before the hub answers; its clock is put right later, and earlier than the hub's answer."""
    w.publish(closed_now())
    w.hub.hub.stop()
    w.pc.system_starts(10 * DAY)
    w.pc.clock_words("this PC's own")
    expect(abs(w.pc.off() - 10 * DAY) < 60, f"{w.pc.off()}")
    w.hub.start_hub()
    w.pc.clock_words("the hub's")
    wait_until("the right time is kept", lambda: abs(w.pc.off()) < 60, 10)
    says_clocks_differ(w.pc.is_closed(), 10 * DAY, "10 d")
    w.pc.set_clock(0)
    w.pc.is_closed()


def with_a_pc_alone(case, *rules):
    pc = Pc({"v": 2, "version": 1, "default": "allow", "quotas": [QUOTA], "rules": list(rules)})
    try:
        case(pc)
    finally:
        pc.__exit__()


def a_days_quota_without_any_hub(pc):
    expect(pc.job(4)["outcome"] == "printed", "the day's four pages")
    pc.is_over()
    wait_until("the time is kept", lambda: os.path.exists(os.path.join(pc.lab.data, "clock.txt")), 10)
    for back in (DAY, 30 * DAY):
        pc.set_clock(-back)
        expect("behind" in pc.is_over()["policy"]["note"], "the record says so")
        pc.lab.service.stop(9)
        pc.start()
        pc.is_over()
    pc.set_clock(DAY)
    expect("set on by" in pc.job(1)["policy"]["note"], "tomorrow's first page says that the clock was set on")
    pc.set_clock(0)
    pc.is_over(4)  # tomorrow's pages are three now: no day is had twice
    pc.lab.service.stop()
    os.remove(os.path.join(pc.lab.data, "clock.txt"))
    pc.start()
    expect("clock" not in pc.is_over()["policy"], "put right by hand: today, whose pages are used up")


def the_record_has_the_zone(pc):
    """Where a person may set the time zone the local hour is another; then the record says which one it was."""
    pc.is_closed()
    pc.lab.service.stop()
    pc.start({"TZ": "UTC-5"})
    r = pc.job(1)
    expect(r["outcome"] == "printed" and r["policy"]["east_minutes"] == 300 and "clock" not in r["policy"], f"{r['outcome']}: {r['policy']}")


def main():
    tap = Tap()

    def at_a_hub(case):
        w = World()
        try:
            w.publish(OVER)
            case(w)
        finally:
            w.close()
    for fn, name in ((the_clock_is_moved, "the PC's clock is moved, the hub's is not"), (no_fresh_quota, "a clock set back gives no fresh quota, also over a restart"),
                     (no_fresh_quota_without_the_hub, "nor without the hub: the lease and not a page more"),
                     (a_lease_that_ended_stays_ended, "a lease that ended stays ended when the clock goes back"),
                     (the_latest_set_stays, "the latest set stays in force"),
                     (the_hour_is_the_hubs, "a rule's hour is the hub's, however the PC's clock is set"),
                     (nor_over_a_kill_without_the_hub, "so it is over kill -9, without the hub"),
                     (a_system_that_starts_without_the_hub, "a system that starts without the hub: never before the latest time seen; the hub heals"),
                     (an_honest_mistake_heals, "a clock that was honestly wrong heals with the hub")):
        if len(sys.argv) < 2 or fn.__name__ in sys.argv[1:]:
            tap.run(name, at_a_hub, fn)
    for fn, rule, name in ((a_days_quota_without_any_hub, OVER, "a day's quota without any hub is not had again"),
                           (the_record_has_the_zone, closed_now(), "the record has the time zone")):
        if len(sys.argv) < 2 or fn.__name__ in sys.argv[1:]:
            tap.run(name, with_a_pc_alone, fn, rule)
    tap.exit()


if __name__ == "__main__":
    main()
