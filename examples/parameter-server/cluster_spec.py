"""Who is who in a distributed TensorFlow job, read from the environment variable TF_CONFIG.

The rules are those of TensorFlow's TFConfigClusterResolver, ClusterSpec, Server and gRPC channels, without the weight of
the framework. As a command it prints what it found as JSON, and exits with 1 and a message where TF_CONFIG is wrong.

See https://www.tensorflow.org/api_docs/python/tf/distribute/cluster_resolver/TFConfigClusterResolver (2.16) and
https://www.tensorflow.org/api_docs/python/tf/train/ClusterSpec (2.16).
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass

#: Jobs that training knows. Estimators of TensorFlow 1 call the chief "master"; TensorFlow 2 knows only "chief".
JOBS = ("chief", "master", "worker", "ps", "evaluator")

#: Jobs of which there may be only one task.
SINGLE_JOBS = ("chief", "master", "evaluator")


class ClusterError(ValueError):
    """TF_CONFIG does not describe a cluster, or not the task that was asked for."""


class ClusterSpec:
    """Addresses of all tasks: for each job by index. Indices may have gaps, as where workers come and go."""

    def __init__(self, cluster: object) -> None:
        if not isinstance(cluster, Mapping):
            raise ClusterError(f'"cluster" is {shown(cluster)}: give an object from names of jobs to addresses')
        self._jobs = {str(job): _tasks_of(str(job), tasks) for job, tasks in cluster.items()}

    @property
    def jobs(self) -> list[str]:
        """Names of the jobs."""
        return list(self._jobs)

    def num_tasks(self, job: str) -> int:
        """How many tasks of a job have an address."""
        return len(self._tasks(job))

    def task_indices(self, job: str) -> list[int]:
        """Indices of a job's tasks, in order."""
        return sorted(self._tasks(job))

    def task_address(self, job: str, index: int) -> str:
        """Address of one task."""
        tasks = self._tasks(job)
        if index not in tasks:
            known = ", ".join(map(str, sorted(tasks))) or "none"
            raise ClusterError(f'job "{job}" has no task with index {index}: its indices are {known}')
        return tasks[index]

    def job_tasks(self, job: str) -> list[str | None]:
        """Addresses by index; None stands in each gap."""
        tasks = self._tasks(job)
        return [tasks.get(index) for index in range(max(tasks, default=-1) + 1)]

    def as_dict(self) -> dict[str, list[str | None] | dict[int, str]]:
        """The cluster as it was given: a list for each job, or a map where indices have gaps or there are no tasks."""
        return {job: self._as_given(job) for job in self._jobs}

    def _as_given(self, job: str) -> list[str | None] | dict[int, str]:
        tasks = self._tasks(job)
        is_dense = len(tasks) > 0 and max(tasks) + 1 == len(tasks)
        return self.job_tasks(job) if is_dense else dict(sorted(tasks.items()))

    def _tasks(self, job: str) -> dict[int, str]:
        if job not in self._jobs:
            known = ", ".join(sorted(self._jobs)) or "none"
            raise ClusterError(f'there is no job "{job}" in the cluster: its jobs are {known}')
        return self._jobs[job]


@dataclass(frozen=True)
class Task:
    """What a process is in its cluster."""

    type: str
    index: int


@dataclass(frozen=True)
class Resolved:
    """All that TF_CONFIG says to one process."""

    cluster: ClusterSpec
    #: None where there is no cluster: the process trains alone.
    task: Task | None
    #: Protocol between processes; None stands for the default, gRPC.
    rpc_layer: str | None
    #: Address of a session's master where it is another process than the task's own.
    session_master: str | None = None

    @property
    def address(self) -> str | None:
        """The task's own address; None for an evaluator outside the cluster, and without a cluster."""
        if self.task is None or self.task.type not in self.cluster.jobs:
            return None
        return self.cluster.task_address(self.task.type, self.task.index)

    @property
    def master(self) -> str:
        """Where sessions of TensorFlow 1 connect; empty for a process that is alone."""
        if self.session_master is not None:
            return self.session_master
        if sum(self.cluster.num_tasks(job) for job in self.cluster.jobs) <= 1 or self.address is None:
            return ""
        return f"{self.rpc_layer}://{self.address}" if self.rpc_layer else self.address

    @property
    def is_chief(self) -> bool:
        """Whether this process decides for all: the chief, or the first worker where no job is the chief."""
        if self.task is None:
            return True
        if self.task.type in SINGLE_JOBS:
            return True
        has_chief = any(job in self.cluster.jobs for job in ("chief", "master"))
        return not has_chief and self.task == Task("worker", 0)


