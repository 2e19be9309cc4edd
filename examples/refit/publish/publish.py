"""Publishes a packaged model under a version that nothing else ever gets, with a manifest of what made it."""

import argparse
import hashlib
import json
import shutil
import zipfile
from datetime import datetime, timezone
from pathlib import Path

RESOURCES = "example/refit"
"""Folder of the model and its lineage inside of the library."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--library", type=Path, required=True, help="the packaged library, a jar")
    parser.add_argument("--trial", type=Path, required=True, help="folder of the trial that was selected")
    parser.add_argument("--name", required=True, help="name of the model in the registry")
    parser.add_argument("--version", required=True)
    parser.add_argument("--registry", type=Path, required=True, help="folder of all published models")
    args = parser.parse_args()

    folder = args.registry / args.name / args.version
    if folder.exists():
        raise SystemExit(f"{args.name} {args.version} is published already; give another version")
    lineage = json.loads((args.trial / "lineage.json").read_text())
    check(args.library, lineage)

    files = [args.library, *(args.trial / name for name in ("model.zip", "metrics.json", "ranking.json"))]
    manifest = {
        "name": args.name,
        "version": args.version,
        "published_at": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "files": {file.name: digest(file.read_bytes()) for file in files},
        "lineage": lineage,
    }
    # Readers see a version whole or not at all.
    partial = folder.with_name(f".partial-{args.version}")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    for file in files:
        shutil.copy(file, partial)
    (partial / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")
    partial.rename(folder)
    print(f"published {args.name} {args.version}")


def check(library: Path, lineage: dict) -> None:
    """The library holds the model that the lineage speaks of, and that lineage."""
    with zipfile.ZipFile(library) as jar:
        model = digest(jar.read(f"{RESOURCES}/model.zip"))
        packaged = json.loads(jar.read(f"{RESOURCES}/lineage.json"))
    if packaged != lineage or model != lineage["model"]["digest"]:
        raise SystemExit(f"{library.name} holds another model than the trial; package the trial again")


def digest(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


if __name__ == "__main__":
    main()
