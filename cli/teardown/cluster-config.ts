import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { resolve } from "node:path";
import { KubeConfig } from "@kubernetes/client-node";
import { parseDocument } from "yaml";
import { checkoutRoot } from "../../rehearsal/checkout";
import { readKubeconfig } from "../../rehearsal/cluster/kubeconfig";
import { Problem } from "../../rehearsal/problem";
import type { Environment } from "../environment";
import { kubeconfigOf } from "./drain";
import { kubeconfigOutput } from "./pulumi-state";
import { eksClusterOf, type StateResource } from "./state";

/** What the client takes for the cluster where there is no kubeconfig at all. */
const NO_KUBECONFIG = "http://localhost:8080";

/**
 * The way to a stack's cluster: of one on EKS the stack exports it, of any other its configuration names it, else it is
 * that of the shell, as for the stack itself.
 *
 * @throws {Problem} when the kubeconfig can not be read.
 */
export async function clusterConfigOf(environment: Environment, resources: StateResource[]): Promise<KubeConfig> {
  const { stack } = environment;
  if (stack.embedded) return readKubeconfig(environment.controlPlane.layout.kubeconfig);
  if (eksClusterOf(resources) !== undefined) return kubeconfigOf(await kubeconfigOutput(environment));
  const document = parseDocument(await readFile(stack.path, "utf8"));
  const configured = (key: string): string | undefined => {
    const value = document.getIn(["config", "mlstack:cluster", key]);
    return typeof value === "string" ? value : undefined;
  };
  return existingConfig(configured("kubeconfig"), configured("context"));
}

function existingConfig(path: string | undefined, context: string | undefined): KubeConfig {
  const config = new KubeConfig();
  try {
    if (path === undefined) config.loadFromDefault();
    else config.loadFromFile(resolve(checkoutRoot(), path.replace(/^~(?=\/|$)/, homedir())));
  } catch (error) {
    throw new Problem(
      `the kubeconfig ${path ?? "of the shell"} can not be read: ${error instanceof Error ? error.message : String(error)}`,
      "Mend the path in `mlstack:cluster.kubeconfig`, or go on without the cluster: --skip-drain",
    );
  }
  if (context !== undefined) config.setCurrentContext(context);
  const server = config.getCurrentCluster()?.server;
  if (server === NO_KUBECONFIG) {
    throw new Problem(
      "no kubeconfig names the stack's cluster",
      "Set KUBECONFIG or `mlstack:cluster.kubeconfig`, or go on without the cluster: --skip-drain",
    );
  }
  if (server !== undefined) return config;
  throw new Problem(
    `the kubeconfig ${path ?? "of the shell"} leads to no cluster: there is no context ${config.getCurrentContext()}`,
    "Mend `mlstack:cluster.context`, or go on without the cluster: --skip-drain",
  );
}
