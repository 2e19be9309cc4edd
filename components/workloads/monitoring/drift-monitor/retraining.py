"""When a model is trained again, and by what."""

import json

from checks import moment, timestamp
from cluster import Refusal


def job_of(cluster, source, name, report):
    """A Job like those that a CronJob makes, which counts as one of its own."""
    cron = cluster.ask("GET", cluster.path("batch/v1", "cronjobs", source["cronJob"]))
    template = cron["spec"]["jobTemplate"]
    metadata = template.get("metadata", {})
    owner = {"apiVersion": "batch/v1", "kind": "CronJob", "controller": True}
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {
            "name": name,
            "labels": metadata.get("labels", {}),
            "annotations": {
                **metadata.get("annotations", {}),
                "cronjob.kubernetes.io/instantiate": "manual",
                "mlstack.dev/drift": reason_of(report),
            },
            "ownerReferences": [{**owner, "name": cron["metadata"]["name"], "uid": cron["metadata"]["uid"]}],
        },
        "spec": template["spec"],
    }


def workflow_of(_cluster, source, name, report):
    """A run of a WorkflowTemplate."""
    parameters = [{"name": key, "value": value} for key, value in source.get("parameters", {}).items()]
    spec = {"workflowTemplateRef": {"name": source["workflowTemplate"]}}
    if "serviceAccountName" in source:
        spec["serviceAccountName"] = source["serviceAccountName"]
    return {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Workflow",
        "metadata": {"name": name, "annotations": {"mlstack.dev/drift": reason_of(report)}},
        "spec": {**spec, "arguments": {"parameters": parameters}} if parameters else spec,
    }


def reason_of(report):
    """Why the model is trained again, for whoever looks at the run."""
    quality = report["quality"]
    worse = [f"{quality['metric']} {quality['value']:.4g}"] if quality and quality["isWorse"] else []
    return ", ".join(report["drifted"][:20] + worse)


#: What trains a model again: what it is made from, and where it is created.
RUNS = {
    "cronJob": (job_of, "batch/v1", "jobs"),
    "workflowTemplate": (workflow_of, "argoproj.io/v1alpha1", "workflows"),
}


#: Features of the report in the ConfigMap, those first that have moved furthest: an object holds 1 MiB.
MOST_FEATURES = 200


class Memory:
    """What the monitor knows of itself from one run to the next, in a ConfigMap, with the last report beside it."""

    def __init__(self, cluster, name):
        self.cluster = cluster
        self.path = cluster.path("v1", "configmaps", name)
        self.object = cluster.ask("GET", self.path)
        self.state = json.loads(self.object.get("data", {}).get("state.json", "{}"))

    def keep(self, report=None):
        """Fails where another monitor was faster: the object has its version."""
        data = {**self.object.get("data", {}), "state.json": json.dumps(self.state)}
        if report is not None:
            moved = sorted(report["features"], key=lambda each: -each["psi"])[:MOST_FEATURES]
            data["report.json"] = json.dumps({**report, "features": moved})
        self.object = self.cluster.ask("PUT", self.path, {**self.object, "data": data})


def retrain(cluster, memory, config, report, now):
    """
    Creates one run where there is drift, and none within the time after the last, or after so many in vain.

    What is about to be created is written down first. So a monitor that ends halfway creates the same run, by the same
    name, the next time, and never a second one.
    """
    source, state = config["retrain"], memory.state
    if state.get("isCreated") is False:
        return create(cluster, memory, source, report)
    if not report["isDrift"]:
        if report["isEnough"]:
            state["inVain"] = 0
        return "no drift"
    if "at" in state and now < moment(state["at"]) + source["coolDownHours"] * 3600:
        return f"drift, but {state['run']} was started less than {source['coolDownHours']} hours ago"
    if state.get("inVain", 0) >= source["limit"]:
        return f"drift, but {state['inVain']} runs did not end it; look at the reference and the model"
    name = f"{source['prefix']}-{int(now)}"
    memory.state = {"run": name, "at": timestamp(now), "isCreated": False, "inVain": state.get("inVain", 0) + 1}
    memory.keep(report)
    return create(cluster, memory, source, report)


def create(cluster, memory, source, report):
    name = memory.state["run"]
    make, api, resource = RUNS["cronJob" if "cronJob" in source else "workflowTemplate"]
    try:
        cluster.ask("POST", cluster.path(api, resource), make(cluster, source, name, report))
    except Refusal as refusal:
        if refusal.status != 409:
            raise
    memory.state["isCreated"] = True
    return f"drift: started {name}"
