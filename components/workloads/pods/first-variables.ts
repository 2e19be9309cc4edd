import type * as k8s from "@pulumi/kubernetes";
import type { PodTemplate } from ".";

/** A variable as containers have it. */
export type Variable = k8s.types.input.core.v1.EnvVar;

/** The same pods, whose program has these variables before all others, so that the others may refer to them. */
export function withFirstVariables({ metadata, spec }: PodTemplate, first: Variable[]): PodTemplate {
  const [container] = spec.containers as [k8s.types.input.core.v1.Container];
  const further = (container.env ?? []) as Variable[];
  return { metadata, spec: { ...spec, containers: [{ ...container, env: [...first, ...further] }] } };
}
