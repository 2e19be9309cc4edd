import { childAt, isTreeObject, nodeAt, objectAt, stringAt, type Tree, type TreeObject } from "../tree";
import { isUnknown } from "../unknown";
import { unknownPods, type PodFinder } from "./finder";
import { picked } from "./parts";
import type { PodSet } from "./pod-set";
import { alone } from "./sizes";

/** Where the steps of a pipeline are, and what Kubernetes alone is told of them. */
const EXECUTORS = "spec.pipelineSpec.deploymentSpec.executors";
const PLATFORM_EXECUTORS = "spec.platformSpec.platforms.kubernetes.deploymentSpec.executors";

/** Amounts of a step by their names in a container; the plain names are of texts, the older ones of numbers. */
const AMOUNTS: [field: string, side: string, resource: string][] = [
  ["resourceCpuRequest", "requests", "cpu"],
  ["resourceMemoryRequest", "requests", "memory"],
  ["resourceCpuLimit", "limits", "cpu"],
  ["resourceMemoryLimit", "limits", "memory"],
];

/**
 * Kinds of Kubeflow Pipelines 2. A version of a pipeline runs nothing by itself and counts 0; the pods of its runs are
 * made from its steps.
 *
 * @see https://github.com/kubeflow/pipelines/blob/2.17.0/api/v2alpha1/pipeline_spec.proto
 * @see https://github.com/kubeflow/pipelines/blob/2.17.0/kubernetes_platform/proto/kubernetes_executor_config.proto
 */
export const pipelineKinds: [kind: string, find: PodFinder][] = [["pipelines.kubeflow.org/PipelineVersion", stepPods]];

function stepPods(object: Tree): PodSet[] {
  const executors = nodeAt(object, EXECUTORS);
  if (isUnknown(executors)) return [unknownPods(EXECUTORS)];
  return Object.entries(isTreeObject(executors) ? executors : {}).flatMap(([name, executor]) => {
    const container = objectAt(executor, "container");
    if (container === undefined) return [];
    const path = `${EXECUTORS}.${name}`;
    const platform = childAt(nodeAt(object, PLATFORM_EXECUTORS), name);
    const selector = childAt(childAt(platform, "nodeSelector"), "labels");
    const main = picked(container, ["image", "command", "args", "env"]);
    const resources = childAt(container, "resources");
    return [
      {
        path,
        role: name,
        ...alone(0),
        template: {
          metadata: {},
          spec: {
            ...picked(platform, ["tolerations"]),
            ...(selector === undefined ? {} : { nodeSelector: selector }),
            containers: [{ name: "main", ...main, ...(resources ? { resources: amountsOf(resources) } : {}) }],
          },
        },
        places: {
          spec: `${PLATFORM_EXECUTORS}.${name}`,
          "spec.nodeSelector": `${PLATFORM_EXECUTORS}.${name}.nodeSelector.labels`,
          "spec.containers[0]": `${path}.container`,
        },
      },
    ];
  });
}

interface Amount {
  side: string;
  resource: string;
  value: Tree;
}

function amountsOf(resources: Tree): Tree {
  if (!isTreeObject(resources)) return resources;
  const amounts = AMOUNTS.map(([field, side, resource]): Amount => ({ side, resource, value: resources[field] }));
  const accelerator = objectAt(resources, "accelerator");
  const type = stringAt(accelerator, "resourceType") ?? stringAt(accelerator, "type") ?? "";
  const count = childAt(accelerator, "resourceCount") ?? childAt(accelerator, "count");
  const devices: Amount[] = type === "" ? [] : [{ side: "limits", resource: type, value: count }];
  const whole: Record<string, TreeObject> = {};
  for (const { side, resource, value } of [...amounts, ...devices]) {
    if (value !== undefined && value !== "") whole[side] = { ...whole[side], [resource]: value };
  }
  return whole;
}
