"""Writes a report of a refit for people to read: how the trials compare, and what the best model looks at."""

import argparse
import json
from collections.abc import Iterable
from pathlib import Path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--selected", type=Path, required=True, help="folder of the best trial and the ranking")
    parser.add_argument("--output", type=Path, required=True, help="the report, a Markdown file")
    args = parser.parse_args()

    ranking = json.loads((args.selected / "ranking.json").read_text())
    metrics = json.loads((args.selected / "metrics.json").read_text())
    lineage = json.loads((args.selected / "lineage.json").read_text())
    parameters = list(lineage["parameters"])
    args.output.parent.mkdir(parents=True, exist_ok=True)
    args.output.write_text(
        "\n".join(
            [
                f"# Refit of {lineage['data']['reference']} at {lineage['code']['commit']}",
                "",
                f"{metrics['training_rows']} rows to train, {metrics['validation_rows']} to validate. "
                f"Best first by {ranking['metric']}:",
                "",
                *table(
                    ["trial", "auc", "logloss", *parameters],
                    (
                        [trial["trial"], *number(trial["auc"], trial["logloss"]), *trial["parameters"].values()]
                        for trial in ranking["trials"]
                    ),
                ),
                "",
                "What the best model looks at:",
                "",
                *table(
                    ["column", "share"],
                    ([column, f"{share:.1%}"] for column, share in metrics["importance"].items()),
                ),
                "",
            ]
        )
    )


def number(*values: float) -> list[str]:
    return [f"{value:.4f}" for value in values]


def table(header: list[str], rows: Iterable[Iterable[object]]) -> list[str]:
    lines = [header, ["---"] * len(header), *rows]
    return [f"| {' | '.join(str(cell) for cell in line)} |" for line in lines]


if __name__ == "__main__":
    main()
