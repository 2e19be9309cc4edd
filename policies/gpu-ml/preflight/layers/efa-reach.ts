import { childAt, containersOf, EFA_RESOURCE, isUnknown, nodeAt, pathInContainer } from "../../../../components/model";
import { onOff } from "../../../engine/parameters";
import type { PodGroup } from "../../../engine/pods";
import { undecided, type Judgement, type StackRule } from "../../../engine/rule";
import { allOf, anyOf, isOneOf, not, type Truth } from "../../../engine/truth";
import { isNonZero } from "../../gpu-resource";
import { describeTaint } from "../../taint";
import { efaPluginsOf } from "./efa-plugin";
import { endAt, poolEnd, possiblePools, type PossiblePool } from "./layer-end";
import { reachOf, type NodeAgent, type Reach } from "./node-agent";
import { stackPoolsOf, type StackPool, type StackPools } from "../../stack/node-labels";

const installedElsewhere = onOff("true where another stack or somebody else installs the EFA plugin", false);

/**
 * LAY-05: adapters that pods ask for, a plugin makes known on the nodes that these pods may run on.
 *
 * Nodes of EKS Auto Mode need no plugin. Stacks that hide their nodes are judged only for there being a plugin at all.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/node-efa.html (read 2026-11)
 */
export const efaReach: StackRule<{ installedElsewhere: boolean }> = {
  id: "LAY-05",
  title: "Adapters that pods ask for are made known by a plugin on their nodes",
  why: "Without the plugin a node offers no adapter, however many it has, and pods that ask for some stay pending.",
  remediation: "Install the EFA device plugin, and let it select and tolerate the nodes of the pool.",
  url: "https://docs.aws.amazon.com/eks/latest/userguide/node-efa.html",
  severity: "high",
  level: "mandatory",
  family: "gpu",
  parameters: { installedElsewhere },
  examples: {
    bad: `
type: aws:eks/nodeGroup:NodeGroup
name: train
properties: { instanceTypes: [p5.4xlarge], labels: { mlstack.dev/pool: train } }
---
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: efa-device-plugin, namespace: kube-system }
spec:
  template:
    spec:
      nodeSelector: { node.kubernetes.io/instance-type: p5.48xlarge }
      containers: [{ name: plugin, image: "public.ecr.aws/eks/aws-efa-k8s-device-plugin:v0.5.20" }]
---
apiVersion: v1
kind: Pod
metadata: { name: chat, namespace: ml }
spec:
  containers:
    - name: main
      image: registry.example/chat:1.4
      resources: { limits: { vpc.amazonaws.com/efa: 1 } }
`,
    good: `
type: aws:eks/nodeGroup:NodeGroup
name: train
properties: { instanceTypes: [p5.4xlarge], labels: { mlstack.dev/pool: train } }
---
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: efa-device-plugin, namespace: kube-system }
spec:
  template:
    spec:
      nodeSelector: { node.kubernetes.io/instance-type: p5.4xlarge }
      containers: [{ name: plugin, image: "public.ecr.aws/eks/aws-efa-k8s-device-plugin:v0.5.20" }]
---
apiVersion: v1
kind: Pod
metadata: { name: chat, namespace: ml }
spec:
  containers:
    - name: main
      image: registry.example/chat:1.4
      resources: { limits: { vpc.amazonaws.com/efa: 1 } }
`,
  },
  *judgeStack(subjects, parameters) {
    if (parameters.installedElsewhere) return;
    const asks = subjects.flatMap((subject) =>
      subject.pods.flatMap((pods) => asksOf(pods).map((ask) => ({ subject, ask }))),
    );
    if (asks.length === 0) return;
    const plugins = efaPluginsOf(subjects);
    const stack = stackPoolsOf(subjects);
    for (const { subject, ask } of asks) {
      for (const judgement of judgeAsk(ask, plugins, stack)) yield [subject, judgement];
    }
  },
};

/** Adapters that a container asks for. */
interface Ask {
  pods: PodGroup;
  path: string;
  isAsked: Truth;
}

function asksOf(pods: PodGroup): Ask[] {
  return containersOf(pods).flatMap((at) => {
    const limits = nodeAt(at.container, "resources.limits");
    const isAsked = isUnknown(limits) ? false : isNonZero(childAt(limits, EFA_RESOURCE));
    return isAsked === false
      ? []
      : [{ pods, path: pathInContainer(at, `resources.limits["${EFA_RESOURCE}"]`), isAsked }];
  });
}

/** Pods on a pool, with the plugins there. */
interface Meeting extends PossiblePool {
  reaches: Reach[];
}

function* judgeAsk({ pods, path, isAsked }: Ask, plugins: NodeAgent[], stack: StackPools): Iterable<Judgement> {
  const pools = possiblePools(pods, stack);
  if (pools.length === 0 && !stack.isOpen) return;
  const meetings = pools.map(({ pool, truth }): Meeting => ({
    pool,
    truth,
    reaches: plugins.map((plugin) => reachOf(plugin, pool, stack)),
  }));
  const served = meetings.map(({ pool, truth, reaches }): Truth =>
    allOf([truth, anyOf([isAutoMode(pool), ...reaches.map((reach) => reach.reaches)])]),
  );
  // Of nodes that are hidden it is not told which ones a plugin runs on.
  const isServed: Truth = anyOf([...served, ...(stack.isOpen ? plugins.map(({ isOn }) => isOn) : [])]);
  const isLost = allOf([isAsked, not(isServed)]);
  if (isUnknown(isLost)) yield undecided(path);
  if (isLost !== true) return;
  const all = meetings.flatMap(({ pool, reaches }) => reaches.map((reach) => ({ pool, reach })));
  const worst = all.find(({ reach }) => reach.agent.isOn === true) ?? all[0];
  yield worst === undefined ? missing(path) : lost(path, worst.reach, worst.pool);
}

function missing(path: string): Judgement {
  return {
    path,
    observed: "an amount of adapters, although nothing in the stack makes these known",
    allowed: "such an amount beside the EFA device plugin",
    remedy: "Install the plugin aws-efa-k8s-device-plugin.",
  };
}

function lost(path: string, { agent, isSelected, taint }: Reach, pool: StackPool): Judgement {
  const { subject, selectionPath, tolerationsPath } = agent;
  if (isSelected === true) {
    return {
      path,
      observed:
        `an amount of adapters on nodes whose taint ${describeTaint(taint)} (${poolEnd(pool, "taints")}) ` +
        `keeps the plugin off`,
      allowed: `adapters on nodes that the plugin tolerates by ${endAt(subject, tolerationsPath)}`,
      remedy: "Add a toleration for it to the plugin.",
    };
  }
  return {
    path,
    observed:
      `an amount of adapters on nodes that the plugin does not select, as ${poolEnd(pool, "machines")} and ` +
      `its labels tell`,
    allowed: `adapters on nodes that the plugin selects by ${endAt(subject, selectionPath)}`,
    remedy: "Let the plugin select the nodes of the pool.",
  };
}

/** Nodes of EKS Auto Mode make adapters known by themselves. */
function isAutoMode({ subject }: StackPool): Truth {
  return isOneOf(nodeAt(subject.tree, "spec.template.spec.nodeClassRef.group"), "eks.amazonaws.com");
}
