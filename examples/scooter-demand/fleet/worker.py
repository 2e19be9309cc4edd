"""A worker: does one task after another, and ends once the queue is drained."""

from __future__ import annotations

import os
import socket
import sys
import time
from typing import Any, ClassVar

from celery.bootsteps import StartStopStep
from celery.worker import state

from fleet.run import Queue, Run

#: Seconds between two looks at the queue.
PAUSE = 1.0


class EndOnceDrained(StartStopStep):
    """Ends the worker, as a signal would, once nothing is left to do or the master does not come."""

    requires: ClassVar = {"celery.worker.consumer.tasks:Tasks"}
    #: Seconds to wait for a master that has not filled the queue.
    patience = 600.0

    def start(self, consumer: Any) -> None:
        """Begins to look."""
        self._queue = Queue(Run.from_environment(), consumer.app)
        self._deadline = time.monotonic() + self.patience
        consumer.timer.call_repeatedly(PAUSE, self._look)

    def _look(self) -> None:
        if self._queue.is_drained():
            print("the queue is drained", flush=True)
            state.should_stop = 0
        elif time.monotonic() > self._deadline and not self._queue.is_filled():
            print(f"no master filled the queue within {self.patience:g} s", file=sys.stderr)
            state.should_stop = 1


def work(run: Run, patience: float) -> int:
    """Works until the queue is drained. Returns the exit code."""
    app = run.celery()
    EndOnceDrained.patience = patience
    app.steps["consumer"].add(EndOnceDrained)
    # One process is one task at a time: more of them are more pods.
    worker = app.Worker(
        pool="solo",
        concurrency=1,
        loglevel="INFO",
        hostname=f"worker-{os.getpid()}@{socket.gethostname()}",
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
    )
    worker.start()
    return int(worker.exitcode or 0)
