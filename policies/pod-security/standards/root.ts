import type { ContainerAt } from "../../../components/model";
import { allHold, conditionOf, type Condition } from "../../engine/conditions";
import type { PodGroup } from "../../engine/pods";
import { EFA_DEVICE_PLUGIN, imagesParameter, NVIDIA_DEVICE_PLUGIN, runsImage, runsOnlyImages } from "./images";
import { kubernetesVersion, type StandardsVersion } from "./kubernetes-version";
import { withoutUserNamespace } from "./pod-conditions";

/** The settings of the rules about root. */
export type RootSettings = {
  kubernetesVersion: StandardsVersion;
  images: string[];
};

/** The parameters of the rules about root; device plugins write into a folder of the kubelet that is root's. */
export const rootParameters = {
  kubernetesVersion,
  images: imagesParameter("run as root", [EFA_DEVICE_PLUGIN, NVIDIA_DEVICE_PLUGIN]),
};

/** Holds where it matters that a container, or the pod as a whole, is root. */
export function rootMatters(pods: PodGroup, at: ContainerAt | undefined, settings: RootSettings): Condition {
  const { images } = settings;
  const isListed = at === undefined ? runsOnlyImages(pods, images) : runsImage(at.container, images);
  const isRootOnNode = withoutUserNamespace(pods, settings.kubernetesVersion);
  return allHold([conditionOf(!isListed), isRootOnNode]);
}
