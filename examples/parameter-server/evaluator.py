"""The evaluator: judges each new checkpoint on measurements that trained nobody."""

from __future__ import annotations

import time

from checkpoints import Checkpoints
from problem import measure

#: Seconds between two looks into the folder.
PAUSE = 0.2


def evaluate(checkpoints: Checkpoints, rows: int, patience: float) -> int:
    """Watches until the last checkpoint. Returns the exit code: 1 where none comes within `patience` seconds."""
    test = measure("test", rows)
    seen: int | None = None
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        newest = checkpoints.newest()
        if newest is None or newest.updates == seen:
            time.sleep(PAUSE)
            continue
        seen = newest.updates
        deadline = time.monotonic() + patience
        print(f"evaluated updates={newest.updates} test-loss={test.loss(newest.parameters):.6f}", flush=True)
        if newest.is_last:
            return 0
    print(f"no new checkpoint came within {patience:g} s", flush=True)
    return 1
