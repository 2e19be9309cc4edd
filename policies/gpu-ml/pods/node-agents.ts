import { childAt, pathInContainer, type ContainerAt, type Tree } from "../../../components/model";
import type { Parameter } from "../../engine/rule";
import { fieldHolds, type Condition } from "./conditions";

/** Parameter of the rules that keep pods from GPUs that are not theirs: who has to do with every GPU of a node. */
export const agentImages: Parameter<string[]> = {
  description: "a list of the names of images, without tag or digest, that serve all GPUs of a node",
  // The device plugin hands them out, and the exporter measures them.
  default: ["nvcr.io/nvidia/k8s-device-plugin", "nvcr.io/nvidia/k8s/dcgm-exporter"],
  schema: { type: "array", items: { type: "string" } },
  accepts: (value) => Array.isArray(value) && value.every((image) => typeof image === "string"),
};

/** Whether a container runs none of the images that serve all GPUs of a node. */
export function isNoAgent(at: ContainerAt, images: string[]): Condition {
  const image = childAt(at.container, "image");
  return fieldHolds(image, pathInContainer(at, "image"), () => !images.includes(nameOf(image)));
}

/** The name of an image without tag and digest; empty where there is none. */
function nameOf(image: Tree): string {
  if (typeof image !== "string") return "";
  const [reference = ""] = image.split("@");
  return reference.replace(/:[^/]*$/, "");
}
