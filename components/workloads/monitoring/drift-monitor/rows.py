"""Rows of data from files, as programs and KServe write them."""

import base64
import csv
import glob
import gzip
import json
import os
import random


class Failure(Exception):
    """What keeps the monitor from telling anything, in words for whoever reads the log."""


def files_of(source, now):
    """The files that a pattern names, those alone that were changed within the window."""
    found = sorted(path for path in glob.glob(source["path"], recursive=True) if os.path.isfile(path))
    window = source.get("windowHours")
    if window is None:
        return found
    return [path for path in found if os.stat(path).st_mtime >= now - window * 3600]


def open_text(path):
    """A file as text, unpacked where its name ends with .gz."""
    if path.endswith(".gz"):
        return gzip.open(path, "rt", encoding="utf-8", newline="")
    return open(path, encoding="utf-8", newline="")


def format_of(source, path):
    """How a file is written: as it is said, else by its name."""
    if "format" in source:
        return source["format"]
    name = path[: -len(".gz")] if path.endswith(".gz") else path
    return "csv" if name.endswith(".csv") else "jsonl"


def rows_of(source, path):
    """The rows of a file, each a dictionary."""
    kind = format_of(source, path)
    with open_text(path) as file:
        if kind == "csv":
            yield from csv.DictReader(file)
        elif kind == "kserve":
            yield from logged_rows(file.read(), source.get("columns"))
        else:
            yield from lines_of(file, path)


def lines_of(file, path):
    """The rows of a file with one on each line; the last line may be under way still."""
    for number, line in enumerate(file, 1):
        row = row_of(line, path, number) if line.strip() else None
        if row is not None:
            yield row


def row_of(line, path, number):
    try:
        row = json.loads(line)
    except ValueError as error:
        if not line.endswith("\n"):
            return None
        raise Failure(f"{path}, line {number}, is no JSON: {error}") from error
    if not isinstance(row, dict):
        raise Failure(f"{path}, line {number}, is no JSON object; write each row as one")
    return row


def logged_rows(text, columns):
    """Rows of requests as KServe's logger stores them: one record or a list of them, with the request in base64."""
    records = json.loads(text)
    for record in records if isinstance(records, list) else [records]:
        if str(record.get("reqType", "")).endswith(".response"):
            continue
        body = json.loads(base64.b64decode(record.get("bytes", "")))
        yield from (instance_row(each, columns) for each in body.get("instances", []))
        yield from tensor_rows(body.get("inputs", []), columns)


def instance_row(instance, columns):
    """A row of the protocol v1: an object, or a list whose places have names, or none."""
    if isinstance(instance, dict):
        return instance
    values = instance if isinstance(instance, list) else [instance]
    return dict(zip(columns or [str(index) for index in range(len(values))], values))


def tensor_rows(inputs, columns):
    """Rows of the protocol v2: each input is a column, or several where it has more than one place for each row."""
    table = {}
    for tensor in inputs:
        shape, data, name = tensor.get("shape", []), tensor.get("data", []), tensor.get("name", "input")
        width = shape[1] if len(shape) > 1 else 1
        flat = [value for item in data for value in (item if isinstance(item, list) else [item])]
        for place in range(width):
            own = name if width == 1 else f"{name}[{place}]"
            given = columns[place] if columns and len(inputs) == 1 and width == len(columns) else own
            table[given] = flat[place::width]
    count = max((len(values) for values in table.values()), default=0)
    for index in range(count):
        yield {name: values[index] for name, values in table.items() if index < len(values)}


def readable(source, path):
    """The rows of a file, or which file it is that cannot be read."""
    try:
        yield from rows_of(source, path)
    except (ValueError, csv.Error) as error:
        raise Failure(f"{path} cannot be read as {format_of(source, path)}: {error}") from error


def sample_of(source, most_rows, now):
    """At most so many rows of all files, each as likely as any other, and how many there were."""
    chosen, seen = [], 0
    generator = random.Random(20)
    for path in files_of(source, now):
        for row in readable(source, path):
            seen += 1
            if len(chosen) < most_rows:
                chosen.append(row)
                continue
            place = generator.randrange(seen)
            if place < most_rows:
                chosen[place] = row
    return chosen, seen
