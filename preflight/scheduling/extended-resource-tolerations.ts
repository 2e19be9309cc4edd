import { TaintEffect } from "../../components/model";
import type { SchedulablePod, Toleration } from "./pod";
import { isExtendedResource } from "./resource-names";

/**
 * A pod as the admission plugin ExtendedResourceToleration leaves it: it tolerates the taint `NoSchedule` that is called
 * like a device that it asks for. EKS and AKS turn the plugin on; it is off by default, and no part of the scheduler.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/#extendedresourcetoleration (v1.36)
 */
export function withExtendedResourceTolerations(pod: SchedulablePod): SchedulablePod {
  const added = [...pod.requests.keys()]
    .filter(isExtendedResource)
    .map((key): Toleration => ({ key, operator: "Exists", value: "", effect: TaintEffect.noSchedule }));
  return added.length === 0 ? pod : { ...pod, tolerations: [...pod.tolerations, ...added] };
}
