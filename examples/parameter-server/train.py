"""One process of a parameter-server training: what it is to do follows from TF_CONFIG."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from pathlib import Path

from checkpoints import Checkpoints
from cluster_spec import ClusterError, Resolved, resolve
from evaluator import evaluate
from exchange import Parameters
from parameter_server import serve
from problem import FEATURES
from trainer import Chief, Settings, Trainer

#: Jobs that push steps.
TRAINERS = ("chief", "master", "worker")


def arguments() -> argparse.Namespace:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoints", type=Path, default=Path("checkpoints"), help="folder of checkpoints")
    parser.add_argument("--learning-rate", type=float, default=0.01)
    parser.add_argument("--batch-size", type=int, default=32)
    parser.add_argument("--rows", type=int, default=4096, help="rows that each trainer has")
    parser.add_argument("--target-loss", type=float, default=0.012, help="loss at which the chief ends the training")
    parser.add_argument("--max-updates", type=int, default=50_000, help="updates after which the chief gives up")
    parser.add_argument("--checkpoint-updates", type=int, default=200, help="updates between two checkpoints")
    parser.add_argument("--patience", type=float, default=60, help="seconds to wait for others")
    parser.add_argument("--linger", type=float, default=30, help="seconds that a server waits for lost trainers")
    parser.add_argument("--bind", default="", help="address on which a server listens; all by default")
    return parser.parse_args()


def run(options: argparse.Namespace, resolved: Resolved) -> int:
    """Does what this task's job is to do. Returns the exit code."""
    cluster, task = resolved.cluster, resolved.task
    if task is None or "ps" not in cluster.jobs:
        raise ClusterError('the cluster has no job "ps": parameters need a server')
    checkpoints = Checkpoints(options.checkpoints)
    if task.type == "evaluator":
        return evaluate(checkpoints, options.rows, options.patience)
    trainers = sum(cluster.num_tasks(job) for job in TRAINERS if job in cluster.jobs)
    if task.type == "ps":
        serve(cluster.task_address("ps", task.index), options.bind, task.index, trainers, options.linger)
        return 0
    names = {field: getattr(options, field) for field in Settings.__dataclass_fields__}
    addresses = [cluster.task_address("ps", index) for index in cluster.task_indices("ps")]
    parameters = Parameters(addresses, FEATURES, options.patience)
    name, settings = f"{task.type} {task.index}", Settings(**names)
    if resolved.is_chief:
        return Chief(name, parameters, settings, trainers, checkpoints).run()
    return Trainer(name, parameters, settings).run()


def end_at_once(number: int, _: object) -> None:
    """Ends as a signal does. The first process of a container would else go on until it is killed."""
    sys.exit(128 + number)


def main() -> int:
    """Runs this process."""
    signal.signal(signal.SIGTERM, end_at_once)
    try:
        return run(arguments(), resolve(os.environ))
    except ClusterError as error:
        print(f"TF_CONFIG is invalid: {error}", file=sys.stderr)
    except (TimeoutError, OSError) as error:
        print(error, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
