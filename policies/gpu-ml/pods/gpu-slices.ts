import {
  childAt,
  isUnknown,
  nodeAt,
  pathInContainer,
  tryParseQuantity,
  type ContainerAt,
} from "../../../components/model";
import { textList } from "../../engine/parameters";
import { judgeContainers } from "../../engine/pods";
import { undecided, type Judgement, type ResourceRule } from "../../engine/rule";
import { describeAmount } from "../gpu-resource";

const resources = textList("a list of the resources under which time slices of GPUs are offered", [
  "nvidia.com/gpu.shared",
]);

const ONE = 10n ** 9n;

/**
 * GPU-10: containers ask for one time slice of a GPU, as more give them no more of it.
 *
 * @see https://github.com/NVIDIA/k8s-device-plugin README "With CUDA Time-Slicing", v0.20.0
 */
export const gpuSlices: ResourceRule<{ resources: string[] }> = {
  id: "GPU-10",
  title: "Containers ask for one slice of a shared GPU",
  why: "Two time slices give no more of a GPU than one does, may be of the same GPU, and are taken from others.",
  remediation: "Ask for one slice; for more than a share, ask for a whole GPU or a MIG profile.",
  url: "https://github.com/NVIDIA/k8s-device-plugin#with-cuda-time-slicing",
  severity: "high",
  level: "advisory",
  family: "gpu",
  parameters: { resources },
  examples: {
    bad: `
apiVersion: v1
kind: Pod
metadata: { name: mnist, namespace: ml }
spec:
  containers:
    - name: main
      image: registry.example/mnist:1.4
      resources: { limits: { nvidia.com/gpu.shared: 2 } }
`,
    good: `
apiVersion: v1
kind: Pod
metadata: { name: mnist, namespace: ml }
spec:
  containers:
    - name: main
      image: registry.example/mnist:1.4
      resources: { limits: { nvidia.com/gpu.shared: 1 } }
`,
  },
  judge: ({ pods }, parameters) => judgeContainers(pods, (at) => judgeContainer(at, parameters.resources)),
};

function* judgeContainer(at: ContainerAt, shared: string[]): Iterable<Judgement> {
  const limits = nodeAt(at.container, "resources.limits");
  if (isUnknown(limits)) yield undecided(pathInContainer(at, "resources.limits"));
  for (const resource of shared) {
    const path = pathInContainer(at, `resources.limits["${resource}"]`);
    const amount = isUnknown(limits) ? undefined : childAt(limits, resource);
    if (isUnknown(amount)) yield undecided(path);
    if ((tryParseQuantity(amount) ?? 0n) > ONE) {
      yield {
        path,
        observed: describeAmount(amount),
        allowed: "1",
        remedy: "Ask for one slice; for more than a share, ask for a whole GPU or a MIG profile.",
      };
    }
  }
}
