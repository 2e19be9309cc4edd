"""What workers do: train the estimator of one district."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any
from urllib.parse import quote

from celery import Task, shared_task

from demand.estimator import CityEstimator, relative_error
from demand.rides import RidesError, newest_rides
from demand.store import EstimatorStore, dumped
from fleet.run import Run


def parts_folder(run: Run) -> Path:
    """Where workers leave estimators for the master."""
    return EstimatorStore(run.estimators, run.code).folder / ".parts" / run.name


@shared_task(bind=True, name="fleet.train", max_retries=None, resultrepr_maxsize=100)
def train(self: Task, district: str, options: dict[str, Any]) -> dict[str, Any]:
    """Trains with the newest rides of a district and leaves the estimator in a file that is named after its content."""
    run = Run.from_environment()
    try:
        return _train(run, district, options)
    except Exception as error:
        tries = self.request.retries + 1
        if tries >= run.attempts:
            raise
        raise self.retry(exc=error, countdown=run.retry_seconds * 2 ** (tries - 1)) from error


def _train(run: Run, district: str, options: dict[str, Any]) -> dict[str, Any]:
    parameters = {"iterations": options["iterations"], "learning_rate": options["learning_rate"]}
    rides = newest_rides(run.rides, options["days"]).of_district(district)
    older, newest = rides.split(options["holdout_days"])
    error = relative_error(CityEstimator.fit(older, **parameters), newest)
    if not error <= options["max_error"]:
        raise RidesError(f"the error is {error:.4f}, above {options['max_error']:g}")
    content = dumped(CityEstimator.fit(rides, **parameters))
    digest = hashlib.sha256(content).hexdigest()
    folder = parts_folder(run)
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{quote(district, safe='')}-{digest[:16]}.joblib"
    (folder / name).write_bytes(content)
    return {
        "district": district,
        "error": error,
        "hours": len(rides),
        "files": rides.files,
        "part": name,
        "sha256": digest,
    }
