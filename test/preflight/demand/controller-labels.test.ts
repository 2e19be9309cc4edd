import { describe, expect, it } from "vitest";
import { UNKNOWN, type TreeObject } from "../../../components/model";
import { workloadsOf } from "../../../preflight/demand";
import type { PlannedResource } from "../../../preflight/planned-resource";

const template = { metadata: { labels: { app: "bert" } }, spec: { containers: [{ name: "main" }] } };

function resourceOf(apiVersion: string, kind: string, spec: TreeObject, name?: string): PlannedResource {
  const metadata = { namespace: "ml", ...(name === undefined ? { generateName: "bert-" } : { name }) };
  const type = `kubernetes:${apiVersion}:${kind}`;
  return { type, name: "bert", urn: `urn:${kind}`, properties: { apiVersion, kind, metadata, spec } };
}

/** Labels that the pods of each set have beside those of their template. */
function added(apiVersion: string, kind: string, spec: TreeObject, name?: string): Record<string, string>[] {
  const [workload] = workloadsOf([resourceOf(apiVersion, kind, spec, name)]);
  return workload!.podSets.map(({ pod: { labels } }) => {
    const { app, ...rest } = labels;
    expect(app).toBe("bert");
    return rest;
  });
}

const training = "training.kubeflow.org/";
const trained = (operator: string, role: string, more: Record<string, string> = {}) => ({
  [`${training}job-name`]: "bert",
  [`${training}operator-name`]: operator,
  [`${training}replica-type`]: role,
  ...more,
});
const master = { [`${training}job-role`]: "master" };

describe("labels that pods have from the controller of their workload", () => {
  const kinds: [apiVersion: string, kind: string, spec: TreeObject, labels: Record<string, string>[]][] = [
    ["apps/v1", "Deployment", { template }, [{ "pod-template-hash": "bert" }]],
    ["apps/v1", "ReplicaSet", { template }, [{}]],
    ["apps/v1", "StatefulSet", { template }, [{ "controller-revision-hash": "bert" }]],
    ["batch/v1", "Job", { template }, [{ "job-name": "bert", "batch.kubernetes.io/job-name": "bert" }]],
    ["batch/v1", "CronJob", { jobTemplate: { spec: { template } } }, [{}]],
    [
      "jobset.x-k8s.io/v1alpha2",
      "JobSet",
      { replicatedJobs: [{ name: "node", template: { spec: { template } } }] },
      [{ "jobset.sigs.k8s.io/jobset-name": "bert", "jobset.sigs.k8s.io/replicatedjob-name": "node" }],
    ],
    [
      "kubeflow.org/v1",
      "PyTorchJob",
      { pytorchReplicaSpecs: { Master: { template }, Worker: { template } } },
      [trained("pytorchjob-controller", "master", master), trained("pytorchjob-controller", "worker")],
    ],
    [
      "kubeflow.org/v1",
      "TFJob",
      { tfReplicaSpecs: { Chief: { template }, PS: { template } } },
      [trained("tfjob-controller", "chief", master), trained("tfjob-controller", "ps")],
    ],
    [
      "kubeflow.org/v1",
      "JAXJob",
      { jaxReplicaSpecs: { Worker: { template } } },
      [trained("jaxjob-controller", "worker")],
    ],
    [
      "kubeflow.org/v1",
      "PaddleJob",
      { paddleReplicaSpecs: { Worker: { template } } },
      [trained("paddlejob-controller", "worker")],
    ],
    [
      "kubeflow.org/v1",
      "XGBoostJob",
      { xgbReplicaSpecs: { Master: { template } } },
      [trained("xgboostjob-controller", "master", master)],
    ],
    [
      "kubeflow.org/v2beta1",
      "MPIJob",
      { mpiReplicaSpecs: { Launcher: { template }, Worker: { replicas: 2, template } } },
      ["launcher", "worker"].map((role) => ({
        [`${training}job-name`]: "bert",
        [`${training}job-role`]: role,
        [`${training}operator-name`]: "mpi-operator",
      })),
    ],
    [
      "leaderworkerset.x-k8s.io/v1",
      "LeaderWorkerSet",
      { leaderWorkerTemplate: { size: 2, workerTemplate: template } },
      [{ "leaderworkerset.sigs.k8s.io/name": "bert" }, { "leaderworkerset.sigs.k8s.io/name": "bert" }],
    ],
  ];
  it.each(kinds)("are those of %s %s", (apiVersion, kind, spec, labels) => {
    const found = added(apiVersion, kind, spec, "bert");
    expect(found).toEqual(labels.slice(0, found.length));
    expect(found.length).toBeGreaterThan(0);
  });

  it("are none where the API server makes up the name", () => {
    expect(added("batch/v1", "Job", { template })).toEqual([{}]);
  });

  it("stand in place of those that the template gives itself", () => {
    const written = { ...template, metadata: { labels: { app: "bert", "job-name": "other" } } };
    expect(added("batch/v1", "Job", { template: written }, "bert")).toMatchObject([{ "job-name": "bert" }]);
  });

  it("are there where the template has none of its own", () => {
    const [workload] = workloadsOf([resourceOf("batch/v1", "Job", { template: { spec: template.spec } }, "bert")]);
    expect(workload!.podSets[0]!.pod.labels).toMatchObject({ "job-name": "bert" });
  });

  it("are left out where the others are not known", () => {
    const [workload] = workloadsOf([
      resourceOf("batch/v1", "Job", { template: { ...template, metadata: { labels: UNKNOWN } } }, "bert"),
    ]);
    expect(workload!.podSets[0]!.pod.labels).toEqual({});
  });
});
