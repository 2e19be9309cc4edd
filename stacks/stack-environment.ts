import * as pulumi from "@pulumi/pulumi";
import { type Environment, readEnvironment } from "./config";
import { kubeconfigPath } from "./kubeconfig";

/** Part of the SDK that its type declarations leave out. */
interface SecretKeys {
  isConfigSecret?: (key: string) => boolean;
}

/**
 * Reads the configuration of the stack that is being run, with the path of its kubeconfig made absolute.
 *
 * @throws ConfigurationError naming every problem at once with its path.
 */
export function stackEnvironment(): Environment {
  const values = pulumi.runtime.allConfig();
  const { isConfigSecret = () => true } = pulumi.runtime as SecretKeys;
  const source = { stack: pulumi.getStack(), secretKeys: Object.keys(values).filter(isConfigSecret) };
  const environment = readEnvironment(values, source);
  const kubeconfig = kubeconfigPath(environment.cluster, source);
  return kubeconfig === undefined ? environment : { ...environment, cluster: { ...environment.cluster, kubeconfig } };
}
