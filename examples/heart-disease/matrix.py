"""The table as numbers, as models take them."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from table import FEATURES, TARGET, read_table


def matrix(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """Features by row, with NaN where one is missing, and whether each patient is ill."""
    rows = read_table(path, TARGET)
    features = [[float(row[name]) if row[name] else np.nan for name in FEATURES] for row in rows]
    return np.array(features), np.array([int(row[TARGET]) for row in rows])