def resolve(environment: Mapping[str, str]) -> Resolved:
    """Reads TF_CONFIG. Raises ClusterError where TensorFlow would refuse it."""
    config = _config(environment.get("TF_CONFIG", "{}"))
    cluster = ClusterSpec(config.get("cluster", {}))
    task = _task(cluster, config.get("task", {}))
    _check(cluster, task)
    return Resolved(cluster, task, _text(config, "rpc_layer"), _text(config, "session_master"))


def shown(value: object) -> str:
    """A value as JSON, for messages."""
    return json.dumps(value, default=str)


def _config(text: str) -> dict[str, object]:
    try:
        config = json.loads(text)
    except json.JSONDecodeError as error:
        raise ClusterError(f"TF_CONFIG is not JSON: {error}") from error
    if not isinstance(config, dict):
        raise ClusterError(f'TF_CONFIG is {shown(config)}: give an object with "cluster" and "task"')
    return config


def _text(config: Mapping[str, object], key: str) -> str | None:
    value = config.get(key)
    if value is not None and not isinstance(value, str):
        raise ClusterError(f'"{key}" is {shown(value)}: give text')
    return value


def _tasks_of(job: str, tasks: object) -> dict[int, str]:
    if isinstance(tasks, (list, tuple)):
        by_index = dict(enumerate(tasks))
    elif isinstance(tasks, Mapping):
        by_index = {_index(job, index): address for index, address in tasks.items()}
    else:
        raise ClusterError(
            f'the tasks of job "{job}" are {shown(tasks)}: give a list, or a map from indices to addresses'
        )
    return {index: _checked_address(job, index, address) for index, address in by_index.items()}


def _index(job: str, index: object) -> int:
    try:
        number = int(index)  # type: ignore[call-overload]
    except (TypeError, ValueError):
        number = -1
    if number < 0:
        raise ClusterError(f'{shown(index)} is no index of a task of job "{job}": give whole numbers from 0 on')
    return number


def _checked_address(job: str, index: int, address: object) -> str:
    where = f'the address of task {index} of job "{job}"'
    if not isinstance(address, str):
        raise ClusterError(f"{where} is {shown(address)}: give text")
    host, _, port = address.rpartition(":")
    if host == "" or "/" in host or not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise ClusterError(f"{where} is {shown(address)}: give host:port, with a port from 1 to 65535")
    return address


def _task(cluster: ClusterSpec, task: object) -> Task | None:
    if not isinstance(task, Mapping):
        raise ClusterError(f'"task" is {shown(task)}: give an object with "type" and "index"')
    if not cluster.jobs:
        return None
    job = task.get("type", cluster.jobs[0] if len(cluster.jobs) == 1 else None)
    if not isinstance(job, str):
        raise ClusterError(f'"task" names no type: give one of {", ".join(sorted(cluster.jobs))}')
    if "index" in task:
        return Task(job, _index(job, task["index"]))
    if job in cluster.jobs and cluster.num_tasks(job) == 1:
        return Task(job, cluster.task_indices(job)[0])
    raise ClusterError(f'"task" has no index, and job "{job}" has several tasks or none: give its index')


def _check(cluster: ClusterSpec, task: Task | None) -> None:
    for job in cluster.jobs:
        if job not in JOBS:
            raise ClusterError(f'job "{job}" is unknown: jobs of a training are {", ".join(JOBS)}')
    for job in SINGLE_JOBS:
        if job in cluster.jobs and cluster.num_tasks(job) > 1:
            raise ClusterError(f'job "{job}" has {cluster.num_tasks(job)} tasks: there can be only one')
    if "chief" in cluster.jobs and "master" in cluster.jobs:
        raise ClusterError('the cluster has a "chief" and a "master": they are two names of the same job, give one')
    # An evaluator reads checkpoints only and may stay outside the cluster.
    if task is not None and (task.type != "evaluator" or "evaluator" in cluster.jobs):
        cluster.task_address(task.type, task.index)


def main() -> int:
    """Prints the resolved cluster and task."""
    try:
        resolved = resolve(os.environ)
    except ClusterError as error:
        print(f"TF_CONFIG is invalid: {error}", file=sys.stderr)
        return 1
    task = resolved.task
    found = {
        "cluster": resolved.cluster.as_dict(),
        "task": None if task is None else {"type": task.type, "index": task.index, "address": resolved.address},
        "rpcLayer": resolved.rpc_layer,
        "master": resolved.master,
        "isChief": resolved.is_chief,
    }
    print(json.dumps(found, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
