import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { Architecture, TaintEffect } from "../../components";
import { GPU_RESOURCE, POOL_LABEL } from "../../components/model";
import { IMAGES } from "../../components/model/images";
import { lineageMetadata } from "../../components/workloads/object";
import { furtherTaints } from "./placement";
import type { Scenario } from "./scenario";
import { lineageOf } from "./story";

const GPUS = 2;
const resources = { cpu: "1", memory: "1Gi", [GPU_RESOURCE]: String(GPUS) };

/** Shows that a pod gets two GPUs of one machine; the update waits until the pod is ready. */
export const twoGpuPod: Scenario = {
  description: `keeps a pod with ${GPUS} GPUs of one machine`,
  needs: { gpus: GPUS, architecture: Architecture.amd64 },
  deploy: ({ provider, namespace, pool, commit, dependsOn }) => {
    const pod = new k8s.core.v1.Pod(
      "two-gpu-pod",
      {
        metadata: {
          name: "two-gpu-pod",
          namespace,
          labels: lineageMetadata(lineageOf({ commit }).lineage).labels,
          // No container runs on a simulated node: this says that the pod goes on there.
          annotations: { "mlstack.dev/simulate": "run" },
        },
        spec: {
          ...(pool === undefined ? {} : { nodeSelector: { [POOL_LABEL]: pool.name } }),
          tolerations: [
            { key: GPU_RESOURCE, operator: "Exists", effect: TaintEffect.noSchedule },
            ...furtherTaints(pool).map((taint) => ({ ...taint, operator: "Equal" })),
          ],
          automountServiceAccountToken: false,
          securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: "RuntimeDefault" } },
          containers: [
            {
              name: "main",
              image: IMAGES.twoGpuPod,
              command: [
                "sh",
                "-c",
                `nvidia-smi -L && test "$(nvidia-smi -L | wc -l)" -eq ${GPUS} && exec sleep infinity`,
              ],
              resources: { requests: resources, limits: resources },
              securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
            },
          ],
        },
      },
      { provider, dependsOn },
    );
    return [pulumi.interpolate`Pod ${pod.metadata.namespace}/${pod.metadata.name}`];
  },
};
