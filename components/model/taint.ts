/** What a taint does to pods that do not tolerate it, as Kubernetes spells it. */
export type TaintEffect = "NoSchedule" | "PreferNoSchedule" | "NoExecute";

/** A node taint in Kubernetes spelling. Cloud back ends convert it (EKS writes `NO_SCHEDULE`). */
export interface Taint {
  key: string;
  value?: string;
  effect: TaintEffect;
}
