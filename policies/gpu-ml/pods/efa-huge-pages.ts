import { childAt, EFA_RESOURCE, isUnknown, nodeAt, pathInContainer, type ContainerAt } from "../../../components/model";
import { judgeContainers } from "../../engine/pods";
import type { Judgement, ResourceRule } from "../../engine/rule";
import { isNonZero } from "../gpu-resource";
import { anyHolds, opposite, violatedIf, type Condition, conditionOf } from "../../engine/conditions";

const HUGE_PAGES = "hugepages-2Mi";

/**
 * GPU-13, about the memory that EFA needs: containers with adapters ask for huge pages.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/node-efa.html (read 2026-11): nodes set 5128 pages aside
 */
export const efaHugePages: ResourceRule = {
  id: "GPU-13",
  title: "Containers with EFA have huge pages",
  why: "Libfabric keeps its buffers in huge pages, and a container that asks for none may use none of them.",
  remediation: "Ask for `hugepages-2Mi: 5120Mi` beside the adapters; nodes with EFA have enough for two such pods.",
  url: "https://docs.aws.amazon.com/eks/latest/userguide/node-efa.html",
  severity: "medium",
  level: "advisory",
  family: "gpu",
  parameters: {},
  examples: {
    bad: `
apiVersion: v1
kind: Pod
metadata: { name: chat, namespace: ml }
spec:
  containers:
    - name: main
      image: registry.example/chat:1.4
      resources: { limits: { nvidia.com/gpu: 8, vpc.amazonaws.com/efa: 32 } }
`,
    good: `
apiVersion: v1
kind: Pod
metadata: { name: chat, namespace: ml }
spec:
  containers:
    - name: main
      image: registry.example/chat:1.4
      resources: { limits: { nvidia.com/gpu: 8, vpc.amazonaws.com/efa: 32, hugepages-2Mi: 5120Mi } }
`,
  },
  judge: ({ pods }) => judgeContainers(pods, judgeContainer),
};

function judgeContainer(at: ContainerAt): Iterable<Judgement> {
  const pages = asksFor(at, HUGE_PAGES);
  return violatedIf([asksFor(at, EFA_RESOURCE), opposite(pages)], () => ({
    path: pathInContainer(at, `resources.limits["${HUGE_PAGES}"]`),
    observed: "absent, although the container has adapters",
    allowed: "5120Mi, or what libfabric is set up to use",
    remedy: "Ask for 5120Mi, in limits and in requests.",
  }));
}

/** Amounts in requests alone are refused by Kubernetes, and say what is meant all the same. */
function asksFor(at: ContainerAt, resource: string): Condition {
  return anyHolds(
    ["limits", "requests"].map((side) => {
      const amounts = nodeAt(at.container, `resources.${side}`);
      const field = isUnknown(amounts) ? `resources.${side}` : `resources.${side}["${resource}"]`;
      return conditionOf(isNonZero(childAt(amounts, resource)), pathInContainer(at, field));
    }),
  );
}
