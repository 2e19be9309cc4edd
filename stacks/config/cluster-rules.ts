import { ClusterKind } from "../../components";
import type { ConfigDraft } from "./draft";
import { type ConfigProblem, configPath, configProblem } from "./problem";

/** Everything that is wrong with how a cluster is reached, and with keys that its kind does not take. */
export function clusterProblems(draft: ConfigDraft): ConfigProblem[] {
  return [
    ...checkContext(draft.cluster),
    ...checkAccount(draft.cluster),
    ...checkRealNodes(draft.cluster),
    ...checkBelonging(draft),
  ];
}

/** How much there may be of what a real node is told; each has the memory of the machine, which more of them would share. */
const REAL_NODES = { count: { min: 1, max: 4 }, gpus: { min: 0, max: 16 }, cpus: { min: 1, max: 256 } } as const;

function checkRealNodes({ realNodes }: NonNullable<ConfigDraft["cluster"]> = {}): ConfigProblem[] {
  return Object.entries(REAL_NODES).flatMap(([key, { min, max }]) => {
    const value = realNodes?.[key as keyof typeof REAL_NODES];
    if (value === undefined || (Number.isInteger(value) && value >= min && value <= max)) return [];
    const allowed = `a whole number from ${min} to ${max}`;
    return [configProblem(configPath(["cluster", "realNodes", key]), value, allowed, "Change it to one.")];
  });
}

function checkContext(cluster: ConfigDraft["cluster"]): ConfigProblem[] {
  if (cluster?.kind !== ClusterKind.existing || cluster.context !== undefined) return [];
  const remedy = "Add it, so that a switched current context can never send the stack to another cluster.";
  const allowed = "the name of a context in the kubeconfig";
  return [configProblem(configPath(["cluster", "context"]), undefined, allowed, remedy)];
}

function checkAccount({ awsAccountId }: NonNullable<ConfigDraft["cluster"]> = {}): ConfigProblem[] {
  if (awsAccountId === undefined || /^\d{12}$/.test(awsAccountId)) return [];
  const remedy = "`aws sts get-caller-identity` tells that of your credentials.";
  return [
    configProblem(configPath(["cluster", "awsAccountId"]), awsAccountId, "the 12 digits of an AWS account", remedy),
  ];
}

const own: ClusterKind[] = [ClusterKind.local, ClusterKind.eks];
const inAws: ClusterKind[] = [ClusterKind.eks];

/** Keys that some kinds of cluster do not take, and why. */
const belongings: { path: string[]; kinds: ClusterKind[]; why?: string }[] = [
  { path: ["cluster", "context"], kinds: [ClusterKind.existing] },
  { path: ["cluster", "controllers"], kinds: [ClusterKind.local], why: "its nodes run the controllers" },
  { path: ["cluster", "realNodes"], kinds: [ClusterKind.local], why: "its own nodes run pods" },
  { path: ["cluster", "moduleCharts"], kinds: [ClusterKind.local], why: "others have no charts out of Go modules" },
  { path: ["cluster", "kubeconfig"], kinds: [ClusterKind.local, ClusterKind.existing] },
  { path: ["cluster", "awsAccountId"], kinds: inAws },
  { path: ["cluster", "eks"], kinds: inAws },
  { path: ["systemPool"], kinds: own, why: "such a cluster brings its own nodes" },
  { path: ["gpuPools"], kinds: own, why: "such a cluster brings its own nodes" },
  { path: ["addOns"], kinds: inAws, why: "only EKS has add-ons" },
  { path: ["storage"], kinds: inAws, why: "it is made in AWS" },
  {
    path: ["scenarioArtifactStore"],
    kinds: [ClusterKind.existing],
    why: "environments with a platform of their own say its store there",
  },
  { path: ["tags"], kinds: inAws, why: "only what is in AWS has tags" },
  { path: ["protect"], kinds: inAws, why: "there is nothing to protect" },
];

function checkBelonging(draft: ConfigDraft): ConfigProblem[] {
  const kind = draft.cluster?.kind;
  if (kind === undefined) return [];
  return belongings.flatMap(({ path, kinds, why }) => {
    const value = path.reduce<unknown>((node, key) => Reflect.get(node as object, key), draft);
    if (value === undefined || kinds.includes(kind)) return [];
    const allowed = `nothing where the cluster's kind is ${kind}${why === undefined ? "" : `, as ${why}`}`;
    return [configProblem(configPath(path), value, allowed, "Remove it.")];
  });
}
