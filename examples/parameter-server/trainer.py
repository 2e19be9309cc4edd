"""Workers, which push steps, and the chief, which is a worker that also begins, watches and ends the training."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from checkpoints import Checkpoint, Checkpoints
from exchange import PAUSE, Parameters
from problem import FEATURES, Measurements, measure


@dataclass(frozen=True)
class Settings:
    """How to train."""

    learning_rate: float
    batch_size: int
    #: Rows that each trainer has.
    rows: int
    #: The chief ends the training at this loss.
    target_loss: float
    #: The chief gives up after this many updates.
    max_updates: int
    #: Updates between two checkpoints.
    checkpoint_updates: int
    #: Seconds to wait for servers and for the other trainers.
    patience: float


class Trainer:
    """Pulls parameters and pushes steps until the chief ends the training."""

    def __init__(self, name: str, parameters: Parameters, settings: Settings) -> None:
        self.name = name
        self.parameters = parameters
        self.settings = settings
        self._rows = measure(name, settings.rows)
        self._random = np.random.default_rng([*name.encode()])
        self._steps = 0

    def run(self) -> int:
        """Trains. Returns the exit code."""
        self.parameters.tell_all("join", trainer=self.name)
        while True:
            state, values = self.parameters.pull()
            if state["ended"]:
                break
            self.watch(state["updates"], state["trainers"], values)
            if values is None:
                time.sleep(PAUSE)
                continue
            gradient = self._rows.batch(self._random, self.settings.batch_size).gradient(values)
            self.parameters.push(-self.settings.learning_rate * gradient)
            self._steps += 1
            if self._steps == 1:
                print(f"{self.name} pushed its first step", flush=True)
        self.parameters.tell_all("leave", trainer=self.name)
        print(f"{self.name} pushed {self._steps} steps", flush=True)
        return self.exit_code()

    def watch(self, updates: int, trainers: int, values: np.ndarray | None) -> None:
        """What a chief does between steps; a worker does nothing."""

    def exit_code(self) -> int:
        """0 for a worker: whether the training succeeded, the chief says."""
        return 0


class Chief(Trainer):
    """The one that begins, watches and ends the training."""

    def __init__(
        self, name: str, parameters: Parameters, settings: Settings, trainers: int, checkpoints: Checkpoints
    ) -> None:
        super().__init__(name, parameters, settings)
        self._trainers = trainers
        self._checkpoints = checkpoints
        self._validation: Measurements = measure("validation", settings.rows)
        self._next_checkpoint = 0
        self._started = time.monotonic()

    def watch(self, updates: int, trainers: int, values: np.ndarray | None) -> None:
        """Fills servers that have no parameters, checks the loss from time to time, and ends the training."""
        if values is None:
            self._begin(trainers)
        elif updates >= self._next_checkpoint:
            self._check(updates, values)

    def exit_code(self) -> int:
        """0 if the last checkpoint reaches the target, whoever wrote it: this process may have been restarted."""
        newest = self._checkpoints.newest()
        has_reached = newest is not None and self._validation.loss(newest.parameters) <= self.settings.target_loss
        return 0 if has_reached else 1

    def _begin(self, trainers: int) -> None:
        """Fills servers once all trainers are there; a server that was restarted gets what the last checkpoint has."""
        newest = self._checkpoints.newest()
        if newest is not None:
            print(f"{self.name} goes on from the checkpoint after {newest.updates} updates", flush=True)
            self.parameters.fill(newest.parameters)
            self._next_checkpoint = 0
        elif trainers >= self._trainers:
            self._check(0, np.zeros(FEATURES))
            self.parameters.fill(np.zeros(FEATURES))
        elif time.monotonic() - self._started > self.settings.patience:
            raise TimeoutError(f"only {trainers} of {self._trainers} trainers came")

    def _check(self, updates: int, values: np.ndarray) -> None:
        loss = self._validation.loss(values)
        print(f"updates={updates} loss={loss:.6f}", flush=True)
        is_last = loss <= self.settings.target_loss or updates >= self.settings.max_updates
        self._checkpoints.save(Checkpoint(updates, values, is_last))
        self._next_checkpoint = updates + self.settings.checkpoint_updates
        if is_last:
            self.parameters.tell_all("end")
