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
    parser.add_argument("--registry", required=True, help="folder or s3://bucket/prefix of all published models")
    args = parser.parse_args()

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
    registry = S3Registry(args.registry) if args.registry.startswith("s3://") else FolderRegistry(args.registry)
    place = f"{args.name}/{args.version}"
    published = registry.manifest(place) or registry.publish(place, files, manifest)
    # Who was killed after he had published, or before he could say so, has done his work when he comes again.
    if any(published[part] != manifest[part] for part in ("files", "lineage")):
        raise SystemExit(f"{args.name} {args.version} is published already; give another version")
    print(f"published {args.name} {args.version} at {published['published_at']}")


def check(library: Path, lineage: dict) -> None:
    """The library holds the model that the lineage speaks of, and that lineage."""
    with zipfile.ZipFile(library) as jar:
        model = digest(jar.read(f"{RESOURCES}/model.zip"))
        packaged = json.loads(jar.read(f"{RESOURCES}/lineage.json"))
    if packaged != lineage or model != lineage["model"]["digest"]:
        raise SystemExit(f"{library.name} holds another model than the trial; package the trial again")


class FolderRegistry:
    """A folder with one folder per model, and in that one per version."""

    def __init__(self, folder: str) -> None:
        self.folder = Path(folder)

    def manifest(self, place: str) -> dict | None:
        """The manifest of what is published at a place; None where nothing is."""
        path = self.folder / place / "manifest.json"
        return json.loads(path.read_text()) if path.exists() else None

    def publish(self, place: str, files: list[Path], manifest: dict) -> dict:
        """Writes a version, which readers see whole or not at all, and tells its manifest."""
        folder = self.folder / place
        partial = folder.with_name(f".partial-{folder.name}")
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        for file in files:
            shutil.copy(file, partial)
        (partial / "manifest.json").write_text(text(manifest))
        partial.rename(folder)
        return manifest


class S3Registry:
    """A prefix of a bucket, with endpoint and keys of the usual variables. A version is there once its manifest is."""

    def __init__(self, url: str) -> None:
        # Who publishes to a folder needs no client.
        import boto3

        self.bucket, _, prefix = url.removeprefix("s3://").partition("/")
        self.prefix = f"{prefix.rstrip('/')}/" if prefix.strip("/") else ""
        self.client = boto3.client("s3")

    def manifest(self, place: str) -> dict | None:
        """The manifest of what is published at a place; None where nothing is."""
        try:
            return json.loads(self.read(f"{place}/manifest.json"))
        except self.client.exceptions.NoSuchKey:
            return None

    def publish(self, place: str, files: list[Path], manifest: dict) -> dict:
        """Writes what is not there yet, the manifest last, and tells the manifest that is there then."""
        lineage = manifest["lineage"]
        labels = {
            "git-commit": lineage["code"]["commit"],
            "data": lineage["data"]["reference"],
            "parameters-hash": lineage["parameters_hash"],
            "model-digest": lineage["model"]["digest"],
        }
        for file in files:
            there = self.add(f"{place}/{file.name}", file.read_bytes(), labels)
            if digest(there) != manifest["files"][file.name]:
                raise SystemExit(f"{place} was begun with another {file.name}; give another version")
        return json.loads(self.add(f"{place}/manifest.json", text(manifest).encode(), labels))

    def add(self, path: str, content: bytes, labels: dict[str, str]) -> bytes:
        """Writes an object where there is none, and tells what is there then: no object is ever written again."""
        key = f"{self.prefix}{path}"
        try:
            self.client.put_object(Bucket=self.bucket, Key=key, Body=content, Metadata=labels, IfNoneMatch="*")
        except self.client.exceptions.ClientError as error:
            if error.response["Error"]["Code"] != "PreconditionFailed":
                raise
            return self.read(path)
        return content

    def read(self, path: str) -> bytes:
        return self.client.get_object(Bucket=self.bucket, Key=f"{self.prefix}{path}")["Body"].read()


def text(manifest: dict) -> str:
    return json.dumps(manifest, indent=2) + "\n"


def digest(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


if __name__ == "__main__":
    main()
