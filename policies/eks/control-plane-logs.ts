import { arrayAt, childAt, isUnknown } from "../../components/model";
import { choices } from "../engine/parameters";
import { undecided, type ResourceRule } from "../engine/rule";

const PATH = "enabledClusterLogTypes";

/** @see https://docs.aws.amazon.com/eks/latest/userguide/control-plane-logs.html */
const LOG_TYPES = ["api", "audit", "authenticator", "controllerManager", "scheduler"];

const types = choices("a list of the kinds of logs that clusters must keep", LOG_TYPES, LOG_TYPES);

/**
 * EKS-03: the control plane of a cluster keeps its logs.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/control-plane-logs.html
 */
export const controlPlaneLogs: ResourceRule<{ types: string[] }> = {
  id: "EKS-03",
  title: "Clusters keep the logs of their control plane",
  why: "AWS keeps none of these logs by itself, so without them nobody can tell who did what after an incident.",
  remediation: "Name all kinds of logs in `enabledClusterLogTypes`.",
  url: "https://docs.aws.amazon.com/eks/latest/userguide/control-plane-logs.html",
  severity: "medium",
  level: "advisory",
  family: "eks",
  parameters: { types },
  frameworks: [{ name: "CIS EKS Benchmark", reference: "2.1.1" }],
  fix: "adds the kinds of logs that are missing",
  examples: {
    bad: `
type: aws:eks/cluster:Cluster
name: lab
properties:
  enabledClusterLogTypes: [api]
`,
    good: `
type: aws:eks/cluster:Cluster
name: lab
properties:
  enabledClusterLogTypes: [api, audit, authenticator, controllerManager, scheduler]
`,
  },
  *judge({ type, tree }, { types }) {
    if (type !== "aws:eks/cluster:Cluster") return;
    const enabled = arrayAt(tree, PATH);
    const missing = types.filter((type) => !enabled.includes(type));
    if (missing.length === 0) return;
    // Whatever is not known yet may be one of those missing.
    if (isUnknown(childAt(tree, PATH)) || enabled.some(isUnknown)) {
      yield undecided(PATH);
    } else {
      yield {
        path: PATH,
        observed: `without ${missing.join(", ")}`,
        allowed: `a list with ${types.join(", ")}`,
        remedy: "Add what is missing.",
        fix: missing.map((type) => ({ path: PATH, append: type })),
      };
    }
  },
};
