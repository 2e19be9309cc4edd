"""Third step: trains a classifier, writes what TensorBoard shows, and prints metrics that Katib's collectors read."""

from __future__ import annotations

import argparse
import sys
from datetime import datetime, timezone
from pathlib import Path

import joblib
import numpy as np
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import SGDClassifier
from sklearn.metrics import accuracy_score, log_loss
from sklearn.model_selection import train_test_split
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from tensorboardX import SummaryWriter

from matrix import matrix
from table import FEATURES, KINDS, NUMBERS, TableError


def preparation() -> ColumnTransformer:
    """Makes comparable numbers of raw features; it goes into the model, so that who asks it sends raw features too."""
    numbers = make_pipeline(SimpleImputer(strategy="median"), StandardScaler())
    kinds = make_pipeline(SimpleImputer(strategy="most_frequent"), OneHotEncoder(handle_unknown="ignore"))
    return ColumnTransformer(
        [
            ("numbers", numbers, [FEATURES.index(name) for name in NUMBERS]),
            ("kinds", kinds, [FEATURES.index(name) for name in KINDS]),
        ]
    )


def report(writer: SummaryWriter, epoch: int, metrics: dict[str, float]) -> None:
    """One line of metrics with its time, and the same for TensorBoard."""
    now = datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    print(now, *(f"{name}={value:.4f}" for name, value in metrics.items()), flush=True)
    for name, value in metrics.items():
        writer.add_scalar(name, value, epoch)


def train(options: argparse.Namespace) -> Pipeline:
    """Trains epoch by epoch."""
    features, targets = matrix(options.train)
    fitted, held, fitted_targets, held_targets = train_test_split(
        features, targets, test_size=0.2, stratify=targets, random_state=options.seed
    )
    prepare = preparation().fit(fitted)
    prepared, prepared_held = prepare.transform(fitted), prepare.transform(held)
    classifier = SGDClassifier(
        loss="log_loss",
        alpha=options.regularization,
        learning_rate="constant",
        eta0=options.learning_rate,
        random_state=options.seed,
    )
    with SummaryWriter(str(options.logs)) as writer:
        for epoch in range(1, options.epochs + 1):
            classifier.partial_fit(prepared, fitted_targets, classes=np.array([0, 1]))
            likely = classifier.predict_proba(prepared_held)
            metrics = {
                "accuracy": float(accuracy_score(held_targets, likely.argmax(axis=1))),
                "loss": float(log_loss(held_targets, likely, labels=[0, 1])),
            }
            report(writer, epoch, metrics)
    return Pipeline([("prepare", prepare), ("classify", classifier)])


def main() -> int:
    """Runs the step."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--train", type=Path, required=True, help="table for training of the step before")
    parser.add_argument("--model", type=Path, required=True, help="where the model goes, such as model.joblib")
    parser.add_argument("--logs", type=Path, required=True, help="folder for TensorBoard's event files")
    parser.add_argument("--learning-rate", type=float, default=0.01)
    parser.add_argument("--regularization", type=float, default=0.001, help="strength of the L2 penalty")
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1, help="the same seed trains alike")
    options = parser.parse_args()
    try:
        model = train(options)
        options.model.parent.mkdir(parents=True, exist_ok=True)
        joblib.dump(model, options.model)
    except (TableError, OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
