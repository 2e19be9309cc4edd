import { isUnknown, nodeAt, pathInContainer, containersOf, UNKNOWN, type Unknown } from "../../../../components/model";
import type { VersionedPart } from "../../../../components/model/version-matrix";
import type { Subject } from "../../../engine/subject";
import { installedChartOf } from "../../installed-chart";

/** A part of the platform that a resource of a stack installs. */
export interface InstalledPart {
  part: VersionedPart | Unknown;
  version: string | Unknown;
  subject: Subject;
  /** Where its version is said. */
  path: string;
}

/**
 * Parts by the image that they run, without the registry; those whose chart has versions of its own are found by the
 * chart only.
 */
const IMAGES: [image: RegExp, part: VersionedPart][] = [
  [/\/kueue\/kueue$/, "kueue"],
  [/\/jobset\/jobset$/, "jobSet"],
  [/\/trainer\/trainer-controller-manager$/, "trainer"],
  [/\/argoproj\/workflow-controller$|\/workflow-controller$/, "argoWorkflows"],
  [/\/(istio\/)?pilot$/, "istiod"],
  [/\/kserve\/kserve-controller$|\/kserve-controller$/, "kserve"],
  [/\/(jetstack\/)?cert-manager-controller$/, "certManager"],
  [/\/kedacore\/keda$/, "keda"],
  [/\/karpenter\/controller$/, "karpenter"],
  [/\/kfp-api-server$/, "pipelines"],
];

/** Parts by the name of their chart. */
const CHARTS = new Map<string, VersionedPart>([
  ["kueue", "kueue"],
  ["jobset", "jobSet"],
  ["kubeflow-trainer", "trainer"],
  ["istiod", "istiod"],
  ["ztunnel", "ztunnel"],
  ["kserve-resources", "kserve"],
  ["cert-manager", "certManager"],
  ["keda", "keda"],
  ["karpenter", "karpenter"],
  ["vertical-pod-autoscaler", "verticalPodAutoscaler"],
]);

/** A whole version, with or without a leading `v`. */
const VERSION = /^v?(\d+\.\d+\.\d+)(?:[-+].*)?$/;

/** Where a resource says the version of a part that it installs: by charts, and by the images of Deployments. */
export function partsOf(subject: Subject): InstalledPart[] {
  const chart = installedChartOf(subject);
  if (chart !== undefined) {
    const part = isUnknown(chart.name) ? UNKNOWN : CHARTS.get(chart.name);
    if (isUnknown(part)) return [{ part, version: UNKNOWN, subject, path: "chart" }];
    return part === undefined ? [] : partAt(part, chart.version, subject, "version");
  }
  if (!subject.is("apps/Deployment")) return [];
  return subject.pods.flatMap(containersOf).flatMap((at) => {
    const { name, tag } = imageOf(at.container["image"]);
    const part = IMAGES.find(([image]) => image.test(name))?.[1];
    return part === undefined ? [] : partAt(part, tag, subject, pathInContainer(at, "image"));
  });
}

/** The minor version of Kubernetes, as `1.35`, that the Cluster Autoscaler of a resource is made for. */
export function autoscalerOf(subject: Subject): { minor: string; path: string } | undefined {
  if (installedChartOf(subject)?.name === "cluster-autoscaler") {
    const path = "values.image.tag";
    const minor = minorIn(nodeAt(subject.tree, path));
    return minor === undefined ? undefined : { minor, path };
  }
  if (!subject.is("apps/Deployment")) return undefined;
  for (const at of subject.pods.flatMap(containersOf)) {
    const { name, tag } = imageOf(at.container["image"]);
    const minor = name.endsWith("/cluster-autoscaler") ? minorIn(tag) : undefined;
    if (minor !== undefined) return { minor, path: pathInContainer(at, "image") };
  }
  return undefined;
}

/** The version of Kubernetes, as `1.35`, that a resource gives a cluster. */
export function clusterVersionOf({ type, tree }: Subject): { version: unknown; path: string } | undefined {
  const path = CLUSTERS.get(type);
  return path === undefined ? undefined : { version: nodeAt(tree, path) ?? undefined, path };
}

const CLUSTERS = new Map([
  ["aws:eks/cluster:Cluster", "version"],
  ["eks:index:Cluster", "version"],
]);

function partAt(part: VersionedPart, version: unknown, subject: Subject, path: string): InstalledPart[] {
  if (isUnknown(version)) return [{ part, version, subject, path }];
  const bare = typeof version === "string" ? VERSION.exec(version)?.[1] : undefined;
  return bare === undefined ? [] : [{ part, version: bare, subject, path }];
}

function minorIn(tag: unknown): string | undefined {
  return typeof tag === "string" ? /^v?(1\.\d+)\./.exec(tag)?.[1] : undefined;
}

/** The name of an image with what stands before it, and its tag. */
function imageOf(image: unknown): { name: string; tag: string | undefined } {
  const [reference = ""] = (typeof image === "string" ? image : "").split("@");
  const [, name = reference, tag] = /^(.*):([^/:]+)$/.exec(reference) ?? [];
  return { name: `/${name}`, tag };
}
