import { DEFAULT_KUBERNETES, isUnknown, type Finding } from "../../../../components/model";
import { checkVersions, type VersionedPart } from "../../../../components/model/version-matrix";
import { undecided, type Judgement, type StackRule } from "../../../engine/rule";
import type { Subject } from "../../../engine/subject";
import { endAt } from "./layer-end";
import { autoscalerOf, clusterVersionOf, partsOf, type InstalledPart } from "./part-versions";

/**
 * LAY-08: parts of the platform that a stack installs go together, with each other and with the version of its cluster.
 *
 * Versions are read from charts and from the images of Deployments. What is not there may be installed elsewhere.
 *
 * @see https://kueue.sigs.k8s.io/docs/installation/ (0.19)
 * @see https://karpenter.sh/docs/upgrading/compatibility/ (1.14)
 * @see https://github.com/kubernetes/autoscaler/tree/master/cluster-autoscaler "Releases"
 */
export const versionPair: StackRule = {
  id: "LAY-08",
  title: "Versions of the platform's parts and of the cluster go together",
  why: "Parts that were never tested with each other fail in ways that look like faults of the workloads.",
  remediation: "Change one of the two versions to one that the other is tested with.",
  url: "https://karpenter.sh/docs/upgrading/compatibility/",
  severity: "high",
  level: "mandatory",
  family: "platform",
  parameters: {},
  examples: {
    bad: `
type: aws:eks/cluster:Cluster
name: lab
properties: { name: lab, version: "1.36" }
---
type: kubernetes:helm.sh/v3:Release
name: karpenter
properties: { chart: "oci://public.ecr.aws/karpenter/karpenter", version: 1.9.3 }
`,
    good: `
type: aws:eks/cluster:Cluster
name: lab
properties: { name: lab, version: "1.36" }
---
type: kubernetes:helm.sh/v3:Release
name: karpenter
properties: { chart: "oci://public.ecr.aws/karpenter/karpenter", version: 1.14.1 }
`,
  },
  *judgeStack(subjects) {
    const all = subjects.flatMap(partsOf);
    const parts = all.filter(isKnown);
    const clusters = subjects.flatMap((subject): Cluster[] => {
      const found = clusterVersionOf(subject);
      return found === undefined ? [] : [{ subject, ...found }];
    });
    for (const cluster of distinct(clusters)) {
      yield* judgeCluster(parts, cluster);
      for (const subject of subjects) yield* judgeAutoscaler(subject, cluster);
    }
    yield* judgeParts(parts);
    for (const { subject, path } of clusters.length + parts.length === 0 ? [] : all.filter((part) => !isKnown(part)))
      yield [subject, undecided(path)];
  },
};

/** A part of which the version is known, and so is the name. */
type KnownPart = InstalledPart & { part: VersionedPart; version: string };

function isKnown(installed: InstalledPart): installed is KnownPart {
  return !isUnknown(installed.version);
}

/** A cluster of a stack, with its version as far as it is known. */
interface Cluster {
  subject: Subject;
  version: unknown;
  path: string;
}

function* judgeCluster(parts: KnownPart[], { subject, version, path }: Cluster): Iterable<[Subject, Judgement]> {
  if (isUnknown(version)) {
    for (const own of parts) yield [own.subject, undecided(own.path)];
  }
  if (!isMinor(version)) return;
  for (const { object, path: needs, observed, allowed, remedy } of mismatches(parts, version)) {
    const own = parts.find((each) => object === nameOf(each));
    if (own === undefined || needs !== "kubernetes") continue;
    const end = `Kubernetes ${observed} (${endAt(subject, path)})`;
    yield [own.subject, violation(own, end, `Kubernetes ${allowed}`, remedy)];
  }
}

/** What is missing may be installed elsewhere, and is not missed. */
function* judgeParts(parts: KnownPart[]): Iterable<[Subject, Judgement]> {
  for (const { object, path: needs, allowed, remedy } of mismatches(parts, DEFAULT_KUBERNETES)) {
    const own = parts.find((each) => object === nameOf(each));
    const other = parts.findLast(({ part }) => part === needs);
    if (own === undefined || other === undefined) continue;
    const end = `${nameOf(other)} (${endAt(other.subject, other.path)})`;
    yield [own.subject, violation(own, end, `${other.part} ${allowed}`, remedy)];
  }
}

/** Where a part is there in several versions, the last one counts. */
function mismatches(parts: KnownPart[], kubernetes: string): Finding[] {
  return checkVersions({ kubernetes, parts: Object.fromEntries(parts.map(({ part, version }) => [part, version])) });
}

function nameOf({ part, version }: KnownPart): string {
  return `${part} ${version}`;
}

/** The scheduler that it simulates is that of its own minor version. */
function* judgeAutoscaler(owner: Subject, { subject, version, path }: Cluster): Iterable<[Subject, Judgement]> {
  const autoscaler = autoscalerOf(owner);
  if (autoscaler === undefined) return;
  if (isUnknown(version)) yield [owner, undecided(autoscaler.path)];
  if (!isMinor(version) || version === autoscaler.minor) return;
  yield [
    owner,
    {
      path: autoscaler.path,
      observed: `Cluster Autoscaler ${autoscaler.minor} beside Kubernetes ${version} (${endAt(subject, path)})`,
      allowed: `Cluster Autoscaler ${version}, of the minor version of the cluster`,
      remedy: `Take a tag of ${version}.`,
    },
  ];
}

function violation(own: KnownPart, end: string, allowed: string, remedy: string): Judgement {
  return { path: own.path, observed: `${nameOf(own)} beside ${end}`, allowed, remedy };
}

/** A component and the cluster that it makes say the same. */
function distinct(clusters: Cluster[]): Cluster[] {
  return clusters.filter(({ version }, index) => clusters.findIndex((each) => each.version === version) === index);
}

function isMinor(version: unknown): version is string {
  return typeof version === "string" && /^1\.\d+$/.test(version);
}
