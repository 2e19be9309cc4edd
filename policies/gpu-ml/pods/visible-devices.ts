import {
  arrayAt,
  childAt,
  isUnknown,
  pathInContainer,
  UNKNOWN,
  type ContainerAt,
  type Tree,
} from "../../../components/model";
import { judgeContainers } from "../../engine/pods";
import { undecided, type Judgement, type ResourceRule } from "../../engine/rule";
import { isOneOf, not, type Truth } from "../../engine/truth";
import { violatedIf, conditionOf } from "../../engine/conditions";
import { agentImages, isNoAgent } from "./node-agents";

const VARIABLE = "NVIDIA_VISIBLE_DEVICES";

/** Values with which a container gets no GPU by the variable. */
const NO_GPUS = ["", "none", "void"];

/**
 * GPU-05: containers leave the choice of their GPUs to the device plugin. What a container says of itself comes after what
 * the plugin says, so that it counts even beside a limit.
 *
 * @see https://docs.nvidia.com/datacenter/cloud-native/container-toolkit/latest/docker-specialized.html v1.20
 * @see https://github.com/NVIDIA/k8s-device-plugin README, v0.20.0
 */
export const visibleDevices: ResourceRule<{ agentImages: string[] }> = {
  id: "GPU-05",
  title: "Containers do not choose their GPUs themselves",
  why: "With NVIDIA_VISIBLE_DEVICES a container sees GPUs of its node that Kubernetes gave to the pods of others.",
  remediation: "Remove NVIDIA_VISIBLE_DEVICES and ask for GPUs in limits; the device plugin hands over just those.",
  url: "https://docs.nvidia.com/datacenter/cloud-native/container-toolkit/latest/docker-specialized.html",
  severity: "critical",
  level: "mandatory",
  family: "gpu",
  parameters: { agentImages },
  fix: "removes the variable",
  examples: {
    bad: `
apiVersion: v1
kind: Pod
metadata: { name: mnist, namespace: ml }
spec:
  containers:
    - name: main
      image: registry.example/mnist:1.4
      env: [{ name: NVIDIA_VISIBLE_DEVICES, value: all }]
`,
    good: `
apiVersion: v1
kind: Pod
metadata: { name: mnist, namespace: ml }
spec:
  containers:
    - name: main
      image: registry.example/mnist:1.4
      env: [{ name: NVIDIA_VISIBLE_DEVICES, value: void }]
`,
  },
  judge: ({ pods }, parameters) => judgeContainers(pods, (at) => judgeContainer(at, parameters.agentImages)),
};

function* judgeContainer(at: ContainerAt, images: string[]): Iterable<Judgement> {
  const isNotServing = isNoAgent(at, images);
  if (isNotServing.holds === false) return;
  if (isUnknown(childAt(at.container, "env"))) yield undecided(pathInContainer(at, "env"));
  // From the last to the first, so that no removal moves what a later one is about.
  for (const [index, variable] of [...arrayAt(at.container, "env").entries()].reverse()) {
    const path = pathInContainer(at, `env[${index}]`);
    const conditions = [
      conditionOf(isOneOf(childAt(variable, "name"), VARIABLE), unknownPath(variable, path, "name")),
      conditionOf(givesGpus(variable), unknownPath(variable, path, "value")),
      isNotServing,
    ];
    yield* violatedIf(conditions, () => ({
      path,
      observed: `${VARIABLE} with a choice of GPUs`,
      allowed: "what the device plugin sets it to",
      remedy: "Remove it, and ask for GPUs in limits.",
      fix: [{ path, remove: true }],
    }));
  }
}

/** What comes from elsewhere is a choice too: nobody looks up how to say "none". */
function givesGpus(variable: Tree): Truth {
  const source = childAt(variable, "valueFrom");
  if (isUnknown(source)) return UNKNOWN;
  if (source !== undefined && source !== null) return true;
  return not(isOneOf(childAt(variable, "value") ?? "", ...NO_GPUS));
}

function unknownPath(variable: Tree, path: string, field: string): string {
  return isUnknown(variable) ? path : `${path}.${field}`;
}
