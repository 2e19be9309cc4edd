"""Trains an estimator for each district, with a master and any number of workers."""

from __future__ import annotations

import argparse
import sys

from fleet.master import lead
from fleet.run import Run
from fleet.worker import work


def arguments() -> argparse.Namespace:
    """Reads the command line."""
    parser = argparse.ArgumentParser(prog="fleet", description=__doc__)
    roles = parser.add_subparsers(dest="role", required=True)
    master = roles.add_parser("master", help="fills the queue and publishes")
    master.add_argument("--districts", nargs="+", required=True)
    master.add_argument("--days", type=int, default=56, help="how many of the newest days to train with")
    master.add_argument("--holdout-days", type=int, default=7, help="newest days on which the error is measured")
    master.add_argument("--max-error", type=float, default=0.5, help="gate: largest relative error in any district")
    master.add_argument("--iterations", type=int, default=100)
    master.add_argument("--learning-rate", type=float, default=0.1)
    master.add_argument("--patience", type=float, default=3600, help="seconds to wait for workers")
    worker = roles.add_parser("worker", help="trains until the queue is drained")
    worker.add_argument("--patience", type=float, default=600, help="seconds to wait for the master")
    return parser.parse_args()


def main() -> int:
    """Runs a master or a worker. Returns the exit code."""
    options = arguments()
    try:
        run = Run.from_environment()
    except (KeyError, ValueError) as error:
        print(f"the environment does not describe a run: {error}", file=sys.stderr)
        return 1
    if options.role == "worker":
        return work(run, options.patience)
    chosen = ("days", "holdout_days", "max_error", "iterations", "learning_rate")
    return lead(run, options.districts, {name: getattr(options, name) for name in chosen}, options.patience)


if __name__ == "__main__":
    sys.exit(main())
