"""Checkpoints in a folder that the chief writes and the evaluator reads."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np

#: How many checkpoints stay.
KEPT = 5


@dataclass(frozen=True)
class Checkpoint:
    """The parameters after some updates."""

    updates: int
    parameters: np.ndarray
    #: Whether training ended with it.
    is_last: bool


class Checkpoints:
    """The folder; a file has its name only once it is whole."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def save(self, checkpoint: Checkpoint) -> None:
        """Writes a checkpoint and drops the oldest ones."""
        self._folder.mkdir(parents=True, exist_ok=True)
        partial = self._folder / f".partial-{os.getpid()}.npz"
        np.savez(partial, parameters=checkpoint.parameters, is_last=checkpoint.is_last)
        partial.replace(self._folder / f"checkpoint-{checkpoint.updates:012d}.npz")
        for path in self._paths()[:-KEPT]:
            path.unlink(missing_ok=True)

    def newest(self) -> Checkpoint | None:
        """The one after the most updates; None before the first."""
        paths = self._paths()
        if not paths:
            return None
        updates = int(paths[-1].stem.removeprefix("checkpoint-"))
        try:
            with np.load(paths[-1]) as content:
                return Checkpoint(updates, content["parameters"], bool(content["is_last"]))
        except FileNotFoundError:
            # The chief wrote so many newer ones meanwhile that it dropped this one.
            return self.newest()

    def _paths(self) -> list[Path]:
        return sorted(self._folder.glob("checkpoint-*.npz"))
