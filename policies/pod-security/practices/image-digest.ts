import { isUnknown, pathInContainer, type ContainerAt } from "../../../components/model";
import { hasDigest, isImageOf, withoutCredentials } from "../../engine/image";
import { textList } from "../../engine/parameters";
import { containerValue, judgeContainers, type PodGroup } from "../../engine/pods";
import { undecided, type Judgement, type ResourceRule } from "../../engine/rule";

/**
 * POD-23: images are named by their digest.
 *
 * @see https://kubernetes.io/docs/concepts/containers/images/ "Image names", v1.36
 */
export const imageDigest: ResourceRule<{ images: string[] }> = {
  id: "POD-23",
  title: "Images are pinned by their digest",
  why: "A tag can be moved to other content at any time; a digest is the content, on every node and in every run.",
  remediation: "Add the digest that the registry gives for the tested tag: `app:1.4@sha256:…`.",
  url: "https://kubernetes.io/docs/concepts/containers/images/#image-names",
  severity: "medium",
  level: "advisory",
  levels: { prod: "mandatory" },
  family: "pod",
  parameters: {
    images: textList("a list of the names of images, without tag or digest, that may be named by a tag", []),
  },
  frameworks: [{ name: "Checkov", reference: "CKV_K8S_43" }],
  examples: {
    bad: `
apiVersion: v1
kind: Pod
metadata: { name: embedder, namespace: ml }
spec:
  containers: [{ name: main, image: "registry.example/embedder:1.4" }]
`,
    good: `
apiVersion: v1
kind: Pod
metadata: { name: embedder, namespace: ml }
spec:
  containers:
    - name: main
      image: registry.example/embedder:1.4@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
`,
  },
  judge: ({ pods }, { images }) => judgeContainers(pods, (at, group) => judgeContainer(at, group, images)),
};

function* judgeContainer(at: ContainerAt, pods: PodGroup, images: string[]): Iterable<Judgement> {
  const path = pathInContainer(at, "image");
  const image = containerValue(pods, at, "image");
  if (isUnknown(image)) yield undecided(path);
  if (typeof image !== "string" || hasDigest(image) || isImageOf(image, images) === true) return;
  yield {
    path,
    observed: `${JSON.stringify(withoutCredentials(image))}, which has no digest`,
    allowed: "an image with a digest",
    remedy: "Add the digest of the version that was tested.",
  };
}
