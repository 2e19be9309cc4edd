import * as pulumi from "@pulumi/pulumi";
import { type Environment, readEnvironment } from "./config";

/** Part of the SDK that its type declarations leave out. */
interface SecretKeys {
  isConfigSecret?: (key: string) => boolean;
}

/**
 * Reads the configuration of the stack that is being run.
 *
 * @throws ConfigurationError naming every problem at once with its path.
 */
export function stackEnvironment(): Environment {
  const values = pulumi.runtime.allConfig();
  const { isConfigSecret = () => true } = pulumi.runtime as SecretKeys;
  return readEnvironment(values, { stack: pulumi.getStack(), secretKeys: Object.keys(values).filter(isConfigSecret) });
}
