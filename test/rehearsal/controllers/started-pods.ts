import { CoreV1Api, PatchStrategy, setHeaderOptions, type V1Pod } from "@kubernetes/client-node";
import { SIMULATED_RESOURCES_ANNOTATION } from "../../../components/model";
import type { TestCluster } from "../../support/cluster";

/** A simulated node to which the scheduler sends nothing. */
const NODE = "anywhere";

/** Makes the node on which {@link startPods} starts pods. */
export async function createAnywhere(cluster: TestCluster): Promise<void> {
  const resources = { capacity: { pods: "1000" }, allocatable: { pods: "1000" } };
  const annotations = { "kwok.x-k8s.io/node": "fake", [SIMULATED_RESOURCES_ANNOTATION]: JSON.stringify(resources) };
  await cluster.create({
    apiVersion: "v1",
    kind: "Node",
    metadata: { name: NODE, annotations },
    spec: { taints: [{ key: "mlstack.test/bound-by-hand", effect: "NoSchedule" }] },
  });
}

/**
 * Starts pods wherever they want to run, and keeps them running: some controllers make further pods only when others are
 * ready, and none of these pods' own nodes is there.
 */
export async function startPods(cluster: TestCluster, pods: V1Pod[]): Promise<void> {
  const core = cluster.api(CoreV1Api);
  const waiting = pods.filter(({ spec }) => spec?.nodeName === undefined);
  await Promise.all(
    waiting.map(async ({ metadata }) => {
      const at = { name: metadata!.name!, namespace: metadata!.namespace! };
      const annotations = { "mlstack.dev/simulate": "run" };
      const merge = setHeaderOptions("Content-Type", PatchStrategy.MergePatch);
      await core.patchNamespacedPod({ ...at, body: { metadata: { annotations } } }, merge);
      const target = { apiVersion: "v1", kind: "Node", name: NODE };
      await core.createNamespacedPodBinding({ ...at, body: { metadata: { name: at.name }, target } });
    }),
  );
}
