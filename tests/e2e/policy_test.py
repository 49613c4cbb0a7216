# SPDX-License-Identifier: Apache-2.0
"""platen policy check, try, backtest as a person uses them, and docs/policy.schema.json: what the page shows it accepts, and what it refuses the
compiler refuses too."""
import json
import os
import random
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from lab import TOP, Failure, Tap  # noqa: E402

PLATEN = os.path.join(os.environ.get("PLATEN_BIN") or os.path.join(TOP, "build/linux/bin"), "platen")


def expect(condition, words):
    if not condition:
        raise Failure(words)


def platen(*args, code=0):
    r = subprocess.run([PLATEN, "policy", *args], capture_output=True, text=True, timeout=60)
    expect(r.returncode == code, f"platen policy {args}: ends with {r.returncode}: {r.stdout[-300:]}{r.stderr[-300:]}")
    return r


class Schema:
    """As much of JSON Schema (2020-12) as the file uses; a keyword beyond that is an error."""

    KNOWN = {"$schema", "$defs", "$ref", "title", "description", "anyOf", "enum", "const", "type", "properties", "required", "additionalProperties", "minProperties",
             "maxProperties", "items", "minItems", "maxItems", "minLength", "maxLength", "minimum", "maximum", "pattern"}
    TYPES = {"object": dict, "array": list, "string": str, "boolean": bool}

    def __init__(self, path):
        with open(path, encoding="utf-8") as f:
            self.root = json.load(f)

    def accepts(self, v, s=None):
        s = self.root if s is None else s
        expect(set(s) <= self.KNOWN, f"the schema has {set(s) - self.KNOWN}, which this test does not know")
        if "$ref" in s:
            return self.accepts(v, self.root["$defs"][s["$ref"].rsplit("/", 1)[1]])
        if "anyOf" in s and not any(self.accepts(v, o) for o in s["anyOf"]):
            return False
        same = lambda a, b: a == b and isinstance(a, bool) == isinstance(b, bool)  # noqa: E731
        if ("enum" in s and not any(same(v, e) for e in s["enum"])) or ("const" in s and not same(v, s["const"])):
            return False
        return "type" not in s or (self.is_type(v, s["type"]) and self.inside(v, s))

    def is_type(self, v, name):
        if name == "integer":
            return isinstance(v, (int, float)) and not isinstance(v, bool) and v == int(v)
        return isinstance(v, self.TYPES[name])

    def inside(self, v, s):
        if s["type"] == "integer":
            return s.get("minimum", v) <= v <= s.get("maximum", v)
        if s["type"] == "string":
            return s.get("minLength", 0) <= len(v) <= s.get("maxLength", len(v)) and re.search(s.get("pattern", ""), v) is not None
        if s["type"] == "array":
            return s.get("minItems", 0) <= len(v) <= s.get("maxItems", len(v)) and all(self.accepts(i, s["items"]) for i in v)
        if s["type"] == "object":
            known = s.get("properties", {})
            return (s.get("minProperties", 0) <= len(v) <= s.get("maxProperties", len(v)) and all(k in v for k in s.get("required", []))
                    and all(k in known and self.accepts(i, known[k]) for k, i in v.items()))
        return True


def examples():
    with open(os.path.join(TOP, "docs/policy.md"), encoding="utf-8") as f:
        page = f.read()
    return [json.loads(j) for j in re.findall(r"```json\n(.*?)\n```", page.split("\n## Examples")[1], re.S)]


def write(folder, name, text):
    path = os.path.join(folder, name)
    with open(path, "w", encoding="utf-8") as f:
        f.write(text if isinstance(text, str) else json.dumps(text))
    return path


def compiles(folder, value):
    r = subprocess.run([PLATEN, "policy", "check", "--json", write(folder, "set.json", value)], capture_output=True, text=True, timeout=60)
    return json.loads(r.stdout)


def schema_and_page(folder):
    schema, n = Schema(os.path.join(TOP, "docs/policy.schema.json")), 0
    for e in examples():
        expect(schema.accepts(e), f"the schema refuses an example: {json.dumps(e)[:200]}")
        r = compiles(folder, e)
        expect(r["ok"] and not r["undecided"], f"{r}")
        n += 1
    expect(n == 20, f"{n} examples")
    return f"{n} examples"


def paths(v, at=()):
    yield at
    for k, i in v.items() if isinstance(v, dict) else enumerate(v) if isinstance(v, list) else ():
        yield from paths(i, at + (k,))


def changed(value, rnd):
    """A copy with one place spoiled: another type, a key more, a key less."""
    copy = json.loads(json.dumps(value))
    at = rnd.choice([p for p in paths(copy) if p])
    parent = copy
    for k in at[:-1]:
        parent = parent[k]
    how = rnd.randrange(3)
    if how == 0:
        parent[at[-1]] = rnd.choice([None, True, -1, 1.5, "", "nothing", [], {}, [[]], {"x": 1}])
    elif how == 1 and isinstance(parent[at[-1]], dict):
        parent[at[-1]]["unknown key"] = 1
    else:
        del parent[at[-1]]
    return copy


def refused_by_the_schema_is_refused(folder):
    """The schema may be more generous than the compiler, never stricter."""
    schema, rnd, refused, tried = Schema(os.path.join(TOP, "docs/policy.schema.json")), random.Random(7), 0, 0
    for e in examples():
        for _ in range(20):
            bad = changed(e, rnd)
            r, ok = compiles(folder, bad), schema.accepts(bad)
            expect(ok or not r["ok"], f"the schema refuses what compiles: {json.dumps(bad)[:300]}")
            expect(r["ok"] or len(r["problem"]) > 10, f"no word on {json.dumps(bad)[:200]}")
            tried += 1
            refused += not r["ok"]
    expect(refused > tried / 2, f"{refused} of {tried} refused")
    return f"{refused} of {tried} spoiled sets refused"


