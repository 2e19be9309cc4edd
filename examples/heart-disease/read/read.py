"""First step: brings the table of patients, a given one or one made up from a seed."""

from __future__ import annotations

import argparse
import math
import sys
from pathlib import Path
from random import Random

from table import DEGREE, Row, TableError, read_table, write_table

#: How often a value is missing in a table that is made up.
MISSING = 0.02


def patient(random: Random) -> Row:
    """A made-up patient: who is older, in pain under strain or badly supplied is ill more often."""
    sex = int(random.random() < 0.68)
    age = round(min(max(random.gauss(54, 9), 29), 77))
    risk = random.gauss(0, 1) + 0.05 * (age - 54) + 0.6 * (sex - 0.68)
    ill = random.random() < 1 / (1 + math.exp(-1.6 * risk))
    pain = random.choices((1, 2, 3, 4), (2, 3, 5, 16) if ill else (3, 8, 14, 8))[0]
    row = {
        "age": age,
        "sex": sex,
        "cp": pain,
        "trestbps": round(min(max(random.gauss(134 if ill else 129, 17), 94), 200)),
        "chol": round(min(max(random.gauss(252 if ill else 243, 48), 126), 564)),
        "fbs": int(random.random() < 0.15),
        "restecg": random.choices((0, 1, 2), (8, 1, 11) if ill else (12, 1, 9))[0],
        "thalach": round(min(max(random.gauss(139 if ill else 158, 21) - 0.4 * (age - 54), 71), 202)),
        "exang": int(random.random() < (0.55 if ill else 0.14)),
        "oldpeak": round(max(random.gauss(1.6 if ill else 0.5, 1.0), 0), 1),
        "slope": random.choices((1, 2, 3), (5, 13, 2) if ill else (13, 6, 1))[0],
        "ca": random.choices((0, 1, 2, 3), (7, 6, 5, 3) if ill else (16, 3, 1, 1))[0],
        "thal": random.choices((3, 6, 7), (5, 2, 13) if ill else (15, 1, 4))[0],
        DEGREE: random.choices((1, 2, 3, 4), (11, 7, 7, 3))[0] if ill else 0,
    }
    return {name: "?" if name != DEGREE and random.random() < MISSING else str(value) for name, value in row.items()}


def main() -> int:
    """Runs the step."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--source", type=Path, help="a given table; without it one is made up")
    parser.add_argument("--rows", type=int, default=900, help="patients in a table that is made up")
    parser.add_argument("--seed", type=int, default=1988, help="the same seed makes the same table")
    parser.add_argument("--output", type=Path, required=True, help="where the table goes")
    options = parser.parse_args()
    try:
        random = Random(options.seed)
        rows = read_table(options.source, DEGREE) if options.source else [patient(random) for _ in range(options.rows)]
        write_table(options.output, rows, DEGREE)
    except (TableError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"read {len(rows)} patients")
    return 0


if __name__ == "__main__":
    sys.exit(main())
