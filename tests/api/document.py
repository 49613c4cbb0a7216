# SPDX-License-Identifier: Apache-2.0
"""hub/openapi.json: read, and written in the one form that it is kept in (what fits on a line stands on one, so that a change is a short diff)."""
import json
import os

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FILE = os.path.join(TOP, "hub/openapi.json")
WIDTH = 150


def load():
    with open(FILE, encoding="utf-8") as f:
        return json.load(f)


def form(value, indent=0, lead=0):
    """The text of a value; `lead`: what stands before it on its first line."""
    flat = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, (dict, list)) or not value or indent + lead + len(flat) <= WIDTH:
        return flat
    inner = " " * (indent + 1)
    if isinstance(value, list):
        return "[\n" + ",\n".join(inner + form(v, indent + 1) for v in value) + "\n" + " " * indent + "]"
    keys = [json.dumps(k, ensure_ascii=False) for k in value]
    return "{\n" + ",\n".join(inner + k + ": " + form(v, indent + 1, len(k) + 2) for k, v in zip(keys, value.values())) + "\n" + " " * indent + "}"


def follow(document, schema):
    """A reference's schema, with its name; else the schema, and None."""
    if "$ref" not in schema:
        return schema, None
    name = schema["$ref"].rsplit("/", 1)[1]
    return document["components"]["schemas"][name], name
