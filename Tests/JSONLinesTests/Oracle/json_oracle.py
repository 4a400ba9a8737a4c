"""Judges lines of JSON with Python's own parser, made as strict as the protocols are.

Reads one text a line, in hexadecimal; writes for each one line: the text as Python writes it again,
or the word refused.
"""

import json
import math
import sys
import unicodedata

LARGEST_INTEGER = 2**53 - 1
MAXIMUM_DEPTH = 32


def members(pairs):
    names = {unicodedata.normalize("NFC", name) for name, _ in pairs}
    if len(names) != len(pairs):
        raise ValueError("duplicate name")
    return dict(pairs)


def constant(name):
    raise ValueError(name)


def check(value, depth):
    nested = isinstance(value, (dict, list))
    if nested and depth == MAXIMUM_DEPTH:
        raise ValueError("depth")
    if isinstance(value, dict):
        for name, member in value.items():
            check(name, depth)
            check(member, depth + 1)
    elif isinstance(value, list):
        for element in value:
            check(element, depth + 1)
    elif isinstance(value, str):
        value.encode("utf-8")
    elif isinstance(value, int) and abs(value) > LARGEST_INTEGER:
        raise ValueError("integer")
    elif isinstance(value, float) and math.isinf(value):
        raise ValueError("number")


def verdict(line):
    try:
        text = bytes.fromhex(line).decode("utf-8")
        value = json.loads(text, object_pairs_hook=members, parse_constant=constant)
        check(value, 0)
    except (ValueError, RecursionError):
        return "refused"
    return json.dumps(value)


for line in sys.stdin:
    print(verdict(line.strip()))
