#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""
tests/api/reference.py           says whether hub/openapi.json is in its form and docs/api.md is made of it, as TAP
tests/api/reference.py --write   puts the file in its form and makes the page
"""
import os
import sys

import document

PAGE = os.path.join(document.TOP, "docs/api.md")
NOTE = "<!-- made of hub/openapi.json by tests/api/reference.py --write -->"


def words(doc, schema):
    """A schema in a line: {"name": string, "pages": integer or null, ...}"""
    target, name = document.follow(doc, schema)
    if name:
        return f"[{name}](#{name.lower()})"
    if "allOf" in target:
        return words(doc, target["allOf"][0])
    if "oneOf" in target:
        return " or ".join("null" if s.get("type") == "null" else words(doc, s) for s in target["oneOf"])
    if "enum" in target:
        return " or ".join("null" if v is None else f"`{v}`" for v in target["enum"])
    if not target.get("type"):
        return "any"
    kinds = target["type"] if isinstance(target["type"], list) else [target["type"]]
    return " or ".join(kind_words(doc, kind, target) for kind in kinds)


def kind_words(doc, kind, schema):
    if kind == "array":
        return f"list of {words(doc, schema['items'])}"
    if kind == "object" and "properties" in schema:
        optional = lambda name: "" if name in schema.get("required", []) else "?"
        return "{" + ", ".join(f"{name}{optional(name)}: {words(doc, s)}" for name, s in schema["properties"].items()) + "}"
    if kind == "object":
        more = schema.get("additionalProperties", True)
        return f"object of {words(doc, more)}" if isinstance(more, dict) else "object"
    return {"date-time": "time", "date": "date"}.get(schema.get("format"), kind)


def cell(text):
    return text.replace("|", "\\|")


def call(doc, method, path, operation):
    yield f"### {method.upper()} {path}"
    right = operation.get("x-right")
    who = "anybody" if not operation["security"] else "session" if len(operation["security"]) == 1 else "session or token"
    yield f"{operation['summary']}. {operation.get('description', '')}".rstrip() + f" *({who}{', `' + right + '`' if right else ''})*"
    query = [p for p in operation.get("parameters", []) if p["in"] == "query"]
    if query:
        yield ""
        yield "| query | is |"
        yield "| --- | --- |"
        for p in query:
            yield cell(f"| `{p['name']}` @ {'; '.join(x for x in (words(doc, p['schema']), p.get('description')) if x)} @").replace("@", "|")
    if "requestBody" in operation:
        yield ""
        yield f"Takes {words(doc, operation['requestBody']['content']['application/json']['schema'])}"
    for status, reply in operation["responses"].items():
        if "$ref" in reply:  # what every call may reply
            continue
        said = [words(doc, c["schema"]) if kind == "application/json" else f"`{kind}`" for kind, c in reply.get("content", {}).items()]
        yield ""
        yield f"{status}: {', or '.join(said) or 'no body'}"
    yield ""


def thing(doc, name, schema):
    yield f"### {name}"
    if "properties" not in schema:
        yield words(doc, schema)
        yield ""
        return
    yield "| field | is |"
    yield "| --- | --- |"
    for field, s in schema["properties"].items():
        optional = "" if field in schema.get("required", []) else " (may be missing)"
        said = [words(doc, s), s.get("description", "")]
        yield f"| `{field}`{optional} | {cell('; '.join(x for x in said if x))} |"
    yield ""


def page(doc):
    yield f"# {doc['info']['title']}: the API, version {doc['info']['version']}"
    yield ""
    yield NOTE
    yield ""
    yield doc["info"]["description"]
    yield ""
    yield "The same as a file for programs: `/openapi.json` on the console's port (OpenAPI " + doc["openapi"] + ")."
    yield ""
    for tag in doc["tags"]:
        yield f"## {tag['name']}"
        yield tag["description"]
        yield ""
        for path, item in doc["paths"].items():
            for method, operation in item.items():
                if operation["tags"] == [tag["name"]]:
                    yield from call(doc, method, path, operation)
    yield "## Things"
    yield ""
    for name, schema in doc["components"]["schemas"].items():
        yield from thing(doc, name, schema)


def read(path):
    with open(path, encoding="utf-8") as f:
        return f.read()


def write(path, text):
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)


def main():
    doc = document.load()
    want = {document.FILE: document.form(doc) + "\n", PAGE: "\n".join(page(doc)).rstrip() + "\n"}
    if sys.argv[1:] == ["--write"]:
        for path, text in want.items():
            write(path, text)
        return 0
    bad = 0
    for path, text in want.items():
        same = read(path) == text
        bad += not same
        print(f"{'ok' if same else 'not ok'} - {os.path.relpath(path, document.TOP)} is as tests/api/reference.py writes it")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
