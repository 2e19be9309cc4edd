import { isUnknown, pathInContainer, type ContainerAt } from "../../../components/model";
import { fullNameOf } from "../../engine/image";
import { textList } from "../../engine/parameters";
import { containerValue, judgeContainers, type PodGroup } from "../../engine/pods";
import { undecided, type Judgement, type ResourceRule } from "../../engine/rule";

/** Where the parts of this platform come from. */
const OWN_REGISTRIES = ["docker.io", "ghcr.io", "nvcr.io", "public.ecr.aws", "quay.io", "registry.k8s.io"];

/**
 * POD-24: images come from registries that are trusted.
 *
 * Which ones these are only an organization can say, so the rule is off in every profile: give it a level together with
 * the list. Given a level alone, it allows where the parts of this platform come from. A registry is a host and perhaps
 * the beginning of a path (`ghcr.io/kubeflow`); `*` stands for any part of the host between two dots
 * (`*.dkr.ecr.*.amazonaws.com`).
 *
 * @see https://kubernetes.io/docs/concepts/containers/images/ "Image names", v1.36
 */
export const imageRegistry: ResourceRule<{ registries: string[] }> = {
  id: "POD-24",
  title: "Images come from registries that are trusted",
  why: "An image from anywhere else was never scanned, and its name may differ by one letter from the one that was meant.",
  remediation: "Copy the image into a registry of the list, or add its registry to `registries`.",
  url: "https://kubernetes.io/docs/concepts/containers/images/#image-names",
  severity: "high",
  level: "disabled",
  family: "pod",
  parameters: {
    registries: textList("a list of registries, each a host and perhaps the beginning of a path", OWN_REGISTRIES),
  },
  frameworks: [{ name: "Kubescape", reference: "C-0078" }],
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
  containers: [{ name: main, image: "ghcr.io/acme/embedder:1.4" }]
`,
  },
  judge: ({ pods }, { registries }) => judgeContainers(pods, (at, group) => judgeContainer(at, group, registries)),
};

function* judgeContainer(at: ContainerAt, pods: PodGroup, registries: string[]): Iterable<Judgement> {
  const path = pathInContainer(at, "image");
  const image = containerValue(pods, at, "image");
  if (isUnknown(image)) yield undecided(path);
  if (typeof image !== "string" || image === "") return;
  const name = fullNameOf(image);
  if (registries.some((registry) => isFrom(name, registry))) return;
  yield {
    path,
    observed: `${JSON.stringify(name)} by its full name`,
    allowed: registries.length === 0 ? "nothing, as no registry is listed" : `images from ${registries.join(", ")}`,
    remedy: "Copy the image into one of these registries, or have its registry listed.",
  };
}

/** Compares part by part, so that `ghcr.io/acme` is not the beginning of `ghcr.io/acme-impostor/app`. */
function isFrom(name: string, registry: string): boolean {
  const [host = "", ...path] = name.split("/");
  const [allowedHost = "", ...allowedPath] = registry.replace(/\/$/, "").split("/");
  const labels = host.split(".");
  const allowedLabels = allowedHost.split(".");
  const hasHost =
    labels.length === allowedLabels.length &&
    allowedLabels.every((label, index) => label === "*" || label === labels[index]);
  return hasHost && allowedPath.every((part, index) => part === path[index]);
}
