import { childAt, pathInPodSet } from "../../../components/model";
import { conditionOf, violatedIf } from "../../engine/conditions";
import type { PodGroup } from "../../engine/pods";
import type { Judgement, ResourceRule } from "../../engine/rule";
import { isOneOf } from "../../engine/truth";
import { EFA_DEVICE_PLUGIN, imagesParameter, runsOnlyImages } from "./images";
import { judgeSpecs } from "./pod-fields";
import { control, STANDARDS_URL } from "./standards";

/** What a pod shares with its node by each of these fields. */
const SHARED = { hostNetwork: "network", hostPID: "processes", hostIPC: "shared memory" };

/**
 * POD-02: pods have a network, processes and shared memory of their own, but for images that are known to need those of
 * the node.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/ Baseline, "Host Namespaces", v1.37
 */
export const hostNamespaces: ResourceRule<{ images: string[] }> = {
  id: "POD-02",
  title: "Pods share neither network nor processes nor memory with their node",
  why: "In the namespaces of its node a pod reaches what listens there, and sees and stops the processes of others.",
  remediation: "Remove the field; let pods find each other by Services, and share memory by a volume.",
  url: `${STANDARDS_URL}#baseline`,
  severity: "critical",
  level: "mandatory",
  family: "pod",
  parameters: { images: imagesParameter("share namespaces of their node", [EFA_DEVICE_PLUGIN]) },
  frameworks: [control("Baseline", "Host Namespaces")],
  examples: {
    bad: `
apiVersion: v1
kind: Pod
metadata: { name: trainer }
spec:
  hostIPC: true
  containers: [{ name: main, image: "registry.example/mnist:1.4" }]
`,
    good: `
apiVersion: v1
kind: Pod
metadata: { name: trainer }
spec:
  hostNetwork: false
  containers: [{ name: main, image: "registry.example/mnist:1.4" }]
`,
  },
  judge: (subject, { images }) => judgeSpecs(subject.pods, (pods) => judgePods(pods, images)),
};

function* judgePods(pods: PodGroup, images: string[]): Iterable<Judgement> {
  if (runsOnlyImages(pods, images)) return;
  for (const [field, shared] of Object.entries(SHARED)) {
    const path = pathInPodSet(pods, `spec.${field}`);
    yield* violatedIf([conditionOf(isOneOf(childAt(pods.spec, field), true), path)], () => ({
      path,
      observed: `true, so that pods use the ${shared} of their node`,
      allowed: "false or absent",
      remedy: "Remove it.",
    }));
  }
}
