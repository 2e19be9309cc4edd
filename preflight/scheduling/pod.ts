import type { Told } from "../../components/model";
import type { Amounts } from "./amounts";

/** An expression over labels, of nodes (`Gt` and `Lt` compare numbers) or of pods. */
export interface LabelRequirement {
  key: string;
  operator: "In" | "NotIn" | "Exists" | "DoesNotExist" | "Gt" | "Lt";
  values: readonly string[];
}

/** One of several alternatives of a node affinity; all its requirements must hold. None at all match no node. */
export interface NodeTerm {
  expressions: readonly LabelRequirement[];
  /** Requirements on `metadata.name`. */
  fields: readonly LabelRequirement[];
}

/** A selector of pods or namespaces; undefined selects nothing, no requirements select everything. */
export type LabelSelector = readonly LabelRequirement[] | undefined;

/** A term of a required pod affinity or anti-affinity. */
export interface PodTerm {
  topologyKey: string;
  selector: LabelSelector;
  /** Namespaces by name; where neither these nor a selector are given, that of the pod itself. */
  namespaces: readonly string[];
  namespaceSelector: LabelSelector;
}

/** A topology spread constraint that keeps pods waiting (`DoNotSchedule`). */
export interface SpreadConstraint {
  topologyKey: string;
  maxSkew: number;
  minDomains: number;
  selector: LabelSelector;
  /** Whether nodes that the pod does not select are left out of the domains; true by default. */
  honorNodeAffinity: boolean;
  /** Whether nodes whose taints the pod does not tolerate are left out of the domains; false by default. */
  honorTaints: boolean;
}

/** What a pod tolerates; an absent key with `Exists` tolerates everything, an absent effect every effect. */
export interface Toleration {
  key: string;
  operator: "Equal" | "Exists" | "Gt" | "Lt";
  value: string;
  effect: string;
}

/** A port of the node that a pod takes. */
export interface HostPort {
  ip: string;
  protocol: string;
  port: number;
}

/** Where the volume of a pod can be reached from: terms of the node affinity of a volume that is there already. */
export interface VolumeReach {
  /** Name of the claim. */
  claim: string;
  terms: readonly NodeTerm[];
}

/** What a claim asks of the pods that use it. */
export interface ClaimUse {
  /** Terms of the node affinity of its volume; undefined where that can be reached from everywhere. */
  terms: readonly NodeTerm[] | undefined;
  /** Whether only one pod of the cluster may use it at a time: its access mode is `ReadWriteOncePod`. */
  isForOnePod: Told<boolean>;
}

/** A pod as the scheduler sees it. */
export interface SchedulablePod {
  namespace: string;
  labels: Readonly<Record<string, string>>;
  /** What the scheduler counts for it: containers, sidecars and init containers, overhead, and 1 of `pods`. */
  requests: Amounts;
  /** The node that `spec.nodeName` or a DaemonSet names. */
  nodeName: string | undefined;
  nodeSelector: readonly (readonly [key: string, value: string])[];
  /** Required node affinity; undefined where there is none. */
  nodeTerms: readonly NodeTerm[] | undefined;
  tolerations: readonly Toleration[];
  hostPorts: readonly HostPort[];
  affinity: readonly PodTerm[];
  antiAffinity: readonly PodTerm[];
  spread: readonly SpreadConstraint[];
  volumes: readonly VolumeReach[];
  /** Paths inside the pod template that are not known yet and may decide where the pod can run. */
  unknownPaths: readonly string[];
  /** Those of these paths that are known but cannot be read, each with why; absent where there are none. */
  faults?: readonly (readonly [path: string, why: string])[];
}
