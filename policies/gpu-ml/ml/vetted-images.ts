import type { Tree } from "../../../components/model";
import type { Parameter } from "../../engine/rule";

/** The images that a rule leaves alone. */
export const imagesParameter: Parameter<string[]> = {
  description: "a list of the names of images, without tag or digest, whose models were read through",
  default: [],
  schema: { type: "array", items: { type: "string" } },
  accepts: (value) => Array.isArray(value) && value.every((image) => typeof image === "string"),
};

/** The name of an image without tag and digest; empty where it is not known. */
export function imageName(image: Tree): string {
  if (typeof image !== "string") return "";
  const [reference = ""] = image.split("@");
  return reference.replace(/:[^/]*$/, "");
}
