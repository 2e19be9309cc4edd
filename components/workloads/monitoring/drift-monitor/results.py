"""What is kept of a check, and told to others."""

import json
import os
import urllib.request

from checks import moment, timestamp


def metrics_of(report, monitor):
    """The report as numbers, in Prometheus' text format."""
    lines = []

    def add(name, help_text, values):
        lines.extend([f"# HELP {name} {help_text}", f"# TYPE {name} gauge"])
        lines.extend(f"{name}{labels} {value}" for labels, value in values)

    own = label(monitor=monitor)
    add("mlstack_drift_found", "Whether the last check found drift.", [(own, int(report["isDrift"]))])
    add("mlstack_drift_recent_rows", "Rows that the last check looked at.", [(own, report["recentRows"])])
    add("mlstack_drift_checked_at_seconds", "When the last check was.", [(own, int(moment(report["checkedAt"])))])
    for key, text in (("psi", "Population stability index"), ("ks", "Kolmogorov-Smirnov distance")):
        values = [
            (label(monitor=monitor, feature=each["feature"]), each[key]) for each in report["features"] if key in each
        ]
        add(f"mlstack_drift_{key}", f"{text} of a feature.", values)
    quality = report["quality"]
    if quality and quality["isEnough"]:
        values = [(label(monitor=monitor, metric=quality["metric"]), quality["value"])]
        add("mlstack_prediction_quality", "How good predictions are.", values)
    return "\n".join(lines) + "\n"


def label(**labels):
    return "{" + ",".join(f'{key}="{escaped(value)}"' for key, value in labels.items()) + "}"


def escaped(text):
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def push(address, text, monitor):
    """Sends numbers to a Pushgateway, in the place of those of the last check."""
    url = f"{address.rstrip('/')}/metrics/job/drift-monitor/monitor/{monitor}"
    headers = {"Content-Type": "text/plain; version=0.0.4"}
    request = urllib.request.Request(url, text.encode(), headers, method="PUT")
    with urllib.request.urlopen(request, timeout=30):
        pass


def write(folder, report, metrics, now):
    """Keeps the report for later, and the last one where it is always found."""
    os.makedirs(folder, exist_ok=True)
    named = timestamp(now).replace(":", "")
    for name, text in (
        (f"report-{named}.json", json.dumps(report, indent=2)),
        ("report.json", json.dumps(report, indent=2)),
        ("metrics.prom", metrics),
    ):
        path = os.path.join(folder, name)
        with open(path + ".part", "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(path + ".part", path)
