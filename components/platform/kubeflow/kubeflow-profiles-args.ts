import { checkEnum, checkLabelKey, checkLabelValue, type InputProblem } from "../../internal";
import { PodSecurityLevel } from "../part/part-namespace";
import type { KubeflowConsole } from "./kubeflow-console";
import { checkCertificates, checkKubeflowPart, type KubeflowPartArgs } from "./kubeflow-args";
import { checkNeededConsole } from "./tensor-board-controller";

/** What {@link KubeflowProfiles} are made from. */
export interface KubeflowProfilesArgs extends KubeflowPartArgs {
  /**
   * A gateway that lets in only who has signed in. It must be there: each user's namespace gets a rule of Istio's that lets in
   * its owner alone, and the controller does not start without Istio's types.
   */
  console: KubeflowConsole;
  /** What pods of users' namespaces may do; `baseline` by default, as images of notebooks may run as root within. */
  podSecurityLevel?: PodSecurityLevel;
  /**
   * Further labels of users' namespaces, as queues and policies read them; none by default. An empty value takes a label away
   * that was set before. A label that a namespace has already is never changed.
   */
  namespaceLabels?: Record<string, string>;
  /** Name of a user who may manage every user's namespace; nobody by default. */
  admin?: string;
  /**
   * Whether PodDefaults are installed, which put volumes, variables and secrets into pods that are labelled for them; true by
   * default. Needs cert-manager.
   */
  podDefaults?: boolean;
}

/** Checks inputs of profiles. */
export function validateKubeflowProfiles(_name: string, args: KubeflowProfilesArgs): InputProblem[] {
  const { podSecurityLevel, namespaceLabels = {}, podDefaults = true } = args;
  return [
    ...checkKubeflowPart(args),
    ...checkNeededConsole(args.console),
    ...checkEnum("podSecurityLevel", podSecurityLevel, PodSecurityLevel),
    ...Object.entries(namespaceLabels).flatMap(([key, value]) => [
      ...checkLabelKey("namespaceLabels", key),
      ...checkLabelValue(`namespaceLabels["${key}"]`, value),
    ]),
    ...(podDefaults ? checkCertificates(args, "PodDefaults") : []),
  ];
}
