import { childAt, containersOf, type Tree } from "../../../components/model";
import { isImageOf } from "../../engine/image";
import { unknownContainersOf, type PodGroup } from "../../engine/pods";
import { textList } from "../../engine/parameters";
import type { Parameter } from "../../engine/rule";

/** Hands the network cards of a node to pods; AWS publishes no way to run it but privileged and on the host's network. */
export const EFA_DEVICE_PLUGIN = "public.ecr.aws/eks/aws-efa-k8s-device-plugin";

/** Hands the GPUs of a node to pods. */
export const NVIDIA_DEVICE_PLUGIN = "nvcr.io/nvidia/k8s-device-plugin";

/** Images that may do what others may not: an exception, and so one that has to be known. */
export function imagesParameter(may: string, images: string[]): Parameter<string[]> {
  return textList(`a list of the names of images, without tag or digest, that may ${may}`, images);
}

/** Whether a container runs one of some images. */
export function runsImage(container: Tree, images: string[]): boolean {
  return isImageOf(childAt(container, "image"), images) === true;
}

/** Whether the containers of a pod are all known, and run nothing but some images. */
export function runsOnlyImages(pods: PodGroup, images: string[]): boolean {
  const containers = containersOf(pods);
  const isKnown = containers.length > 0 && unknownContainersOf(pods).length === 0;
  return isKnown && containers.every(({ container }) => runsImage(container, images));
}
