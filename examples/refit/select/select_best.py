"""Picks the best of several trials by a metric, and ranks them all."""

import argparse
import json
import math
import shutil
from pathlib import Path

HIGHER_WINS = {"auc": True, "logloss": False}
"""Metrics to choose by."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=Path, required=True, help="folder with one folder per trial")
    parser.add_argument("--metric", choices=list(HIGHER_WINS), default="auc", help="metric of the validation table")
    parser.add_argument("--output", type=Path, required=True, help="folder of the best trial's files and the ranking")
    args = parser.parse_args()

    trials = [read(folder) for folder in sorted(args.trials.iterdir()) if folder.is_dir()]
    if not trials:
        raise SystemExit(f"{args.trials} holds no trial")
    unusable = [trial["trial"] for trial in trials if not math.isfinite(trial[args.metric])]
    if unusable:
        raise SystemExit(f"no {args.metric} to compare in {', '.join(unusable)}")

    trials.sort(key=lambda trial: trial[args.metric], reverse=HIGHER_WINS[args.metric])
    best = trials[0]["trial"]
    shutil.copytree(args.trials / best, args.output, dirs_exist_ok=True)
    (args.output / "ranking.json").write_text(json.dumps({"metric": args.metric, "trials": trials}, indent=2) + "\n")
    print(f"{best}: {args.metric} {trials[0][args.metric]:.4f}, the best of {len(trials)}")


def read(folder: Path) -> dict:
    metrics = json.loads((folder / "metrics.json").read_text())
    lineage = json.loads((folder / "lineage.json").read_text())
    return {"trial": folder.name, **{name: metrics[name] for name in HIGHER_WINS}, "parameters": lineage["parameters"]}


if __name__ == "__main__":
    main()
