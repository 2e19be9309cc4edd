import { childAt, isUnknown, type ContainerAt, type Tree, pathInContainer } from "../../components/model";
import { judgeContainers } from "../engine/pods";
import { type Parameter, undecided, type Judgement, type ResourceRule } from "../engine/rule";

const images: Parameter<string[]> = {
  description: "a list of the names of images, without tag or digest, that may run privileged",
  // It hands devices of the machine to pods, and AWS publishes no other way to run it.
  default: ["public.ecr.aws/eks/aws-efa-k8s-device-plugin"],
  schema: { type: "array", items: { type: "string" } },
  accepts: (value) => Array.isArray(value) && value.every((image) => typeof image === "string"),
};

/**
 * POD-01: containers do not run privileged, but for images that are known to need it.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/ Baseline, "Privileged Containers", v1.37
 */
export const privilegedContainer: ResourceRule<{ images: string[] }> = {
  id: "POD-01",
  title: "Containers are not privileged",
  why: "A privileged container can read and change everything on its node, the pods of other teams included.",
  url: "https://kubernetes.io/docs/concepts/security/pod-security-standards/",
  severity: "critical",
  level: "mandatory",
  family: "pod",
  parameters: { images },
  judge: ({ pods }, parameters) => judgeContainers(pods, (at) => judgeContainer(at, parameters.images)),
};

function* judgeContainer(at: ContainerAt, allowedImages: string[]): Iterable<Judgement> {
  const { container: fields } = at;
  const path = pathInContainer(at, "securityContext.privileged");
  const privileged = childAt(childAt(fields, "securityContext"), "privileged");
  if (isUnknown(privileged)) yield undecided(path);
  if (privileged === true && !allowedImages.includes(imageName(childAt(fields, "image")))) {
    yield {
      path,
      observed: "true",
      allowed: "false or absent",
      remedy: "Remove it, and add the single capabilities that the program needs.",
    };
  }
}

/** The name of an image without tag and digest; empty where it is not known. */
function imageName(image: Tree): string {
  if (typeof image !== "string") return "";
  const [reference = ""] = image.split("@");
  return reference.replace(/:[^/]*$/, "");
}
