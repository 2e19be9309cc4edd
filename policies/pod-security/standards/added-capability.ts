import type { ContainerAt } from "../../../components/model";
import { conditionOf, violatedIf } from "../../engine/conditions";
import { textList } from "../../engine/parameters";
import { judgeContainers } from "../../engine/pods";
import type { Judgement, ResourceRule } from "../../engine/rule";
import { isOneOf, not } from "../../engine/truth";
import { addedCapabilities, DEFAULT_CAPABILITIES } from "./capability";
import { imagesParameter, NVIDIA_DEVICE_PLUGIN, runsImage } from "./images";
import { shown } from "./pod-fields";
import { control, STANDARDS_URL } from "./standards";

const capabilities = textList("a list of further capabilities that containers may add, such as IPC_LOCK for RDMA");

type Settings = { capabilities: string[]; images: string[] };

/**
 * POD-06: containers add no capabilities beyond those that they have by default.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/ Baseline, "Capabilities", v1.37
 */
export const addedCapability: ResourceRule<Settings> = {
  id: "POD-06",
  title: "Containers add no capabilities beyond the default ones",
  why: "Capabilities beyond the default ones reach out of the container: SYS_ADMIN is as good as root on the node.",
  remediation: "Remove the capability; configure the rule where a device of the platform needs it.",
  url: `${STANDARDS_URL}#baseline`,
  severity: "high",
  level: "mandatory",
  family: "pod",
  parameters: {
    capabilities,
    // With MIG it watches the devices of the whole node.
    images: imagesParameter("add further capabilities", [NVIDIA_DEVICE_PLUGIN]),
  },
  frameworks: [control("Baseline", "Capabilities")],
  examples: {
    bad: `
apiVersion: v1
kind: Pod
metadata: { name: trainer }
spec:
  containers:
    - name: main
      image: registry.example/mnist:1.4
      securityContext: { capabilities: { add: [SYS_ADMIN] } }
`,
    good: `
apiVersion: v1
kind: Pod
metadata: { name: trainer }
spec:
  containers:
    - name: main
      image: registry.example/mnist:1.4
      securityContext: { capabilities: { add: [NET_BIND_SERVICE] } }
`,
  },
  judge: ({ pods }, parameters) => judgeContainers(pods, (at) => judgeContainer(at, parameters)),
};

function* judgeContainer(at: ContainerAt, { capabilities: further, images }: Settings): Iterable<Judgement> {
  if (runsImage(at.container, images)) return;
  for (const { path, value } of addedCapabilities(at)) {
    const truth = not(isOneOf(value, ...DEFAULT_CAPABILITIES, ...further));
    yield* violatedIf([conditionOf(truth, path)], () => ({
      path,
      observed: shown(value),
      allowed: `a default capability (${[...DEFAULT_CAPABILITIES, ...further].join(", ")})`,
      remedy: "Remove it.",
    }));
  }
}
