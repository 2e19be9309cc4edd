"""One comparison of recent rows with those that a model was trained on."""

import datetime
import math

from distributions import MISSING, cell, compare, number
from rows import Failure, sample_of


def check(config, now):
    """Compares recent rows with the reference, and tells what was found."""
    reference, of_reference = sample_of(config["reference"], config["maxRows"], now)
    recent, of_recent = sample_of(config["recent"], config["maxRows"], now)
    report = {"checkedAt": timestamp(now), "referenceRows": of_reference, "recentRows": of_recent}
    if len(reference) < config["minRows"]:
        raise Failure(f"{of_reference} rows in {config['reference']['path']}; {config['minRows']} are needed")
    if len(recent) < config["minRows"]:
        return {**report, "isEnough": False, "isDrift": False, "drifted": [], "features": [], "quality": None}
    features = [compare(name, reference, recent, config) for name in names_of(reference, config)]
    drifted = [each["feature"] for each in features if each["drifted"]]
    quality = quality_of(recent, config)
    is_worse = quality is not None and quality["isWorse"]
    return {
        **report,
        "isEnough": True,
        "isDrift": len(drifted) >= config["minFeatures"] or is_worse,
        "drifted": drifted,
        "quality": quality,
        "features": [rounded(each) for each in features],
    }


def names_of(reference, config):
    """The features to look at: those that are named, else all of the reference but what is predicted."""
    quality = config.get("quality", {})
    if "features" in config:
        seen = {name for row in reference for name in row}
        unknown = [name for name in config["features"] if name not in seen]
        if unknown:
            raise Failure(f"no row of {config['reference']['path']} has {', '.join(unknown)}")
        return config["features"]
    others = {quality.get("prediction"), quality.get("label"), None}
    return list(dict.fromkeys(name for row in reference for name in row if name not in others))


def rounded(result):
    return {key: round(value, 4) if isinstance(value, float) else value for key, value in result.items()}


def quality_of(rows, config):
    """How good predictions are, over the rows whose label is known; nothing where these are too few to tell."""
    asked = config.get("quality")
    if asked is None:
        return None
    pairs = [(cell(row, asked["prediction"]), cell(row, asked["label"])) for row in rows]
    known = [pair for pair in pairs if MISSING not in pair]
    if len(known) < config["minRows"]:
        return {"metric": asked["metric"], "rows": len(known), "isEnough": False, "isWorse": False}
    value = QUALITY[asked["metric"]](known)
    is_worse = value < asked["worst"] if asked["metric"] == "accuracy" else value > asked["worst"]
    return {"metric": asked["metric"], "rows": len(known), "isEnough": True, "value": value, "isWorse": is_worse}


def accuracy(pairs):
    return sum(same(prediction, label) for prediction, label in pairs) / len(pairs)


def same(prediction, label):
    """1, "1" and 1.0 are one class."""
    left, right = number(prediction), number(label)
    return str(prediction) == str(label) if left is None or right is None else left == right


def errors(pairs):
    found = [(number(prediction), number(label)) for prediction, label in pairs]
    if any(None in pair for pair in found):
        raise Failure("predictions or labels are no numbers; choose the metric accuracy")
    return [prediction - label for prediction, label in found]


QUALITY = {
    "accuracy": accuracy,
    "meanAbsoluteError": lambda pairs: sum(map(abs, errors(pairs))) / len(pairs),
    "rootMeanSquaredError": lambda pairs: math.sqrt(sum(error * error for error in errors(pairs)) / len(pairs)),
}


def timestamp(now):
    return datetime.datetime.fromtimestamp(now, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def moment(text):
    return datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=datetime.timezone.utc).timestamp()
