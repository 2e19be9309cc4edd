import type { EksClusterArgs } from "../../components";
import { CLUSTER_TAG } from "../../components/cluster/eks/eks-cluster-args";
import { type ConfigProblem, configPath, configProblem } from "./problem";
import type { EksConfig } from "./schema-cluster";

/** Tag that everything of an environment carries, with the name of its stack. */
export const ENVIRONMENT_TAG = "mlstack:environment";

/** Most tags of the configuration: a resource has at most 50, and components and AWS add their own. */
const MOST_TAGS = 30;

/**
 * The arguments of a cluster on EKS: named by default after project and stack, so that stacks share an account, and with
 * tags by which the cost of an environment and its remains are found.
 */
export function eksArgs(eks: EksConfig, tags: Record<string, string>, stack: string): EksClusterArgs {
  const { clusterName = `mlstack-${stack}` } = eks;
  return { ...eks, clusterName, tags: { ...tags, [ENVIRONMENT_TAG]: stack, [CLUSTER_TAG]: clusterName } };
}

/** Checks what the component of the cluster cannot know of tags: how many there may be, and which are the stack's own. */
export function checkTags(tags: Record<string, string>): ConfigProblem[] {
  const names = Object.keys(tags);
  const tooMany = configProblem(configPath(["tags"]), tags, `at most ${MOST_TAGS} tags`, "Remove some.");
  const own = names.filter((name) => name === ENVIRONMENT_TAG || name === CLUSTER_TAG);
  return [
    ...(names.length > MOST_TAGS ? [tooMany] : []),
    ...own.map((name) => {
      const allowed = "only what the stack itself sets there";
      return configProblem(configPath(["tags", name]), tags[name], allowed, "Remove the tag.");
    }),
  ];
}
