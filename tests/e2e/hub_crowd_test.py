#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The hub's bounds on connections, with the least that it can be given, and a small crowd of simulated agents (tests/bench/agents.py): nothing lost, nothing
doubled. Prints TAP lines, exits non-zero on a failure.

  hub_crowd_test.py [--hub COMMAND] [--store URL]"""
import json
import os
import re
import socket
import ssl
import subprocess
import sys
import tempfile
import time

from hub_kit import TOP, Agent, Console, Hub, arguments, finish, tap

MOST = 256
LIVE = MOST - MOST // 8
AGENTS = MOST - MOST // 32


class Link:
    """A live link."""

    def __init__(self, agent):
        host, port = agent.hub.agents.rsplit(":", 1)
        self.s = agent.context.wrap_socket(socket.create_connection((host, int(port)), timeout=20), server_hostname="localhost")
        self.s.sendall(b"GET /agent/v1/live HTTP/1.1\r\nHost: localhost\r\n\r\n")
        self.head = self.s.recv(4096).decode()

    @property
    def status(self):
        return int(self.head.split()[1])

    def gone(self, seconds):
        self.s.settimeout(seconds)
        try:
            while self.s.recv(4096):
                pass
            return True
        except (TimeoutError, ssl.SSLError):
            return False


def idle(address):
    host, port = address.rsplit(":", 1)
    return socket.create_connection((host, int(port)), timeout=10)


def is_open(s, seconds=1.0):
    """Has the hub not closed it?"""
    s.settimeout(seconds)
    try:
        return s.recv(1) != b""
    except TimeoutError:
        return True
    except OSError:
        return False


def waits(what, seconds=15):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if what():
            return True
        time.sleep(0.2)
    return False


def bounds(a, work):
    hub = Hub(a.hub, work)
    hub.start("--connections", str(MOST))
    said = open(hub.log).read()
    tap.ok(f"at most {MOST} connections at once, {LIVE} of them live links" in said, "the log says how many connections there may be", said[-500:])
    agent, other = Agent(hub, work, "PC-1"), Agent(hub, work, "PC-2")
    key = hub.key("Acme")["key"]
    tap.ok(agent.enrol(key).status == 200 and other.enrol(key).status == 200, "two agents enrol")
    links = [Link(agent if i % 2 else other) for i in range(LIVE)]
    tap.same({k.status for k in links}, {200}, f"{LIVE} live links of one address, where {MOST} connections are the most")
    more = Link(agent)
    tap.ok(more.status == 503 and re.search(r"(?i)retry-after: \d+", more.head), "one more is told to try again, and when", more.head)
    more.s.close()
    tap.same(agent.post(agent.add(3)).status, 200, "an upload has room all the same")
    tap.same(other.call("GET", "/agent/v1/durable").json["durable"], 0, "and a question of the other agent's")
    held = [idle(hub.agents) for _ in range(AGENTS - LIVE)]

    def full():
        """One more until it is refused: the uploads' own connections may have had some of the first ones' places."""
        held.append(idle(hub.agents))
        return not is_open(held[-1], 0.5)
    tap.ok(waits(full), "connections are closed at once when there are too many of agents")
    tap.same(sum(is_open(s, 0.01) for s in held), AGENTS - LIVE, f"that is after {AGENTS}")
    tap.same(Console(hub).call("GET", "/api/v1/session").status, 401, "people have room that agents cannot take")
    tap.ok(waits(lambda: re.search(r"no room for \d+ connections: \d+ are open, at most 256 at once \(--connections\)", open(hub.log).read())), "the log says so, and what to do")
    for s in held:
        s.close()
    tap.ok(waits(lambda: agent.post(agent.add(1)).status == 200 if is_open(idle(hub.agents), 0.3) else False), "once they are gone there is room again")
    links.pop().s.close()
    tap.ok(waits(lambda: (k := Link(agent)).status == 200 and (links.append(k) or True)), "the place of a link that ended is the next one's")
    tap.same([k for k in links[:20] if k.gone(0.01)], [], "no link was ended for all that")
    tap.same(hub.stop(), 0, "the hub stops with all links open")


def crowd(a, work):
    """The bench, small: each of its figures is there, and nothing is lost, doubled or left out."""
    extra = ["--postgres"] if a.store else []
    r = subprocess.run([sys.executable, os.path.join(TOP, "tests/bench/agents.py"), "--bin", os.path.dirname(a.hub), "--agents", "200", "--rate", "40", "--seconds", "6", "--json",
                        "--check", *extra], capture_output=True, text=True, timeout=300, env={**os.environ, "PLATEN_POSTGRES": a.store or ""})
    tap.same(r.returncode, 0, "200 agents at once: none left out, nothing lost or doubled")
    print("".join(f"# {line}\n" for line in r.stderr.splitlines()), end="")
    got = json.loads(r.stdout) if r.stdout.strip() else {}
    tap.ok(got.get("memory_per_agent_kib", 0) > 1 and 0 < got.get("upload_p50_ms", 0) <= got.get("upload_p99_ms", 0), "memory and times are measured", str(got))
    tap.ok(got.get("acknowledged", 0) == got.get("found") == 3 * 240 and got.get("cut") == 12 and got.get("reconnected", 0) >= 20, "240 uploads, some cut, some links made anew", str(got))


def main():
    a = arguments()
    work = tempfile.mkdtemp(prefix="platen-crowd-")
    os.makedirs(os.path.join(work, "console"))
    crowd(a, work)
    bounds(a, work)
    return finish(work)


if __name__ == "__main__":
    sys.exit(main())
