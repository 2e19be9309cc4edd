"""Trains one trial on H2O: writes the model as MOJO, its metrics, its lineage, and what it predicts for sample rows."""

import argparse
import csv
import hashlib
import json
from pathlib import Path

import h2o
from h2o.backend import H2OLocalServer
from h2o.estimators import H2OGradientBoostingEstimator

COLUMNS = {
    "region": "enum",
    "plan": "enum",
    "tenure_days": "numeric",
    "age": "numeric",
    "minutes": "numeric",
    "minutes_trend": "numeric",
    "support_calls": "numeric",
}
"""Columns that the model learns from, and how H2O reads them."""

KEY = "customer"
TARGET = "cancelled"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--training", type=Path, required=True, help="folder of the training table, as Parquet")
    parser.add_argument("--validation", type=Path, required=True, help="folder of the validation table, as Parquet")
    parser.add_argument("--ntrees", type=int, default=50, help="number of trees")
    parser.add_argument("--max-depth", type=int, default=5, help="levels of a tree")
    parser.add_argument("--learn-rate", type=float, default=0.1, help="weight of each tree, above 0 and up to 1")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--commit", required=True, help="git commit that this program was built from")
    parser.add_argument("--data-reference", required=True, help="where the raw data can be found again, as URL")
    parser.add_argument("--samples", type=int, default=200, help="rows of the validation table to predict as samples")
    parser.add_argument("--threads", type=int, default=-1, help="threads of H2O; -1 for one per core")
    parser.add_argument("--memory", type=int, default=1024, help="heap of H2O, in MiB")
    parser.add_argument("--output", type=Path, required=True, help="folder of what this trial writes")
    args = parser.parse_args()
    args.output.mkdir(parents=True, exist_ok=True)

    # Only this process talks to the server, and trials side by side on one machine each have their own.
    server = H2OLocalServer.start(
        port="54321+", bind_to_localhost=True, nthreads=args.threads, max_mem_size=args.memory << 20, verbose=False
    )
    h2o.connect(server=server, verbose=False)
    h2o.no_progress()
    try:
        train(args)
    finally:
        server.shutdown()


def train(args: argparse.Namespace) -> None:
    parameters = {
        "ntrees": args.ntrees,
        "max_depth": args.max_depth,
        "learn_rate": args.learn_rate,
        "seed": args.seed,
    }
    training, validation = read(args.training), read(args.validation)
    model = H2OGradientBoostingEstimator(model_id="refit", **parameters)
    model.train(x=list(COLUMNS), y=TARGET, training_frame=training, validation_frame=validation)

    mojo = Path(model.download_mojo(str(args.output / "model.zip")))
    metrics = {
        "auc": model.auc(valid=True),
        "logloss": model.logloss(valid=True),
        "training_rows": training.nrow,
        "validation_rows": validation.nrow,
        "importance": {name: share for name, _, _, share in model.varimp()},
    }
    lineage = {
        "code": {"commit": args.commit},
        "data": {
            "reference": args.data_reference,
            "training": digest_of_table(args.training),
            "validation": digest_of_table(args.validation),
        },
        "parameters": parameters,
        "parameters_hash": digest(json.dumps(parameters, sort_keys=True).encode()),
        "metrics": {name: metrics[name] for name in ("auc", "logloss")},
        "model": {"algorithm": "gbm", "h2o": h2o.__version__, "digest": digest(mojo.read_bytes())},
    }
    write_json(args.output / "metrics.json", metrics)
    write_json(args.output / "lineage.json", lineage)
    write_samples(args.output / "samples.csv", model, validation.head(args.samples))
    print(f"auc {metrics['auc']:.4f}, logloss {metrics['logloss']:.4f}: {parameters}")


def read(table: Path) -> h2o.H2OFrame:
    frame = h2o.import_file(str(table), pattern=r".*\.parquet", col_types={**COLUMNS, KEY: "string"})
    frame[TARGET] = frame[TARGET].asfactor()
    return frame


def write_samples(path: Path, model: H2OGradientBoostingEstimator, rows: h2o.H2OFrame) -> None:
    """The features as the model saw them, and the probability of the target that it answers."""
    table = rows[[KEY, *COLUMNS]].cbind(model.predict(rows)["p1"].set_names(["probability"]))
    with path.open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(table.as_data_frame(use_pandas=False))


def digest_of_table(folder: Path) -> str:
    """Digest over the files of a table, in the order of their content: Spark gives them new names in every run."""
    return digest("".join(sorted(digest(part.read_bytes()) for part in folder.glob("*.parquet"))).encode())


def digest(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=2) + "\n")


if __name__ == "__main__":
    main()