def findings(folder):
    set_ = {"v": 2, "version": 1, "default": "allow", "rules": [
        {"id": "all", "when": {"pages": {"min": 5}}, "then": "deny"},
        {"id": "late", "when": {"pages": {"min": 9}}, "then": "allow"},
        {"id": "here", "when": {"queue": "A*"}, "then": {"redirect": "X"}},
        {"id": "there", "when": {"user": "mia"}, "then": {"redirect": "Y"}}]}
    path = write(folder, "set.json", set_)
    r = json.loads(platen("check", path, "--json").stdout)
    kinds = [(f["kind"], f["rule"], f.get("other")) for f in r["findings"]]
    expect(kinds == [("contradicts", "late", "all"), ("clash", "there", "here")], f"{kinds}")
    out = platen("check", path, "--strict", code=1).stdout
    expect("never acts" in out and "1 never can" in out, out)
    for rule, witness in list(r["witnesses"].items()) + [("there", r["findings"][1]["witness"])]:
        words = re.findall(r'\S+="[^"]*"|\S+', witness)
        d = json.loads(platen("try", path, "--json", "--job", *[w.replace('"', "") for w in words]).stdout)
        expect(rule in [n["rule"] for n in d["notes"]], f"{rule} is not reached by {witness}")


def trying(folder):
    path = write(folder, "set.json", {"v": 2, "version": 1, "default": "allow", "rules": [{"id": "dear", "when": {"cost": {"min": "1"}}, "then": "deny"}]})
    prices = write(folder, "prices.json", {"v": 1, "currency": "EUR", "tables": [{"from": "2026-01-01", "rows": [{"id": "a", "mono_page": "0.1"}]}]})
    out = platen("try", path, "--prices", prices, "--job", "date=2026-05-01", "pages=5", "copies=2").stdout
    expect(out.startswith("denied\n") and "cost 1.00 is 1.00 or more" in out, out)
    out = platen("try", path, "--job", "pages=5").stdout
    expect(out.startswith("printed\n") and "kept back until its data have been looked at" in out, out)
    expect("no such fact" in platen("try", path, "--job", "pagez=5", code=1).stderr, "pagez")
    expect("whole number" in platen("try", path, "--job", "pages=many", code=1).stderr, "pages=many")
    platen("try", path, code=2)
    platen("check", os.path.join(folder, "nothing here"), code=1)


def record(n, user, pages, minute):
    at = f"2026-11-02T08:{minute:02}:00.000Z"
    return {"v": 1, "seq": n, "prev": "0" * 64, "type": "job", "uid": f"{n:032x}", "at": at, "job": {
        "queue": "Q", "document": "a.pdf", "user": user, "begun": at, "bytes": 1000, "outcome": "printed", "source": "pipe", "analysis": {
            "language": "PCL", "pages": pages, "copies": 1, "impressions": pages, "sheets": pages, "color_pages": 0, "mono_pages": pages, "blank_pages": 0,
            "duplex": "none", "confidence": "exact"}}}


def backtest(folder):
    set_ = write(folder, "set.json", {"v": 2, "version": 1, "default": "allow",
                                      "quotas": [{"id": "q", "of": "user", "per": "day", "unit": "pages", "limit": 10}], "rules": [
                                          {"id": "again", "when": {"again": {"within": 5}}, "then": "warn"},
                                          {"id": "over", "when": {"over_quota": "q"}, "then": "deny"}]})
    other = write(folder, "other.json", {"v": 1, "version": 1, "default": "deny", "rules": []})
    # Newest first, as `platen jobs` prints. mia: 6 and 4 pages fit, the third job does not; it comes 3 minutes after the second.
    jobs = [record(4, "leo", 9, 30), record(3, "mia", 1, 23), record(2, "mia", 4, 20), record(1, "mia", 6, 0)]
    path = write(folder, "jobs.jsonl", "[" + ",\n".join(json.dumps(j) for j in jobs) + "]\nno record\n")
    r = json.loads(platen("backtest", set_, "--against", other, path, "--json").stdout)
    expect(r["all"]["jobs"] == 4 and r["outcomes"]["denied"]["jobs"] == 1 and r["outcomes"]["asked"]["jobs"] == 0, f"{r['outcomes']}")
    expect(r["rules"] == {"over": 1} and r["users"] == [{"name": "mia", "jobs": 1, "denied": 1}], f"{r['rules']} {r['users']}")
    expect(r["saved"]["sheets"] == 1 and r["saved"]["co2_mg"] == 12700, f"{r['saved']}")
    expect(r["changes"] == [{"from": "denied", "to": "printed", "jobs": 3}] and r["lines_not_read"] == 1, f"{r['changes']}")
    out = platen("backtest", set_, path)
    expect("4 jobs" in out.stdout and "line 5" in out.stderr, out.stdout + out.stderr)
    expect("no job record" in platen("backtest", set_, set_, code=1).stderr, "a set is no file of jobs")


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory() as folder:
        tap.run("the schema accepts the page's examples, and each of them is decided whole", schema_and_page, folder)
        tap.run("what the schema refuses the compiler refuses too, with a reason", refused_by_the_schema_is_refused, folder)
        tap.run("check names dead rules and clashes, and its witnesses reach their rules", findings, folder)
        tap.run("try explains one job", trying, folder)
        tap.run("backtest counts quotas in the order of time and compares two sets", backtest, folder)
    tap.exit()


if __name__ == "__main__":
    main()
