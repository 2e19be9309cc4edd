import { Problem } from "../../rehearsal/problem";
import type { Environment } from "../environment";
import { resourcesOf, type StateResource } from "./state";

/** Name of the stack output that holds the cluster's kubeconfig. */
const KUBECONFIG_OUTPUT = "kubeconfig";

/**
 * The resources that Pulumi has of a stack; none where there is no such stack, or none any more.
 *
 * @throws {Problem} when Pulumi can not be asked.
 */
export async function stateOf({ pulumi, stack }: Environment): Promise<StateResource[]> {
  try {
    return resourcesOf(await pulumi.quietly(["stack", "export", "--stack", stack.name]));
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    if (/no stack named/.test(said)) return [];
    throw new Problem(
      `Pulumi's state of ${stack.name} can not be read: ${said.trim()}`,
      "Log in as for `mlstack up`: `pulumi login`, and the passphrase or key of the stack's secrets.",
    );
  }
}

/**
 * The kubeconfig that a stack exports, as text or as an object.
 *
 * @throws {Problem} when the stack exports none.
 */
export async function kubeconfigOutput({ pulumi, stack }: Environment): Promise<unknown> {
  const outputs = JSON.parse(
    await pulumi.quietly(["stack", "output", "--json", "--show-secrets", "--stack", stack.name]),
  ) as Record<string, unknown>;
  const kubeconfig = outputs[KUBECONFIG_OUTPUT];
  if (kubeconfig !== undefined) return kubeconfig;
  throw new Problem(
    `the stack ${stack.name} has a cluster and no output "${KUBECONFIG_OUTPUT}" to reach it with`,
    "Run `mlstack up` once to write the output, or go on without it: --skip-drain. What Kubernetes made in AWS then stays; the report at the end lists it.",
  );
}
