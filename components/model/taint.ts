/** What a taint does to pods that do not tolerate it. */
export const TaintEffect = {
  /** Keeps new pods away. */
  noSchedule: "NoSchedule",
  /** Keeps new pods away where there is room elsewhere. */
  preferNoSchedule: "PreferNoSchedule",
  /** Keeps new pods away and evicts running ones. */
  noExecute: "NoExecute",
} as const;
/** What a taint does to pods that do not tolerate it. */
export type TaintEffect = (typeof TaintEffect)[keyof typeof TaintEffect];

/** A node taint in Kubernetes spelling. Cloud back ends convert it (EKS writes `NO_SCHEDULE`). */
export interface Taint {
  /** Label key, for example `example.com/team`. */
  key: string;
  /** Label value; none by default. */
  value?: string;
  /** What happens to pods that do not tolerate the taint. */
  effect: TaintEffect;
}
