import { setTimeout as sleep } from "node:timers/promises";
import { CoreV1Api, type V1Pod } from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ControllerProcess } from "../../../rehearsal/operators/controller-process";
import { TestCluster } from "../../support/cluster";
import { installControllers } from "./installation";
import { OWN_WORKLOADS, RUNTIMES } from "./own-workloads";
import { expectedPods, inOrder, podFacts } from "./pod-facts";
import { type Sample, SAMPLES } from "./samples";
import { createAnywhere, startPods } from "./started-pods";
import { describeTensorFlowCluster } from "./tensorflow-cluster";

const ALL = [...SAMPLES, ...OWN_WORKLOADS];

/** How long controllers may take to make all pods, in milliseconds; two seconds are usual. */
const PATIENCE = 60_000;

describe("real controllers on the embedded cluster", { timeout: 120_000 }, () => {
  let cluster: TestCluster;
  let controllers: ControllerProcess[] = [];
  /** The pods of each sample, by its namespace. */
  let pods = new Map<string, V1Pod[]>();
  beforeAll(async () => {
    cluster = await TestCluster.start();
    controllers = await installControllers(cluster);
    await createAnywhere(cluster);
    for (const runtime of RUNTIMES) await cluster.create(runtime);
    for (const { name, object, others = [] } of ALL) {
      await cluster.create({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
      for (const other of others.filter((each) => !RUNTIMES.includes(each))) await cluster.create(other);
      await cluster.create(object);
    }
    pods = await allPods();
    // What is built is kept; the first time takes as long as other tools.
  }, 1_200_000);
  afterAll(async () => {
    await Promise.all(controllers.map((controller) => controller.stop()));
    await cluster.remove();
  });

  const podsByNamespace = async () => {
    const { items } = await cluster.api(CoreV1Api).listPodForAllNamespaces();
    const namespaces = new Set(items.map(({ metadata }) => metadata!.namespace!));
    return new Map([...namespaces].map((name) => [name, items.filter(({ metadata }) => metadata?.namespace === name)]));
  };

  /** Waits until as many pods as are expected are there, and a little longer: one too many would come after them. */
  async function allPods(): Promise<Map<string, V1Pod[]>> {
    const deadline = Date.now() + PATIENCE;
    const expected = ALL.map((sample) => ({ name: sample.name, count: expectedPods(sample).length }));
    for (;;) {
      const found = await podsByNamespace();
      await startPods(cluster, [...found.values()].flat());
      const isComplete = expected.every(({ name, count }) => (found.get(name)?.length ?? 0) >= count);
      if (isComplete || Date.now() > deadline) break;
      await sleep(200);
    }
    await sleep(1000);
    return podsByNamespace();
  }

  const check = (sample: Sample) => {
    const made = (pods.get(sample.name) ?? []).map((pod) => podFacts(pod, sample));
    expect(inOrder(made)).toEqual(inOrder(expectedPods(sample)));
  };

  it.each(SAMPLES)("make the pods of $name that the model finds in it", check);

  it.each(OWN_WORKLOADS)("make the pods of $name, which a component of this project renders", check);

  it.each<[name: string, object: object, message: RegExp]>([
    [
      "a TFJob without the container that trains",
      {
        apiVersion: "kubeflow.org/v1",
        kind: "TFJob",
        metadata: { name: "refused", namespace: "default" },
        spec: { tfReplicaSpecs: { Worker: { template: { spec: { containers: [{ name: "main", image: "a:1" }] } } } } },
      },
      /validator\.tfjob\..* denied the request: .* must have at least one container with name tensorflow/,
    ],
    [
      "a TrainJob of a runtime that is not there",
      {
        apiVersion: "trainer.kubeflow.org/v1alpha1",
        kind: "TrainJob",
        metadata: { name: "refused", namespace: "default" },
        spec: { runtimeRef: { name: "absent" } },
      },
      /validator\.trainjob\..* denied the request: .* must be created before the TrainJob/,
    ],
    [
      "a JobSet whose first Job waits for another",
      {
        apiVersion: "jobset.x-k8s.io/v1alpha2",
        kind: "JobSet",
        metadata: { name: "refused", namespace: "default" },
        spec: {
          replicatedJobs: [
            {
              name: "a",
              dependsOn: [{ name: "b", status: "Complete" }],
              template: { spec: { template: { spec: { containers: [{ name: "main", image: "a:1" }] } } } },
            },
          ],
        },
      },
      /DependsOn can't be set for the first ReplicatedJob/,
    ],
  ])("refuse %s", async (_name, object, message) => {
    await expect(cluster.create(object)).rejects.toThrow(message);
  });

  describeTensorFlowCluster(() => cluster, "tfjob");
});
