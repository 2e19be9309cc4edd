import { childAt, isUnknown, type ContainerAt, pathInContainer } from "../../components/model";
import { judgeContainers } from "../engine/pods";
import { undecided, type Judgement, type ResourceRule } from "../engine/rule";

/**
 * POD-22: images carry a tag other than `latest`, or a digest.
 *
 * @see https://kubernetes.io/docs/concepts/containers/images/ "Image names", v1.36
 */
export const imageTag: ResourceRule = {
  id: "POD-22",
  title: "Images carry a tag other than latest, or a digest",
  why: "A floating image changes between two runs of the same job, so that no result can be reproduced.",
  url: "https://kubernetes.io/docs/concepts/containers/images/#image-names",
  severity: "medium",
  level: "mandatory",
  family: "pod",
  parameters: {},
  judge: ({ pods }) => judgeContainers(pods, judgeContainer),
};

const DIGEST = /@[a-z0-9]+(?:[+._-][a-z0-9]+)*:[0-9a-f]{32,}$/;

function* judgeContainer(at: ContainerAt): Iterable<Judgement> {
  const { container: fields } = at;
  const path = pathInContainer(at, "image");
  const given = childAt(fields, "image");
  if (isUnknown(given)) yield undecided(path);
  if (typeof given !== "string" || DIGEST.test(given)) return;
  const image = withoutCredentials(given);
  const tag = tagOf(image);
  if (tag !== undefined && tag !== "latest") return;
  yield {
    path,
    observed: `${JSON.stringify(image)}, ${tag === undefined ? "which has no tag" : "which moves with every release"}`,
    allowed: "an image with a version tag or a digest",
    remedy: "Name the version that was tested, for example by its digest.",
  };
}

/** Leaves out what stands before the host, which no runtime reads and which may be a password: `user:pass@host/app`. */
function withoutCredentials(image: string): string {
  return image.replace(/^.*@(?!sha(256|512):[^/@]*$)/s, "");
}

/** The tag of an image reference: neither the registry's port, before the last slash, nor part of a broken digest. */
function tagOf(image: string): string | undefined {
  const [reference = ""] = image.slice(image.lastIndexOf("/") + 1).split("@");
  const [, tag] = reference.split(":");
  return tag === "" ? undefined : tag;
}
