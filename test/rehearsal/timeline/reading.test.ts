import type { V1Container } from "@kubernetes/client-node";
import { expect, test } from "vitest";
import { podSeen } from "../../../rehearsal/timeline/reading";

function container(gpus: number, fields: Partial<V1Container> = {}): V1Container {
  return { name: "main", resources: { limits: { "nvidia.com/gpu": String(gpus) } }, ...fields };
}

const sidecar = (gpus: number) => container(gpus, { restartPolicy: "Always" });

test.each<[gpus: number, what: string, containers: V1Container[], initContainers: V1Container[]]>([
  [3, "its containers together", [container(1), container(2)], []],
  [3, "containers and sidecars together", [container(2)], [sidecar(1)]],
  [4, "an init container that has more than the others after it", [container(1)], [container(4)]],
  [5, "an init container and the sidecars before it", [container(1)], [sidecar(1), container(4), sidecar(1)]],
  [0, "containers without any", [{ name: "main" }], [{ name: "init" }]],
])("a pod holds %i GPUs for %s", (gpus, _, containers, initContainers) => {
  expect(podSeen({ spec: { containers, initContainers } }).gpus).toBe(gpus);
});
