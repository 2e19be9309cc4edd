"""Registers one version of a model in Kubeflow's model registry, and may be run any number of times.

What to register is in the environment variable MODEL_VERSION, as JSON: registry, model, version, uri, and optionally
description, format, formatVersion, properties, metrics, metricsFile and gate. MODEL_REGISTRY_TOKEN is sent as bearer
token where it is set.

Ends with 0 when the version is registered, or a gate skips it; with 78 when another try would end the same way, as the
gate is not passed, the version is another one already, or the registry refuses what it is sent; with 1 otherwise.

Needs Python 3.8 and nothing else. The API is v1alpha3, api/openapi/model-registry.yaml of kubeflow/model-registry.
"""

import json
import math
import os
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

API = "/api/model_registry/v1alpha3"
PERMANENT = 78
ATTEMPTS = 5
TIMEOUT_SECONDS = 30

# Properties that say what a version is: one of another commit or data is another version.
IDENTITY = ("git_commit", "image_digest", "data", "parameters_hash")


class Refused(Exception):
    """Another try would end the same way."""


class Unreachable(Exception):
    """Another try may succeed."""


class Conflict(Exception):
    """Somebody else has made it in the meantime."""


class Registry:
    """The registry's REST API."""

    def __init__(self, address, token, pause_seconds):
        self.root = address.rstrip("/") + API
        self.headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if token:
            self.headers["Authorization"] = "Bearer " + token
        self.pause_seconds = pause_seconds

    def find(self, kind, **query):
        """The one entity with these properties; None where there is none."""
        return self.send("GET", kind + "?" + urllib.parse.urlencode(query), missing=None)

    def send(self, method, path, body=None, **answers):
        """What the registry answers, tried again while it is not there or busy."""
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return self.send_once(method, path, body, answers)
            except Unreachable as error:
                if attempt == ATTEMPTS:
                    raise
                print("try %d of %d: %s" % (attempt, ATTEMPTS, error), file=sys.stderr)
                time.sleep(self.pause_seconds * 2 ** (attempt - 1))

    def send_once(self, method, path, body, answers):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.root + "/" + path, data, self.headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as response:
                return json.load(response)
        except urllib.error.HTTPError as error:
            text = error.read(2000).decode(errors="replace").strip()
            if error.code == 404 and "missing" in answers:
                return answers["missing"]
            if error.code == 409:
                raise Conflict(text) from error
            problem = "%s %s: %d %s" % (method, path, error.code, text)
            if error.code in (408, 425, 429) or error.code >= 500:
                raise Unreachable(problem) from error
            raise Refused(problem) from error
        except (OSError, ValueError) as error:
            raise Unreachable("%s %s: %s" % (method, path, error)) from error


def find_or_create(registry, kind, query, create_path, body):
    """The entity, and whether this made it; who makes it at the same time may be first."""
    found = registry.find(kind, **query)
    if found is not None:
        return found, False
    try:
        return registry.send("POST", create_path, body), True
    except Conflict:
        found = registry.find(kind, **query)
        if found is None:
            raise Unreachable("%s is there, and not to be found" % kind)
        return found, False


def string_value(text):
    return {"metadataType": "MetadataStringValue", "string_value": text}


def double_value(number):
    return {"metadataType": "MetadataDoubleValue", "double_value": number}


def metrics_of(record):
    """Metrics that are told, and those that an evaluation has written to a file, which win."""
    metrics = dict(record.get("metrics", {}))
    path = record.get("metricsFile")
    if path is not None:
        try:
            with open(path, encoding="utf-8") as file:
                written = json.load(file)
        except (OSError, ValueError) as error:
            raise Refused("metrics cannot be read: %s" % error) from error
        if not isinstance(written, dict):
            raise Refused("%s holds no object of metrics by name" % path)
        metrics.update(written)
    for name, value in metrics.items():
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
            raise Refused("the metric %s is %s; allowed: a finite number" % (name, json.dumps(value)))
    return metrics


