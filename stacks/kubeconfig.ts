import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { resolve } from "node:path";
import { ClusterKind } from "../components";
import { ConfigurationError, type ConfigSource, type Environment } from "./config";
import { configPath, configProblem } from "./config/problem";

const repository = resolve(__dirname, "..");

/** Where `npm run up` leaves the kubeconfig of the embedded cluster. */
const embeddedKubeconfig = ".mlstack/cluster/kubeconfig";

/**
 * Absolute path of the kubeconfig that leads to a stack's cluster. Relative paths start at the repository, `~` is the
 * home directory. Undefined where an existing cluster is left to the ambient one (`KUBECONFIG`, else
 * `~/.kube/config`).
 *
 * @throws ConfigurationError when there is no such file, as the provider would take the path for a kubeconfig's
 * content.
 */
export function kubeconfigPath({ kind, kubeconfig }: Environment["cluster"], source: ConfigSource): string | undefined {
  const isLocal = kind === ClusterKind.local;
  const written = kubeconfig ?? (isLocal ? embeddedKubeconfig : undefined);
  if (written === undefined) return undefined;
  const path = resolve(repository, written.replace(/^~(?=\/|$)/, homedir()));
  if (existsSync(path)) return path;
  const remedy =
    isLocal && kubeconfig === undefined ? "Start the embedded cluster with `npm run up`." : "Mend the path.";
  const allowed = "the path of a kubeconfig that exists";
  throw new ConfigurationError(source, [
    configProblem(configPath(["cluster", "kubeconfig"]), written, allowed, remedy),
  ]);
}
