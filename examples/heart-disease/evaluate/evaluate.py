"""Fourth step: judges the model on patients that it has not seen; fails where it is not good enough."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import joblib
from sklearn.metrics import accuracy_score, recall_score, roc_auc_score

from matrix import matrix
from table import TableError


def main() -> int:
    """Runs the step."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True, help="model of the step before; it is trusted")
    parser.add_argument("--test", type=Path, required=True, help="table for evaluation")
    parser.add_argument("--metrics", type=Path, required=True, help="where the metrics go, as JSON")
    parser.add_argument("--min-accuracy", type=float, default=0, help="fails below it; 0 accepts any model")
    options = parser.parse_args()
    try:
        features, targets = matrix(options.test)
        likely = joblib.load(options.model).predict_proba(features)[:, 1]
        metrics = {
            "accuracy": float(accuracy_score(targets, likely > 0.5)),
            "auc": float(roc_auc_score(targets, likely)),
            "recall": float(recall_score(targets, likely > 0.5)),
        }
        options.metrics.parent.mkdir(parents=True, exist_ok=True)
        options.metrics.write_text(json.dumps({**metrics, "patients": len(targets)}, indent=2) + "\n")
    except (TableError, OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    for name, value in metrics.items():
        print(f"{name}={value:.4f}")
    if metrics["accuracy"] < options.min_accuracy:
        print(f"the accuracy is below {options.min_accuracy:g}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