def misses(gate, metrics):
    """Why the gate is not passed; None where it is."""
    name = gate["metric"]
    if name not in metrics:
        raise Refused("the gate asks for the metric %s; there are: %s" % (name, ", ".join(sorted(metrics)) or "none"))
    value = metrics[name]
    if "atLeast" in gate and value < gate["atLeast"]:
        return "%s is %s, below %s" % (name, value, gate["atLeast"])
    if "atMost" in gate and value > gate["atMost"]:
        return "%s is %s, above %s" % (name, value, gate["atMost"])
    return None


def check_same(record, version, artifact):
    """A version stays what it is: its model and what it was made from never change."""
    label = "version %s of %s" % (record["version"], record["model"])
    if artifact is not None and artifact.get("uri") != record["uri"]:
        raise Refused("%s is registered already, with the model %s" % (label, artifact.get("uri")))
    known = version.get("customProperties", {})
    for name in IDENTITY:
        before = known.get(name, {}).get("string_value")
        now = record.get("properties", {}).get(name)
        if before is not None and now is not None and before != now:
            raise Refused("%s is registered already, with %s %s" % (label, name, before))


def register(record, registry):
    """Brings the registry to what the record says, and tells the ids of what is there then."""
    metrics = metrics_of(record)
    gate = record.get("gate")
    miss = None if gate is None else misses(gate, metrics)
    if miss is not None:
        if gate.get("otherwise") != "skip":
            raise Refused("the gate is not passed: " + miss)
        return {"registered": False, "reason": miss}

    name, version_name = record["model"], record["version"]
    model, is_new = find_or_create(
        registry, "registered_model", {"name": name}, "registered_models", {"name": name, "state": "LIVE"}
    )
    if not is_new and model.get("state") != "LIVE":
        registry.send("PATCH", "registered_models/" + model["id"], {"state": "LIVE"})

    properties = {key: string_value(text) for key, text in record.get("properties", {}).items()}
    properties.update({key: double_value(number) for key, number in metrics.items()})
    told = {"state": "LIVE", "customProperties": properties}
    if "description" in record:
        told["description"] = record["description"]
    version, is_new = find_or_create(
        registry,
        "model_version",
        {"name": version_name, "parentResourceId": model["id"]},
        "model_versions",
        {"name": version_name, "registeredModelId": model["id"], **told},
    )
    artifact_query = {"name": name, "parentResourceId": version["id"]}
    if not is_new:
        check_same(record, version, registry.find("model_artifact", **artifact_query))
        # A change replaces all properties, and one without a state makes the version live whatever it was.
        told["customProperties"] = {**version.get("customProperties", {}), **properties}
        if any(version.get(key) != value for key, value in told.items()):
            registry.send("PATCH", "model_versions/" + version["id"], told)

    described = {"uri": record["uri"], "state": "LIVE"}
    for key, given in (("modelFormatName", "format"), ("modelFormatVersion", "formatVersion")):
        if given in record:
            described[key] = record[given]
    artifact, is_new = find_or_create(
        registry,
        "model_artifact",
        artifact_query,
        "model_versions/%s/artifacts" % version["id"],
        {"artifactType": "model-artifact", "name": name, **described},
    )
    if not is_new:
        check_same(record, version, artifact)
        if any(artifact.get(key) != value for key, value in described.items()):
            registry.send("PATCH", "model_artifacts/" + artifact["id"], {"artifactType": "model-artifact", **described})
    ids = {"registeredModelId": model["id"], "modelVersionId": version["id"], "modelArtifactId": artifact["id"]}
    return {"registered": True, **ids}


def main(arguments):
    pause_seconds = float(arguments[0]) if arguments else 2.0
    try:
        record = json.loads(os.environ["MODEL_VERSION"])
        registry = Registry(record["registry"], os.environ.get("MODEL_REGISTRY_TOKEN"), pause_seconds)
        result = register(record, registry)
    except Refused as error:
        print(error, file=sys.stderr)
        return PERMANENT
    except (Unreachable, Conflict) as error:
        print(error, file=sys.stderr)
        return 1
    print(json.dumps(result, sort_keys=True))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
