# SPDX-License-Identifier: Apache-2.0
"""
What the hub replies is what hub/openapi.json says. The clients of the tests hand each reply to check(): a field too many, one too few, one of another
type, or a kind of problem that the document does not name is a failure of the test that asked. What the document's schemas use of JSON Schema is
known here; a word that is not is a failure, too, lest it be checked by nobody.
"""
import json
import re
from urllib.parse import urlsplit

import document

KNOWN = {"type", "format", "pattern", "enum", "properties", "required", "additionalProperties", "items", "oneOf", "allOf", "description", "$ref"}
TYPES = {"string": str, "boolean": bool, "object": dict, "array": list, "null": type(None)}
FORMATS = {"date-time": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"), "date": re.compile(r"\d{4}-\d\d-\d\d")}


class Broken(AssertionError):
    pass


class Contract:
    def __init__(self, doc):
        self.doc = doc
        self.seen = set()  # operations that replied something whole
        self.operations = [(method.upper(), path, re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path)) + "$"), operation)
                           for path, item in doc["paths"].items() for method, operation in item.items()]

    def find(self, method, path):
        for m, name, pattern, operation in self.operations:
            if m == method and pattern.match(path):
                return name, operation
        return None, None

    def check(self, method, target, status, content_type, body):
        path, kind = urlsplit(target).path, (content_type or "").split(";")[0]
        if kind == "application/problem+json":
            self.fits(json.loads(body), {"$ref": "#/components/schemas/Problem"}, f"{method} {path}: {status}")
            return
        name, operation = self.find(method, path)
        if operation is None:
            raise Broken(f"{method} {path}: {status} of a call that hub/openapi.json does not know")
        said = operation["responses"].get(str(status))
        if said is None:
            raise Broken(f"{method} {name}: {status} is no reply that hub/openapi.json knows")
        if "$ref" in said:
            said = self.doc["components"]["responses"][said["$ref"].rsplit("/", 1)[1]]
        content = said.get("content", {})
        if body and kind not in content:
            raise Broken(f"{method} {name}: {status} with {kind or 'a body of no type'}, which hub/openapi.json does not know")
        if not body and content:
            raise Broken(f"{method} {name}: {status} without a body")
        if kind == "application/json":
            self.fits(json.loads(body), content[kind]["schema"], f"{method} {name}: {status}")
        self.seen.add((method, name))

    def fits(self, value, schema, at):
        """Raises where it does not."""
        schema, _ = document.follow(self.doc, schema)
        if unknown := set(schema) - KNOWN:
            raise Broken(f"{at}: the document uses {sorted(unknown)}, which no test checks")
        for part in schema.get("allOf", []):
            self.fits(value, part, at)
        if "oneOf" in schema and sum(self.is_one(value, part, at) for part in schema["oneOf"]) != 1:
            raise Broken(f"{at}: {short(value)} is not one of what may be there")
        if "type" in schema and not any(is_type(value, t) for t in listed(schema["type"])):
            raise Broken(f"{at}: {short(value)} is no {schema['type']}")
        if "enum" in schema and value not in schema["enum"]:
            raise Broken(f"{at}: {short(value)} is none of {schema['enum']}")
        if isinstance(value, str):
            if "format" in schema and not FORMATS[schema["format"]].fullmatch(value):
                raise Broken(f"{at}: {short(value)} is no {schema['format']}")
            if "pattern" in schema and not re.search(schema["pattern"], value):
                raise Broken(f"{at}: {short(value)} does not match {schema['pattern']}")
        if isinstance(value, list) and "items" in schema:
            for i, item in enumerate(value):
                self.fits(item, schema["items"], f"{at}[{i}]")
        if isinstance(value, dict):
            self.fields(value, schema, at)

    def is_one(self, value, schema, at):
        try:
            self.fits(value, schema, at)
        except Broken:
            return False
        return True

    def fields(self, value, schema, at):
        properties, more = schema.get("properties", {}), schema.get("additionalProperties", True)
        for name in schema.get("required", []):
            if name not in value:
                raise Broken(f"{at}: .{name} is missing")
        for name, v in value.items():
            if name in properties:
                self.fits(v, properties[name], f"{at}.{name}")
            elif more is False:
                raise Broken(f"{at}: .{name} is not in hub/openapi.json")
            elif more is not True:
                self.fits(v, more, f"{at}.{name}")


def listed(x):
    return x if isinstance(x, list) else [x]


def is_type(value, name):
    if name in ("integer", "number"):
        return isinstance(value, int if name == "integer" else (int, float)) and not isinstance(value, bool)
    return isinstance(value, TYPES[name])


def short(value):
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) < 60 else text[:57] + "..."


_contract = None


def check(method, target, status, headers, body):
    """Of a reply of the console's API; others are none of its business."""
    global _contract
    if not target.startswith("/api/v1/"):
        return
    _contract = _contract or Contract(document.load())
    _contract.check(method, target, status, headers.get("Content-Type"), body)
