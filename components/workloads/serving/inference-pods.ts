import type * as k8s from "@pulumi/kubernetes";
import { compact } from "../../internal";
import { ROLE_LABEL, JOB_LABEL, type WorkloadMetadata } from "../object";
import { type HardwareFacts, type PodArgs, podTemplate } from "../pods";
import { ServingMode } from "./inference-service-args";
import { servingSpread } from "./serving-pods";

/** Name that KServe knows the container of a server by. */
export const SERVER_CONTAINER = "kserve-container";

/** Pods of one step of an InferenceService. */
export interface InferencePods extends HardwareFacts {
  /** What they are called and labelled with. */
  metadata: WorkloadMetadata;
  /** What they do: `predictor`, `transformer`, `explainer`. */
  role: string;
  /** How KServe runs them. */
  mode: ServingMode;
  /** Most of them. */
  most: number;
}

/** Pods as KServe spells them: the fields of a pod beside those of a server, and its container by itself. */
export interface InferencePodParts {
  /** Labels and annotations of the pods, and their fields but for containers. */
  pod: object;
  /** The container, without a name. */
  container: object;
}

/** Labels by which the pods of a step are found. */
export function stepLabels(objectName: string, role: string): Record<string, string> {
  return { [JOB_LABEL]: objectName, [ROLE_LABEL]: role };
}

/** The pods of a step, as KServe spells them. An image that is left to a runtime is not there. */
export function inferencePods(
  args: Partial<Pick<PodArgs, "image">> & Omit<PodArgs, "image">,
  pods: InferencePods,
): InferencePodParts {
  const { metadata, role, mode, most } = pods;
  const { image, ...program } = args;
  const template = podTemplate({ ...program, image: image ?? "" }, { ...pods, ...metadata, role });
  const { containers, securityContext, ...spec } = template.spec as PlainPodSpec;
  const [{ name: _, image: __, ...container }] = containers;
  const isKnative = mode === ServingMode.knative;
  const spread = most > 1 && !isKnative ? servingSpread(stepLabels(metadata.objectName, role)) : undefined;
  return {
    pod: compact({
      ...template.metadata,
      ...spec,
      securityContext: isKnative ? undefined : securityContext,
      topologySpreadConstraints: spread,
    }),
    container: compact({
      image,
      ...container,
      securityContext: isKnative ? inContainer(securityContext, container.securityContext) : container.securityContext,
    }),
  };
}

/** A pod spec as this project writes it: plain down to its leaves. */
interface PlainPodSpec extends Omit<k8s.types.input.core.v1.PodSpec, "containers" | "securityContext"> {
  containers: [k8s.types.input.core.v1.Container & { securityContext: object }];
  securityContext: object;
}

/**
 * Knative refuses security contexts of pods, and has those of containers say the same. The group of volumes has no place
 * there.
 *
 * @see https://knative.dev/docs/serving/configuration/feature-flags/#kubernetes-security-context (1.21)
 */
function inContainer(ofPod: object, ofContainer: object): object {
  const { fsGroup: _, fsGroupChangePolicy: __, ...others } = ofPod as Record<string, unknown>;
  return { ...ofContainer, ...others };
}
