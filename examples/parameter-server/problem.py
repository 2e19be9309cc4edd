"""What is learned: a linear model of noisy measurements, so that the smallest possible loss is known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

#: How many parameters the model has.
FEATURES = 64

#: Standard deviation of the noise in the measurements; no model gets below its square as loss.
NOISE = 0.1

#: Seed of the truth, which all processes share.
SEED = 2222


@dataclass(frozen=True)
class Measurements:
    """Inputs by row and what was measured for each."""

    inputs: np.ndarray
    outputs: np.ndarray

    def loss(self, parameters: np.ndarray) -> float:
        """Mean square of the errors."""
        return float(np.mean((self.inputs @ parameters - self.outputs) ** 2))

    def gradient(self, parameters: np.ndarray) -> np.ndarray:
        """In which direction the loss grows."""
        errors = self.inputs @ parameters - self.outputs
        return 2 * self.inputs.T @ errors / len(errors)

    def batch(self, random: np.random.Generator, size: int) -> Measurements:
        """Some rows, drawn anew each time."""
        rows = random.integers(len(self.outputs), size=size)
        return Measurements(self.inputs[rows], self.outputs[rows])


def measure(part: str, rows: int) -> Measurements:
    """Measurements of one part: every trainer has its own, and those of "validation" and "test" train nobody."""
    truth = np.random.default_rng(SEED).normal(size=FEATURES)
    random = np.random.default_rng([SEED, *part.encode()])
    inputs = random.normal(size=(rows, FEATURES))
    return Measurements(inputs, inputs @ truth + random.normal(scale=NOISE, size=rows))
