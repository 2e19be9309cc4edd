"""The predictor's HTTP interface. It loads the newest estimator, and each newer one once it is published."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

from fastapi import FastAPI, HTTPException, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from pydantic import BaseModel, Field

from demand.estimator import Estimator, UnknownDistrictError
from demand.rides import Hour
from demand.store import EstimatorStore, Version

log = logging.getLogger("uvicorn.error")


class AskedHour(BaseModel):
    """An hour to predict."""

    day: date
    hour: Annotated[int, Field(ge=0, le=23)]
    district: str
    temperature: Annotated[float, Field(ge=-60, le=60)]
    rain: Annotated[float, Field(ge=0, le=500)] = 0


class Question(BaseModel):
    """Hours to predict."""

    hours: Annotated[list[AskedHour], Field(min_length=1, max_length=10_000)]


class Answer(BaseModel):
    """Rides in each hour, and which estimator predicts them."""

    version: str
    rides: list[float]


class Metrics:
    """What Prometheus reads."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.predictions = Counter("demand_predictions", "Hours predicted.", registry=self.registry)
        self.rides = Histogram(
            "demand_predicted_rides",
            "Predicted rides in an hour; a shift of its shape hints at drift.",
            buckets=(1, 2, 5, 10, 20, 50, 100, 200),
            registry=self.registry,
        )
        self.loads = Counter("demand_estimator_loads", "Estimators loaded.", ["result"], registry=self.registry)
        self.error = Gauge(
            "demand_estimator_error", "Relative error when it was trained.", ["version"], registry=self.registry
        )


@dataclass(frozen=True)
class Loaded:
    """The estimator that answers."""

    version: Version
    estimator: Estimator


class Predictor:
    """Holds the estimator that answers, and changes it for a newer one."""

    def __init__(self, store: EstimatorStore) -> None:
        self._store = store
        self.metrics = Metrics()
        self.loaded: Loaded | None = None
        #: A version that could not be loaded is told once.
        self._failed: str | None = None

    def look(self) -> None:
        """Loads the newest version if it is another one; keeps what answers now where that fails."""
        newest = self._store.newest()
        if newest is None or (self.loaded is not None and newest.name == self.loaded.version.name):
            return
        try:
            self.loaded = Loaded(newest, self._store.load(newest))
        except Exception as error:
            if self._failed != newest.name:
                self.metrics.loads.labels("failed").inc()
                log.error("keeping the estimator that answers now: %s", error)
            self._failed = newest.name
            return
        self.metrics.loads.labels("succeeded").inc()
        self.metrics.error.clear()
        self.metrics.error.labels(newest.name).set(newest.lineage.get("error", float("nan")))
        log.info("estimator %s answers", newest.name)

    async def watch(self, seconds: float) -> None:
        """Looks for ever."""
        while True:
            await asyncio.sleep(seconds)
            await asyncio.to_thread(self.look)


def create_app(store: EstimatorStore, seconds: float) -> FastAPI:
    """The application; it looks for a newer estimator every so many seconds."""
    predictor = Predictor(store)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await asyncio.to_thread(predictor.look)
        watching = asyncio.create_task(predictor.watch(seconds))
        yield
        watching.cancel()

    app = FastAPI(title="Scooter demand", lifespan=lifespan)

    @app.get("/healthz")
    def healthz() -> dict[str, str]:
        return {"status": "alive"}

    @app.get("/readyz")
    def readyz() -> dict[str, str]:
        return {"status": "ready", "version": _loaded(predictor).version.name}

    @app.post("/predict")
    def predict(question: Question) -> Answer:
        loaded = _loaded(predictor)
        try:
            rides = loaded.estimator.predict([Hour(**hour.model_dump()) for hour in question.hours])
        except UnknownDistrictError as error:
            raise HTTPException(422, str(error)) from error
        predictor.metrics.predictions.inc(len(rides))
        for count in rides:
            predictor.metrics.rides.observe(count)
        return Answer(version=loaded.version.name, rides=[round(float(count), 3) for count in rides])

    @app.get("/lineage")
    def lineage() -> dict[str, object]:
        return _loaded(predictor).version.lineage

    @app.get("/metrics")
    def metrics() -> Response:
        return Response(generate_latest(predictor.metrics.registry), media_type=CONTENT_TYPE_LATEST)

    return app


def _loaded(predictor: Predictor) -> Loaded:
    if predictor.loaded is None:
        raise HTTPException(503, "no estimator has been published yet")
    return predictor.loaded


def from_environment() -> FastAPI:
    """The application as the environment describes it: ESTIMATORS, CODE_VERSION, RELOAD_SECONDS."""
    store = EstimatorStore(Path(os.environ["ESTIMATORS"]), os.environ.get("CODE_VERSION", "dev"))
    return create_app(store, float(os.environ.get("RELOAD_SECONDS", "10")))
