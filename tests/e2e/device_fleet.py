# SPDX-License-Identifier: Apache-2.0
"""Made-up printers, and the records that agents send of them (docs/protocol.md section 2)."""
import datetime

COLORS = (("Black", "black"), ("Cyan", "cyan"), ("Magenta", "magenta"), ("Yellow", "yellow"))


def when(ago):
    """The moment so many seconds ago, RFC 3339."""
    t = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(seconds=ago)
    return t.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


class Printer:
    """Its number makes up what is not given."""

    def __init__(self, n, serial="", mac=None, name=None, location=None, model=None):
        self.make, self.model = "HP", model or "Color LaserJet M454"
        self.serial = serial if serial != "" else f"TEST{n:06d}"
        self.mac, self.name, self.location = mac, name, location
        self.total = 10000 + n * 37
        self.state, self.alerts = "ready", []
        self.supplies = [{"index": i + 1, "text": text, "color": color, "type": "toner_cartridge", "class": "supply", "unit": "percent", "level": (n * 13 + i * 29) % 90 + 11}
                         for i, (text, color) in enumerate(COLORS)]

    def meters(self):
        color = self.total // 3
        return [{"meter": "total", "unit": "impressions", "count": self.total}, {"meter": "color", "unit": "impressions", "count": color},
                {"meter": "mono", "unit": "impressions", "count": self.total - color}]

    def identity(self):
        values = {"make": self.make, "model": self.model, "serial": self.serial, "mac": self.mac, "name": self.name, "location": self.location}
        return {k: v for k, v in values.items() if v}

    def key(self, via, address):
        if self.serial:
            return f"serial:{self.make}/{self.serial}"
        return f"mac:{self.mac}" if self.mac else f"{via}:{address}"


def reading(p, via, address=None, ago=0, outcome="read"):
    """A full reading, as (type, object)."""
    values = {"v": 1, "source": "snmp" if via == "net" else "pml", "at": when(ago), "complete": ["meters", "supplies", "alerts"], "identity": p.identity(),
              "status": {"state": p.state}, "meters": p.meters(), "supplies": [dict(s) for s in p.supplies], "alerts": list(p.alerts),
              "inputs": [{"index": 1, "name": "Tray 2", "type": "tray", "unit": "sheets", "level": 120, "capacity": 250, "media": "A4"}]}
    body = {"key": p.key(via, address), "via": via, "at": when(ago), "outcome": outcome, "full": True, "values": values}
    if address:
        body["address"] = address
    return "device", body


def seen(keys, via="net", ago=0):
    return "seen", {"at": when(ago), "via": via, "keys": keys}
