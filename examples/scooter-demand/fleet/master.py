"""The master: fills the queue, waits for all districts, and publishes their estimators as one."""

from __future__ import annotations

import shutil
import sys
import time
from typing import Any

from celery.result import AsyncResult

from demand.estimator import FleetEstimator
from demand.store import EstimatorStore, loaded
from fleet.run import Queue, Run
from fleet.tasks import parts_folder, train

#: Seconds between two looks at the results.
PAUSE = 0.5


def lead(run: Run, districts: list[str], options: dict[str, Any], patience: float) -> int:
    """Lets workers train an estimator for each district. Returns the exit code: 1 where nothing was published."""
    app = run.celery()
    app.set_default()
    queue = Queue(run, app)
    results = {district: _result(app, run, district) for district in districts}
    if not queue.is_filled():
        # A master that was restarted may send a task again: whoever trains twice leaves the same estimator.
        for district, result in results.items():
            train.apply_async((district, options), task_id=result.id)
        queue.mark_filled(len(districts))
    print(f"{len(districts)} districts are to be trained", flush=True)
    trained, failed = _wait(results, time.monotonic() + patience)
    queue.forget()
    for district, reason in sorted(failed.items()):
        print(f"{district}: {reason}", file=sys.stderr)
    if failed:
        shutil.rmtree(parts_folder(run), ignore_errors=True)
        print(f"nothing is published: {len(failed)} of {len(districts)} districts failed", file=sys.stderr)
        return 1
    version = _publish(run, trained, options)
    print(f"published {version} with {len(trained)} estimators")
    return 0


def _result(app: Any, run: Run, district: str) -> AsyncResult:
    return app.AsyncResult(f"{run.name}/{district}")


def _wait(results: dict[str, AsyncResult], deadline: float) -> tuple[dict[str, dict[str, Any]], dict[str, str]]:
    """Results of the districts that were trained, and why the others were not."""
    trained: dict[str, dict[str, Any]] = {}
    failed: dict[str, str] = {}
    while waiting := results.keys() - trained.keys() - failed.keys():
        for district in sorted(waiting):
            outcome = results[district]
            if outcome.successful():
                trained[district] = outcome.result
                print(f"{district} trained error={outcome.result['error']:.4f}", flush=True)
            elif outcome.failed():
                failed[district] = str(outcome.result)
            elif time.monotonic() > deadline:
                failed[district] = "no worker finished in time"
        time.sleep(PAUSE)
    return trained, failed


def _publish(run: Run, trained: dict[str, dict[str, Any]], options: dict[str, Any]) -> str:
    folder = parts_folder(run)
    parts = {district: loaded(folder / result["part"], result["sha256"]) for district, result in trained.items()}
    told = {district: {name: result[name] for name in ("error", "hours")} for district, result in trained.items()}
    lineage = {
        "error": max(result["error"] for result in trained.values()),
        "districts": told,
        "files": {name: digest for result in trained.values() for name, digest in result["files"].items()},
        "parameters": options,
    }
    version = EstimatorStore(run.estimators, run.code).publish(FleetEstimator(parts), lineage)
    shutil.rmtree(folder, ignore_errors=True)
    return version.name
