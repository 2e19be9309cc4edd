"""Second step: cleans the table and splits it into one for training and one that only evaluation sees."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from random import Random

from table import DEGREE, FEATURES, KINDS, NUMBERS, TARGET, Row, TableError, read_table, write_table


def cleaned(text: str, name: str) -> str:
    """A value as a number, or nothing where it is missing or not plausible."""
    try:
        number = float(text)
    except ValueError:
        return ""
    if name in KINDS:
        return f"{number:g}" if number in KINDS[name] else ""
    smallest, largest = NUMBERS[name]
    return f"{number:g}" if smallest <= number <= largest else ""


def processed(rows: list[Row]) -> list[Row]:
    """Rows for training: cleaned, each patient once, with whether the patient is ill; those of unknown degree go."""
    known = [row for row in rows if row[DEGREE] in {"0", "1", "2", "3", "4"}]
    clean = [
        {name: cleaned(row[name], name) for name in FEATURES} | {TARGET: str(int(row[DEGREE] != "0"))} for row in known
    ]
    return list({tuple(row.values()): row for row in clean}.values())


def split(rows: list[Row], test_share: float, seed: int) -> tuple[list[Row], list[Row]]:
    """Draws the rows for evaluation, the same share of the ill and of the healthy."""
    random = Random(seed)
    train: list[Row] = []
    test: list[Row] = []
    for target in ("0", "1"):
        group = [row for row in rows if row[TARGET] == target]
        random.shuffle(group)
        count = round(test_share * len(group))
        if not 0 < count < len(group):
            raise TableError(f"{len(group)} patients with {TARGET} {target} can not be split by {test_share:g}")
        test += group[:count]
        train += group[count:]
    random.shuffle(train)
    return train, test


def main() -> int:
    """Runs the step."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--input", type=Path, required=True, help="table of the step before")
    parser.add_argument("--train", type=Path, required=True, help="where the table for training goes")
    parser.add_argument("--test", type=Path, required=True, help="where the table for evaluation goes")
    parser.add_argument("--test-share", type=float, default=0.2, help="share of the patients for evaluation")
    parser.add_argument("--seed", type=int, default=1, help="the same seed splits alike")
    options = parser.parse_args()
    try:
        read = read_table(options.input, DEGREE)
        rows = processed(read)
        train, test = split(rows, options.test_share, options.seed)
        write_table(options.train, train, TARGET)
        write_table(options.test, test, TARGET)
    except (TableError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"kept {len(rows)} of {len(read)} patients: {len(train)} to train, {len(test)} to evaluate")
    return 0


if __name__ == "__main__":
    sys.exit(main())
