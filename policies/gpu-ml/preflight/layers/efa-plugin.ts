import { arrayAt, childAt, isTreeObject, isUnknown, stringAt, UNKNOWN, type Tree } from "../../../../components/model";
import type { Subject } from "../../../engine/subject";
import type { Truth } from "../../../engine/truth";
import { installs, isRendered } from "../../installed-chart";
import { agentOf, type NodeAgent } from "./node-agent";

/** The chart of the plugin, and the image that it runs. */
const PLUGIN = "aws-efa-k8s-device-plugin";

const IMAGE = new RegExp(`/${PLUGIN}(:|@|$)`);

/**
 * What makes Elastic Fabric Adapters known to a stack's cluster, each with the nodes that it runs on. The chart's own
 * list of instance types grows with its versions, so that only a list in its values counts.
 *
 * @see https://github.com/aws/eks-charts/blob/master/stable/aws-efa-k8s-device-plugin/values.yaml (chart v0.5.30)
 */
export function efaPluginsOf(subjects: readonly Subject[]): NodeAgent[] {
  return subjects.flatMap((subject) => {
    if (subject.is("apps/DaemonSet")) {
      const isOn = runsPlugin(subject);
      return isOn === false ? [] : [agentOf(subject, isOn, subject.pods[0])];
    }
    const isOn = isRendered(subject) ? false : installs(subject, PLUGIN);
    return isOn === false ? [] : [agentOfChart(subject, isOn)];
  });
}

function runsPlugin(subject: Subject): Truth {
  const containers = subject.pods.flatMap(({ spec }) => arrayAt(spec, "containers").filter(isTreeObject));
  if (containers.some((container) => IMAGE.test(stringAt(container, "image") ?? ""))) return true;
  const isNamed = /efa/i.test(stringAt(childAt(subject.tree, "metadata"), "name") ?? "");
  return isNamed && containers.some((container) => isUnknown(container["image"])) ? UNKNOWN : false;
}

function agentOfChart(subject: Subject, isOn: Truth): NodeAgent {
  const values = childAt(subject.tree, "values");
  const list = childAt(values, "supportedInstanceLabels");
  const spec: Tree = {
    nodeSelector: childAt(values, "nodeSelector"),
    tolerations: childAt(values, "tolerations"),
    ...(list === undefined || list === null ? {} : { affinity: affinityOf(list) }),
  };
  return {
    subject,
    isOn,
    spec: isUnknown(values) ? UNKNOWN : spec,
    selectionPath: "values.supportedInstanceLabels.values",
    tolerationsPath: "values.tolerations",
  };
}

/** A node needs one of the values under one of the keys. */
function affinityOf(list: Tree): Tree {
  const keys = childAt(list, "keys");
  const named: Tree[] = isUnknown(keys) ? [UNKNOWN] : arrayAt(list, "keys");
  const all: Tree[] = named.length === 0 ? ["node.kubernetes.io/instance-type"] : named;
  const values = childAt(list, "values");
  const nodeSelectorTerms: Tree[] = all.map((key) => ({ matchExpressions: [{ key, operator: "In", values }] }));
  return { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } };
}
