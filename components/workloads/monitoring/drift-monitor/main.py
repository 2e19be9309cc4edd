"""Compares what a model is asked now with what it was trained on, and has it trained again where the two differ.

Reads rows from files, tells for each feature how far its distribution has moved (population stability index,
Kolmogorov-Smirnov), and how good predictions are where labels are known. Writes a report, sends numbers to a
Pushgateway, and creates one run of what trains the model, at most once in a while.

Needs nothing but Python's own library, from 3.9 on.
"""

import argparse
import json
import sys
import time

from checks import check
from cluster import Cluster, Refusal
from results import metrics_of, push, write
from retraining import Memory, retrain
from rows import Failure

#: Where Kubernetes puts the token of a pod's service account.
SERVICE_ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount"


def run(config, service_account, now):
    """One check, and what follows from it."""
    report = check(config, now)
    cluster = Cluster(service_account)
    memory = Memory(cluster, config["state"])
    report["action"] = (
        retrain(cluster, memory, config, report, now)
        if "retrain" in config
        else ("drift" if report["isDrift"] else "no drift")
    )
    memory.keep(report)
    metrics = metrics_of(report, config["monitor"])
    if "reports" in config:
        write(config["reports"], report, metrics, now)
    if "pushgateway" in config:
        push(config["pushgateway"], metrics, config["monitor"])
    return report


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("config", help="settings, as JSON")
    parser.add_argument("--service-account", default=SERVICE_ACCOUNT, help="folder with token, ca.crt and namespace")
    arguments = parser.parse_args()
    with open(arguments.config, encoding="utf-8") as file:
        config = json.load(file)
    try:
        print(json.dumps(run(config, arguments.service_account, time.time())), flush=True)
    except (Failure, Refusal, OSError) as error:
        sys.exit(f"drift monitor: {error}")


if __name__ == "__main__":
    main()
