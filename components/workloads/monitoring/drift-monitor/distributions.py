"""How far the distribution of a feature has moved."""

import bisect
import math

#: Stands for an empty cell, a missing key and null alike.
MISSING = None

#: Share of a bin that nothing is in, so that its logarithm exists.
EMPTY_SHARE = 1e-4

#: Two samples differ by chance as much as this in one of a hundred cases: c(0.01) of the two-sample test.
KS_SIGNIFICANCE = 1.63

#: Categories that are told apart; all others are one.
MOST_CATEGORIES = 50


def cell(row, name):
    """A value of a row; what is empty is missing."""
    value = row.get(name)
    return MISSING if value is None or value == "" else value


def number(value):
    """The number that a value is; nothing where it is none, or not a finite one."""
    if isinstance(value, bool):
        return None
    try:
        result = float(value)
    except (TypeError, ValueError):
        return None
    return result if math.isfinite(result) else None


def is_numeric(values):
    """Whether a feature is a number: whether nearly all values of the reference are."""
    known = [value for value in values if value is not MISSING]
    numbers = sum(number(value) is not None for value in known)
    return len(known) > 0 and numbers >= 0.95 * len(known)


def edges_of(numbers, bins):
    """Bounds of bins that have equally much of the reference in them; one bin for each value where these are few."""
    ordered = sorted(numbers)
    distinct = sorted(set(ordered))
    if len(distinct) <= bins:
        return distinct[1:]
    places = [ordered[len(ordered) * index // bins] for index in range(1, bins)]
    return sorted(set(places))


def shares(counts, total):
    return [max(count / total, EMPTY_SHARE) for count in counts]


def stability_index(expected, actual):
    """Population stability index of two lists of shares."""
    return sum((now - then) * math.log(now / then) for then, now in zip(expected, actual))


def binned(values, edges):
    """How many values are in each bin, the last of which is of those that are missing or no number."""
    counts = [0] * (len(edges) + 2)
    for value in values:
        found = number(value)
        counts[-1 if found is None else bisect.bisect_right(edges, found)] += 1
    return counts


def categorised(values, categories):
    """How many values are in each category, then in none of them, then missing."""
    counts = [0] * (len(categories) + 2)
    places = {category: index for index, category in enumerate(categories)}
    for value in values:
        counts[-1 if value is MISSING else places.get(str(value), len(categories))] += 1
    return counts


def distance(first, second):
    """Kolmogorov-Smirnov distance of two samples, and that which chance alone explains."""
    first, second = sorted(first), sorted(second)
    largest, i, j = 0.0, 0, 0
    while i < len(first) and j < len(second):
        point = min(first[i], second[j])
        i = bisect.bisect_right(first, point, i)
        j = bisect.bisect_right(second, point, j)
        largest = max(largest, abs(i / len(first) - j / len(second)))
    by_chance = KS_SIGNIFICANCE * math.sqrt((len(first) + len(second)) / (len(first) * len(second)))
    return largest, by_chance


def compare(name, reference, recent, config):
    """How far a feature has moved, and whether that counts as drift."""
    then, now = [cell(row, name) for row in reference], [cell(row, name) for row in recent]
    limits = config["thresholds"]
    if is_numeric(then):
        numbers = [found for found in map(number, then) if found is not None]
        edges = edges_of(numbers, config["bins"])
        psi = stability_index(
            shares(binned(then, edges), len(then)), shares(binned(now, edges), len(now))
        )
        current = [found for found in map(number, now) if found is not None]
        ks, by_chance = distance(numbers, current) if current else (1.0, 0.0)
        drifted = psi >= limits["psi"] or (ks >= limits["ks"] and ks > by_chance)
        return {"feature": name, "kind": "number", "psi": psi, "ks": ks, "drifted": drifted}
    categories = most_frequent([str(value) for value in then if value is not MISSING])
    psi = stability_index(
        shares(categorised(then, categories), len(then)), shares(categorised(now, categories), len(now))
    )
    return {"feature": name, "kind": "category", "psi": psi, "drifted": psi >= limits["psi"]}


def most_frequent(values):
    counts = {}
    for value in values:
        counts[value] = counts.get(value, 0) + 1
    return sorted(counts, key=lambda value: (-counts[value], value))[:MOST_CATEGORIES]
