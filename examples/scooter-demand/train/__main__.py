"""Trains an estimator with the newest rides and publishes it, unless it is worse than the gate allows."""

from __future__ import annotations

import argparse
import os
import sys
from datetime import date
from pathlib import Path

from demand.estimator import CityEstimator, relative_error
from demand.rides import RidesError, made_up_rides, newest_rides
from demand.store import EstimatorStore, StoreError


def arguments() -> argparse.Namespace:
    """Reads the command line."""
    parser = argparse.ArgumentParser(prog="train", description=__doc__)
    parser.add_argument(
        "--estimators", type=Path, required=True, help="shared folder in which estimators are published"
    )
    parser.add_argument("--rides", type=Path, help="folder with a file for each day; made-up rides without it")
    parser.add_argument("--code", default=os.environ.get("CODE_VERSION", "dev"), help="version of the code")
    parser.add_argument("--days", type=int, default=56, help="how many of the newest days to train with")
    parser.add_argument("--holdout-days", type=int, default=7, help="newest days on which the error is measured")
    parser.add_argument("--max-error", type=float, default=0.35, help="gate: largest relative error")
    parser.add_argument("--iterations", type=int, default=100)
    parser.add_argument("--learning-rate", type=float, default=0.1)
    return parser.parse_args()


def main() -> int:
    """Trains. Returns the exit code: 1 where nothing was published."""
    options = arguments()
    parameters = {"iterations": options.iterations, "learning_rate": options.learning_rate}
    try:
        store = EstimatorStore(options.estimators, options.code)
        rides = (
            newest_rides(options.rides, options.days) if options.rides else made_up_rides(date.today(), options.days)
        )
        older, newest = rides.split(options.holdout_days)
        error = relative_error(CityEstimator.fit(older, **parameters), newest)
        print(f"error={error:.4f}", flush=True)
        if not error <= options.max_error:
            print(f"nothing is published: the error is above {options.max_error:g}", file=sys.stderr)
            return 1
        lineage = {
            "error": error,
            "maxError": options.max_error,
            "hours": len(rides),
            "days": {"first": rides.days[-1].isoformat(), "last": rides.days[0].isoformat()},
            "files": rides.files,
            "parameters": parameters,
        }
        # What is published knows the newest days too.
        version = store.publish(CityEstimator.fit(rides, **parameters), lineage)
    except (RidesError, StoreError, OSError) as error:
        print(f"nothing is published: {error}", file=sys.stderr)
        return 1
    print(f"published {version.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
