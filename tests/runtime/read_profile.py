#!/usr/bin/env python3
"""Prints a profile of pprof's format as text: its types, and a line for each sample, the innermost function last.

Knows nothing of sonde: field numbers are those of https://github.com/google/pprof/blob/main/proto/profile.proto.
"""
import gzip
import sys


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at


def fields(data):
    """(number, value) of each field: an int, or bytes."""
    at = 0
    while at < len(data):
        tag, at = varint(data, at)
        if tag & 7 == 0:
            value, at = varint(data, at)
        elif tag & 7 == 2:
            size, at = varint(data, at)
            value, at = data[at : at + size], at + size
            if len(value) != size:
                raise ValueError("a field is cut short")
        else:
            raise ValueError(f"wire type {tag & 7}")
        yield tag >> 3, value


def packed(data):
    at, values = 0, []
    while at < len(data):
        value, at = varint(data, at)
        values.append(value)
    return values


def by_id(messages):
    found = {}
    for message in messages:
        items = list(fields(message))
        found[dict(items)[1]] = items
    return found


def main():
    with gzip.open(sys.argv[1]) as file:
        profile = list(fields(file.read()))
    every = lambda number: [value for field, value in profile if field == number]
    texts = [text.decode() for text in every(6)]
    assert texts[0] == "", "the first text is the empty one"
    locations, functions, mappings = by_id(every(4)), by_id(every(5)), by_id(every(3))
    for value_type in every(1):
        parts = dict(fields(value_type))
        print("type", texts[parts[1]], texts[parts[2]])
    for mapping in mappings.values():
        print("mapping", texts[dict(mapping).get(5, 0)], texts[dict(mapping).get(6, 0)])
    for sample in every(2):
        names, labels, values = [], [], []
        for number, value in fields(sample):
            if number == 1:
                for place in packed(value):
                    lines = [dict(fields(line)) for field, line in locations[place] if field == 4]
                    names += [texts[dict(functions[line[1]])[2]] + (f":{line[2]}" if 2 in line else "") for line in lines]
            elif number == 2:
                values = packed(value)
            elif number == 3:
                parts = dict(fields(value))
                labels.append(f"{texts[parts[1]]}={texts[parts[2]]}")
        print("sample", *labels, ";".join(reversed(names)), *values)
    assert dict(profile)[9] > 10**18 and dict(profile)[10] > 0, "time and duration in nanoseconds"


main()
