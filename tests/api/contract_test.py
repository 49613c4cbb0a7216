#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The check of replies finds what it must: one small document, and replies that break it in one place each. Prints TAP."""
import sys

from contract import Broken, Contract

DOCUMENT = {
    "paths": {
        "/api/v1/things/{id}": {
            "get": {"responses": {"200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}}}},
            "delete": {"responses": {"204": {}}},
        },
        "/api/v1/odd": {"get": {"responses": {"200": {"content": {"application/json": {"schema": {"type": "integer", "minimum": 3}}}}}}},
    },
    "components": {"schemas": {
        "Thing": {
            "type": "object",
            "properties": {
                "name": {"type": "string"},
                "pages": {"type": ["integer", "null"]},
                "at": {"type": "string", "format": "date-time"},
                "state": {"type": "string", "enum": ["on", "off"]},
                "parts": {"type": "array", "items": {"oneOf": [{"type": "integer"}, {"type": "null"}]}},
                "by": {"type": "object", "additionalProperties": {"type": "boolean"}},
            },
            "required": ["name"],
            "additionalProperties": False,
        },
        "Problem": {"type": "object", "properties": {"type": {"enum": ["not-found"]}}, "required": ["type"], "additionalProperties": False},
    }},
}

JSON, PROBLEM, THING = "application/json", "application/problem+json", "/api/v1/things/7?x=1"
CASES = [  # what, method, target, status, type, body, what the complaint names (None: there is none)
    ("a whole thing", "GET", THING, 200, JSON, '{"name":"a","pages":null,"at":"2026-01-02T03:04:05.678Z","state":"on","parts":[1,null],"by":{"x":true}}', None),
    ("its least", "GET", THING, 200, JSON, '{"name":"a"}', None),
    ("nothing, where nothing is due", "DELETE", THING, 204, None, "", None),
    ("a problem", "GET", THING, 404, PROBLEM, '{"type":"not-found"}', None),
    ("a field too many", "GET", THING, 200, JSON, '{"name":"a","more":1}', ".more"),
    ("a field too few", "GET", THING, 200, JSON, "{}", ".name"),
    ("a text for a number", "GET", THING, 200, JSON, '{"name":"a","pages":"7"}', ".pages"),
    ("a truth for a number", "GET", THING, 200, JSON, '{"name":"a","pages":true}', ".pages"),
    ("null where none may be", "GET", THING, 200, JSON, '{"name":null}', ".name"),
    ("a time without a zone", "GET", THING, 200, JSON, '{"name":"a","at":"2026-01-02T03:04:05.678"}', ".at"),
    ("a word of another list", "GET", THING, 200, JSON, '{"name":"a","state":"up"}', ".state"),
    ("one wrong item", "GET", THING, 200, JSON, '{"name":"a","parts":[1,"2"]}', ".parts[1]"),
    ("a wrong value of a map", "GET", THING, 200, JSON, '{"name":"a","by":{"x":1}}', ".by.x"),
    ("an unknown problem", "GET", THING, 404, PROBLEM, '{"type":"lost"}', ".type"),
    ("another status", "GET", THING, 201, JSON, '{"name":"a"}', "201"),
    ("another type of content", "GET", THING, 200, "text/html", "<p>", "text/html"),
    ("a body where none is due", "DELETE", THING, 204, JSON, "{}", JSON),
    ("no body where one is due", "GET", THING, 200, JSON, "", "without a body"),
    ("a call that is not there", "GET", "/api/v1/other", 200, JSON, "{}", "/api/v1/other"),
    ("another method", "PUT", THING, 200, JSON, "{}", "PUT"),
    ("a word of JSON Schema that nobody checks", "GET", "/api/v1/odd", 200, JSON, "1", "minimum"),
]


def main():
    contract, bad = Contract(DOCUMENT), 0
    for what, method, target, status, kind, body, complaint in CASES:
        said = None
        try:
            contract.check(method, target, status, kind, body)
        except Broken as e:
            said = str(e)
        good = said is None if complaint is None else said is not None and complaint in said
        bad += not good
        print(f"{'ok' if good else 'not ok'} - {what}" + ("" if good else f"\n# {said}"))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
