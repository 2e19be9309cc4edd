"""The shared folder in which trainers publish estimators and predictors find the newest one.

A version is a folder with `estimator.joblib` and `lineage.json`. The lineage is written last and has the estimator's
digest: a version counts once its lineage is whole and fits. So nobody ever sees half a version, even on volumes over
object stores, which can not rename. Each version of the code has versions of its own: a predictor never loads what
other code has trained, while a rollout is on.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import platform
import re
import shutil
import sys
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import joblib
import sklearn

from demand.estimator import Estimator

#: What a version of the code, and anything else that is the name of a folder, may be called.
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")

#: How many versions stay.
KEPT = 10


class StoreError(ValueError):
    """There is no estimator that could be loaded."""


@dataclass(frozen=True)
class Version:
    """A published estimator and where it came from."""

    name: str
    lineage: dict[str, Any]


class EstimatorStore:
    """Versions of one version of the code."""

    def __init__(self, folder: Path, code: str) -> None:
        if NAME.fullmatch(code) is None:
            raise StoreError(f'"{code}" is no version of code: give letters, digits, ".", "_" or "-"')
        self._code = code
        self.folder = folder / code

    def publish(self, estimator: Estimator, lineage: dict[str, Any]) -> Version:
        """Makes an estimator the newest version."""
        content = dumped(estimator)
        digest = hashlib.sha256(content).hexdigest()
        now = datetime.now(timezone.utc)
        name = f"{now:%Y%m%dT%H%M%S.%fZ}-{digest[:8]}"
        told = {"version": name, "code": self._code, "trained": now.isoformat(), **lineage, **_surroundings()}
        version = Version(name, {**told, "sha256": digest})
        folder = self.folder / name
        folder.mkdir(parents=True)
        _write(folder / "estimator.joblib", content)
        _write(folder / "lineage.json", (json.dumps(version.lineage, indent=2) + "\n").encode())
        self._drop_oldest()
        return version

    def newest(self) -> Version | None:
        """The newest whole version; None before the first."""
        for folder in sorted(self.folder.glob("2*-*"), reverse=True):
            try:
                return Version(folder.name, json.loads((folder / "lineage.json").read_text()))
            except (OSError, json.JSONDecodeError):
                # It is being written, or being dropped.
                continue
        return None

    def load(self, version: Version) -> Estimator:
        """Loads an estimator. Raises StoreError where it is not the one of the lineage, or other packages made it."""
        made_with = version.lineage["packages"]["scikit-learn"]
        if made_with != sklearn.__version__:
            raise StoreError(f"{version.name} was made with scikit-learn {made_with}, here is {sklearn.__version__}")
        path = self.folder / version.name / "estimator.joblib"
        return loaded(path, version.lineage["sha256"])

    def _drop_oldest(self) -> None:
        for folder in sorted(self.folder.glob("2*-*"))[:-KEPT]:
            try:
                (folder / "lineage.json").unlink(missing_ok=True)
                shutil.rmtree(folder)
            except OSError as error:
                # Some volumes let nobody delete; what was published is published.
                print(f"{folder} can not be dropped: {error}", file=sys.stderr)


def dumped(estimator: Estimator) -> bytes:
    """An estimator as bytes."""
    buffer = io.BytesIO()
    joblib.dump(estimator, buffer)
    return buffer.getvalue()


def loaded(path: Path, digest: str) -> Any:
    """The estimator of a file, which is unpickled only where its SHA-256 is the expected one. Raises StoreError."""
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != digest:
        raise StoreError(f"{path} is not what was published: its digest differs")
    return joblib.load(io.BytesIO(content))


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _surroundings() -> dict[str, Any]:
    return {"packages": {"python": platform.python_version(), "scikit-learn": sklearn.__version__}}
