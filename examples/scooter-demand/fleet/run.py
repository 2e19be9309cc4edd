"""A run of the fleet, as the environment describes it, and its queue in Redis."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from celery import Celery
from redis import Redis
from redis.backoff import ExponentialBackoff
from redis.retry import Retry

from demand.store import NAME

#: Seconds for which Redis keeps what a run leaves, so that it can be looked at.
KEPT_SECONDS = 24 * 3600


@dataclass(frozen=True)
class Run:
    """What master and workers must agree on, and how tasks are tried again."""

    #: Name of this run; runs do not see each other's tasks.
    name: str
    redis_url: str
    rides: Path
    estimators: Path
    code: str
    #: How often a task is tried before its district has failed.
    attempts: int
    #: Seconds before a second try; they double for each further one.
    retry_seconds: float
    #: Seconds after which the task of a worker that vanished goes to another one; longer than any task takes.
    takeover_seconds: int

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Run:
        """Reads FLEET_RUN, REDIS_URL, RIDES, ESTIMATORS and others. Raises KeyError and ValueError."""
        name = environment["FLEET_RUN"]
        if NAME.fullmatch(name) is None:
            raise ValueError(f'FLEET_RUN is "{name}": give letters, digits, ".", "_" or "-"')
        return cls(
            name=name,
            redis_url=environment["REDIS_URL"],
            rides=Path(environment["RIDES"]),
            estimators=Path(environment["ESTIMATORS"]),
            code=environment.get("CODE_VERSION", "dev"),
            attempts=int(environment.get("FLEET_ATTEMPTS", "3")),
            retry_seconds=float(environment.get("FLEET_RETRY_SECONDS", "10")),
            takeover_seconds=int(environment.get("FLEET_TAKEOVER_SECONDS", "3600")),
        )

    @property
    def prefix(self) -> str:
        """What the names of all of the run's keys begin with."""
        return f"fleet:{self.name}:"

    def celery(self) -> Celery:
        """The run's queue."""
        app = Celery("fleet", broker=self.redis_url, backend=self.redis_url, include=["fleet.tasks"])
        app.conf.update(
            broker_connection_retry_on_startup=True,
            broker_transport_options={
                "global_keyprefix": self.prefix,
                "visibility_timeout": self.takeover_seconds,
                # How often each worker looks for tasks of others that vanished.
                "unacked_restore_interval": min(10, self.takeover_seconds),
                "unacked_restore_throttle": 1,
            },
            result_backend_transport_options={"global_keyprefix": self.prefix},
            result_expires=KEPT_SECONDS,
            # A task is done once it has ended: that of a worker that vanished is not lost.
            task_acks_late=True,
            # Nobody takes tasks that another one could begin.
            worker_prefetch_multiplier=1,
        )
        return app


class Queue:
    """What of the run is still to be done, seen past Celery."""

    def __init__(self, run: Run, app: Celery) -> None:
        self._app = app
        # Redis may start later than master and workers: two minutes of patience.
        self._redis = Redis.from_url(run.redis_url, retry=Retry(ExponentialBackoff(cap=4), 30))
        self._filled = f"{run.prefix}filled"
        self._all = f"{run.prefix}*"

    def mark_filled(self, tasks: int) -> None:
        """Tells workers that no more tasks will come."""
        self._redis.set(self._filled, tasks, ex=KEPT_SECONDS)

    def is_filled(self) -> bool:
        """Whether all tasks have come."""
        return self._redis.exists(self._filled) == 1

    def is_drained(self) -> bool:
        """Whether all tasks have come, and none waits for a worker, is being worked at, or waits for its next try."""
        if not self.is_filled():
            return False
        with self._app.connection_for_read() as connection:
            channel = connection.default_channel
            waiting = channel.client.llen(self._app.conf.task_default_queue)
            return waiting + channel.client.hlen(channel.unacked_key) == 0

    def forget(self) -> None:
        """Lets Redis drop after a while what the run leaves."""
        for key in self._redis.scan_iter(self._all):
            self._redis.expire(key, KEPT_SECONDS)
