"""Estimators of the demand: one for all districts that it was trained with, or one for each district."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from sklearn.ensemble import HistGradientBoostingRegressor

from demand.rides import Hour, Rides, RidesError

#: Fewest hours that an estimator is trained with: two weeks of one district.
FEWEST_HOURS = 14 * 24


class UnknownDistrictError(ValueError):
    """An estimator was asked about a district that it does not know."""


class Estimator(Protocol):
    """Whatever predicts rides."""

    def predict(self, hours: Sequence[Hour]) -> np.ndarray:
        """Rides in each hour. Raises UnknownDistrictError."""


@dataclass(frozen=True)
class CityEstimator:
    """One regressor for all of its districts."""

    districts: tuple[str, ...]
    regressor: HistGradientBoostingRegressor

    @classmethod
    def fit(cls, rides: Rides, iterations: int, learning_rate: float) -> CityEstimator:
        """Trains with rides. Raises RidesError where they are too few."""
        if len(rides) < FEWEST_HOURS:
            raise RidesError(f"there are rides of {len(rides)} hours: an estimator needs {FEWEST_HOURS}")
        districts = tuple(sorted({hour.district for hour in rides.hours}))
        regressor = HistGradientBoostingRegressor(
            loss="poisson",
            max_iter=iterations,
            learning_rate=learning_rate,
            categorical_features=[0, 1],
            random_state=0,
        )
        return cls(districts, regressor.fit(_features(rides.hours, districts), rides.counts))

    def predict(self, hours: Sequence[Hour]) -> np.ndarray:
        """Rides in each hour."""
        return self.regressor.predict(_features(hours, self.districts))


@dataclass(frozen=True)
class FleetEstimator:
    """One estimator for each district."""

    parts: dict[str, CityEstimator] = field(default_factory=dict)

    def predict(self, hours: Sequence[Hour]) -> np.ndarray:
        """Rides in each hour, as its district's estimator predicts them."""
        predicted = np.zeros(len(hours))
        for district in {hour.district for hour in hours}:
            if district not in self.parts:
                raise UnknownDistrictError(f'unknown district "{district}": known are {", ".join(sorted(self.parts))}')
            rows = [index for index, hour in enumerate(hours) if hour.district == district]
            predicted[rows] = self.parts[district].predict([hours[index] for index in rows])
        return predicted


def relative_error(estimator: Estimator, rides: Rides) -> float:
    """Sum of all errors by the sum of all rides: 0 is perfect, and a city of any size compares with any other."""
    counts = np.array(rides.counts)
    if counts.sum() == 0:
        raise RidesError("there are no rides to compare predictions with")
    return float(np.abs(estimator.predict(rides.hours) - counts).sum() / counts.sum())


def _features(hours: Sequence[Hour], districts: Sequence[str]) -> np.ndarray:
    codes = {district: code for code, district in enumerate(districts)}
    unknown = sorted({hour.district for hour in hours} - codes.keys())
    if unknown:
        raise UnknownDistrictError(f'unknown district "{unknown[0]}": known are {", ".join(districts)}')
    rows = [[codes[each.district], each.day.weekday(), each.hour, each.temperature, each.rain] for each in hours]
    return np.array(rows, dtype=float).reshape(len(hours), 5)
