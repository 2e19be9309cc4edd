import { isUnknown, UNKNOWN } from "../../../components/model";
import { undecided, type Judgement, type ResourceRule } from "../../engine/rule";
import { anyOf } from "../../engine/truth";
import { declaredPoolOf, type DeclaredPool } from "../declared-pool";
import { repels } from "../taint";

/**
 * GPU-07: GPU nodes carry a taint that keeps other pods off.
 *
 * @see https://docs.aws.amazon.com/eks/latest/best-practices/aiml-compute.html
 */
export const gpuPoolTaint: ResourceRule = {
  id: "GPU-07",
  title: "GPU nodes repel pods that need no GPU",
  why: "Without a taint, any pod may fill a GPU node, so that GPU work waits and the node never scales down.",
  remediation: "Taint the nodes of the pool with `nvidia.com/gpu=present:NoSchedule`, which GPU pods tolerate.",
  url: "https://docs.aws.amazon.com/eks/latest/best-practices/aiml-compute.html",
  severity: "high",
  level: "mandatory",
  family: "gpu",
  parameters: {},
  fix: "adds the taint nvidia.com/gpu=present:NoSchedule",
  examples: {
    bad: `
type: aws:eks/nodeGroup:NodeGroup
name: gpu
properties:
  instanceTypes: [g5.xlarge]
  labels: { mlstack.dev/pool: gpu }
`,
    good: `
type: aws:eks/nodeGroup:NodeGroup
name: gpu
properties:
  instanceTypes: [g5.xlarge]
  labels: { mlstack.dev/pool: gpu }
  taints: [{ key: nvidia.com/gpu, value: present, effect: NO_SCHEDULE }]
`,
  },
  judge(subject) {
    const pool = declaredPoolOf(subject);
    return pool === undefined ? [] : judgePool(pool);
  },
};

function* judgePool({ hasGpus, taints, taintsPath: path, taintRemedy, gpuTaint }: DeclaredPool): Iterable<Judgement> {
  const repelled = Array.isArray(taints) ? anyOf(taints.map(repels)) : UNKNOWN;
  if (repelled === true || hasGpus === false) return;
  if (isUnknown(repelled) || isUnknown(hasGpus)) {
    yield undecided(path);
  } else {
    yield {
      path,
      observed: "without a lasting taint of effect NoSchedule or NoExecute",
      allowed: "at least one on GPU nodes",
      remedy: taintRemedy,
      ...(gpuTaint === undefined ? {} : { fix: [{ path, append: gpuTaint }] }),
    };
  }
}
