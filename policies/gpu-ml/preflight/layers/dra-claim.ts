import { arrayAt, childAt, isUnknown, nodeAt, pathInPodSet, UNKNOWN } from "../../../../components/model";
import type { PodGroup } from "../../../engine/pods";
import { undecided, type Judgement, type StackRule } from "../../../engine/rule";
import type { Subject } from "../../../engine/subject";
import { allOf, anyOf, isOneOf, not, type Truth } from "../../../engine/truth";
import { installs } from "../../installed-chart";
import { endAt, possiblePools } from "./layer-end";
import { poolTitles, stackPoolsOf, type StackPool, type StackPools } from "../../stack/node-labels";

/**
 * LAY-07: pods with claims of devices may run on nodes that are there, or that an autoscaler starts for claims.
 *
 * Karpenter does not count claims, unless it is told to. Pools that keep a number of nodes are left alone.
 *
 * @see https://karpenter.sh/docs/reference/settings/ `IGNORE_DRA_REQUESTS` (v1.14)
 */
export const draClaim: StackRule = {
  id: "LAY-07",
  title: "Nodes are started for pods with claims of devices",
  why: "Karpenter takes no account of claims by default, so that it starts no node with the device for a pending pod.",
  remediation:
    "Ask for `nvidia.com/gpu` instead, take a managed node group, or set `settings.ignoreDRARequests` to false.",
  url: "https://karpenter.sh/docs/reference/settings/",
  severity: "high",
  level: "mandatory",
  family: "gpu",
  parameters: {},
  examples: {
    bad: `
apiVersion: karpenter.sh/v1
kind: NodePool
metadata: { name: train }
spec:
  template:
    spec:
      requirements: [{ key: node.kubernetes.io/instance-type, operator: In, values: [g5.xlarge] }]
---
apiVersion: v1
kind: Pod
metadata: { name: chat, namespace: ml }
spec:
  resourceClaims: [{ name: gpu, resourceClaimTemplateName: gpu }]
  containers: [{ name: main, image: "registry.example/chat:1.4" }]
`,
    good: `
type: aws:eks/nodeGroup:NodeGroup
name: train
properties: { instanceTypes: [g5.xlarge] }
---
apiVersion: v1
kind: Pod
metadata: { name: chat, namespace: ml }
spec:
  resourceClaims: [{ name: gpu, resourceClaimTemplateName: gpu }]
  containers: [{ name: main, image: "registry.example/chat:1.4" }]
`,
  },
  *judgeStack(subjects) {
    const claiming = subjects.filter(({ pods }) => pods.some(hasClaims));
    if (claiming.length === 0) return;
    const stack = stackPoolsOf(subjects);
    if (stack.isOpen) return;
    const counts = subjects.map(countsClaims);
    const isCounted = anyOf(counts);
    const karpenter = subjects.find((subject) => installs(subject, "karpenter") === true);
    for (const subject of claiming) {
      for (const pods of subject.pods.filter(hasClaims)) {
        for (const judgement of judgePods(pods, stack, isCounted, karpenter)) yield [subject, judgement];
      }
    }
  },
};

const SETTING = "settings.ignoreDRARequests";

function* judgePods(
  pods: PodGroup,
  stack: StackPools,
  isCounted: Truth,
  karpenter: Subject | undefined,
): Iterable<Judgement> {
  const path = pathInPodSet(pods, "spec.resourceClaims");
  const pools = possiblePools(pods, stack);
  if (pools.length === 0) return;
  const isThere = anyOf(pools.map(({ pool, truth }) => allOf([truth, not(isStartedByKarpenter(pool))])));
  const isLost = allOf([isClaimed(pods), not(isThere), not(isCounted)]);
  if (isUnknown(isLost)) yield undecided(path);
  if (isLost === true) {
    const end = karpenter === undefined ? `${SETTING} of Karpenter` : endAt(karpenter, `values.${SETTING}`);
    yield {
      path,
      observed:
        `claims of devices, which Karpenter does not count when it starts nodes of ` +
        poolTitles(pools.map(({ pool }) => pool)),
      allowed: `claims on nodes of node groups, or with false in ${end}`,
      remedy: "Ask for nvidia.com/gpu, or take a managed node group.",
    };
  }
}

function hasClaims({ spec }: PodGroup): boolean {
  const claims = childAt(spec, "resourceClaims");
  return !isUnknown(spec) && (isUnknown(claims) || (Array.isArray(claims) && claims.length > 0));
}

function isClaimed({ spec }: PodGroup): Truth {
  return arrayAt(spec, "resourceClaims").every(isUnknown) ? UNKNOWN : true;
}

/** A pool with a number of replicas has these nodes in any case. */
function isStartedByKarpenter({ subject, shape }: StackPool): Truth {
  if (!subject.is("karpenter.sh/NodePool")) return false;
  const { minNodes = 0 } = shape;
  return isUnknown(minNodes) ? UNKNOWN : minNodes === 0;
}

/** Whether a resource is a Karpenter that counts claims. */
function countsClaims(subject: Subject): Truth {
  if (subject.is("apps/Deployment")) {
    const containers = arrayAt(nodeAt(subject.tree, "spec.template.spec"), "containers");
    const variables = containers.flatMap((container) => arrayAt(container, "env"));
    const own = variables.filter((each) => childAt(each, "name") === "IGNORE_DRA_REQUESTS");
    return anyOf(own.map((each) => isOneOf(childAt(each, "value"), "false")));
  }
  return allOf([installs(subject, "karpenter"), isOneOf(nodeAt(childAt(subject.tree, "values"), SETTING), false)]);
}
