"""The table of patients: which columns there are, and how its files are read and written."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

#: Columns that are measured, with the smallest and largest value that is plausible.
NUMBERS = {
    "age": (18, 110),
    "trestbps": (60, 260),
    "chol": (80, 700),
    "thalach": (50, 230),
    "oldpeak": (0, 10),
    "ca": (0, 3),
}

#: Columns that name a kind, with the kinds.
KINDS = {
    "sex": (0, 1),
    "cp": (1, 2, 3, 4),
    "fbs": (0, 1),
    "restecg": (0, 1, 2),
    "exang": (0, 1),
    "slope": (1, 2, 3),
    "thal": (3, 6, 7),
}

#: What is known of a patient, in the order of the well-known table; models take their inputs in it.
FEATURES = (
    "age", "sex", "cp", "trestbps", "chol", "fbs", "restecg", "thalach", "exang", "oldpeak", "slope", "ca", "thal",
)  # fmt: skip

#: Degree of the disease in the table as it is read: 0 none, 1 to 4 narrowed vessels.
DEGREE = "num"

#: Whether a patient has the disease, in tables for training.
TARGET = "target"

Row = dict[str, str]


class TableError(ValueError):
    """A file is not the table that a step needs."""


def read_table(path: Path, last_column: str) -> list[Row]:
    """Rows of a file with the features and one more column. Raises TableError where columns differ or rows lack."""
    wanted = [*FEATURES, last_column]
    with path.open(newline="") as file:
        reader = csv.DictReader(file)
        if list(reader.fieldnames or []) != wanted:
            raise TableError(f"{path} has columns {reader.fieldnames}: it needs {wanted}")
        rows = list(reader)
    if not rows:
        raise TableError(f"{path} has no rows")
    broken = next((number for number, row in enumerate(rows, 2) if None in row or None in row.values()), None)
    if broken is not None:
        raise TableError(f"{path} has more or fewer than {len(wanted)} values in line {broken}")
    return rows


def write_table(path: Path, rows: Iterable[Row], last_column: str) -> None:
    """Writes rows with the features and one more column."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, [*FEATURES, last_column], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
