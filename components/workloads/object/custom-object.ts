import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { DEFAULT_DEADLINE_SECONDS } from "./deadline";
import type { Manifest } from "./manifest";
import type { RunArgs } from "./run-args";

/** How an object of an operator's kind is registered. */
export interface CustomObjectOptions {
  /** Component that it belongs to. */
  parent: pulumi.Resource;
  /** What must be there before it. */
  dependsOn?: pulumi.Resource[];
  /**
   * Whether it is one run, which another spec makes a new one of; its name is then free before the new one is created.
   * False by default: the object is changed where it is.
   */
  isRun?: boolean;
  /** What tells that it is done, as `pulumi.com/waitFor` spells it, for example `condition=Complete`; not awaited by default. */
  done?: string;
  /** Whether and how long the update waits for that. */
  wait?: RunArgs & { deadlineSeconds?: number | undefined };
}

/**
 * Registers an object of an operator's kind.
 *
 * @see https://www.pulumi.com/registry/packages/kubernetes/how-to-guides/managing-resources-with-server-side-apply/ and
 * "Configurable await logic" of the provider's changelog (4.25.0) for `pulumi.com/waitFor`
 */
export function customObject(
  name: string,
  manifest: Manifest,
  { parent, dependsOn, isRun = false, done, wait = {} }: CustomObjectOptions,
): k8s.apiextensions.CustomResource {
  const isAwaited = wait.waitForCompletion === true && done !== undefined;
  const seconds = `${wait.waitSeconds ?? wait.deadlineSeconds ?? DEFAULT_DEADLINE_SECONDS}s`;
  const annotations = {
    ...(manifest.metadata.annotations as Record<string, pulumi.Input<string>> | undefined),
    ...(isAwaited ? { "pulumi.com/waitFor": done } : { "pulumi.com/skipAwait": "true" }),
  };
  const object = { ...manifest, metadata: { ...manifest.metadata, annotations } };
  return new k8s.apiextensions.CustomResource(name, object, {
    parent,
    ...(dependsOn && { dependsOn }),
    ...(isRun ? { replaceOnChanges: ["spec"], deleteBeforeReplace: true } : {}),
    ...(isAwaited ? { customTimeouts: { create: seconds, update: seconds } } : {}),
  });
}
