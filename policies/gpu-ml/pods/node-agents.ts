import { childAt, pathInContainer, type ContainerAt } from "../../../components/model";
import { isImageOf } from "../../engine/image";
import { textList } from "../../engine/parameters";
import { not } from "../../engine/truth";
import { conditionOf, type Condition } from "../../engine/conditions";

/** Parameter of the rules that keep pods from GPUs that are not theirs: who has to do with every GPU of a node. */
export const agentImages = textList(
  "a list of the names of images, without tag or digest, that serve all GPUs of a node",
  // The device plugin hands them out, and the exporter measures them.
  ["nvcr.io/nvidia/k8s-device-plugin", "nvcr.io/nvidia/k8s/dcgm-exporter"],
);

/** Whether a container runs none of the images that serve all GPUs of a node. */
export function isNoAgent(at: ContainerAt, images: string[]): Condition {
  return conditionOf(not(isImageOf(childAt(at.container, "image"), images)), pathInContainer(at, "image"));
}
