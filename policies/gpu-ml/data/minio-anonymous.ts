import { childAt, isUnknown, pathInContainer, type ContainerAt } from "../../../components/model";
import { judgeContainers } from "../../engine/pods";
import { undecided, type Judgement, type ResourceRule } from "../../engine/rule";
import { chartValue, chartNamed, type InstalledChart } from "../installed-chart";
import { wordsOf } from "./minio";

/** Policies of MinIO's client that let everybody read, write or do both. */
const OPEN: readonly string[] = ["download", "upload", "public", "readonly", "writeonly", "readwrite"];

/** The words of the client with which a bucket is opened; `policy` is the older name of `anonymous`. */
const OPENING = /\b(?:anonymous|policy)\s+set\s+(?:download|upload|public|readonly|writeonly|readwrite)\b/;

/** Stands in a command for a word that is not known yet. */
const UNKNOWN_WORD = "\u0000";

/** A bucket is opened or closed, and the word that tells which is not known. */
const UNSURE = new RegExp(`\\b(?:anonymous|policy)\\s+(?:set\\s+)?${UNKNOWN_WORD}`);

/**
 * DATA-01, anonymous access: no bucket of MinIO is open to whoever has no credentials.
 *
 * @see https://github.com/minio/minio/blob/RELEASE.2025-10-15T17-29-55Z/helm/minio/values.yaml "buckets", chart 5.4.0
 * @see https://docs.min.io/community/minio-object-store/reference/minio-mc/mc-anonymous-set.html
 */
export const minioAnonymous: ResourceRule = {
  id: "DATA-01",
  title: "Buckets of MinIO are closed to anonymous users",
  why: "An open bucket gives data sets away, or takes models from anybody who reaches the server.",
  remediation: "Leave the bucket's policy at `none`, and give each program a user with the rights that it needs.",
  url: "https://docs.min.io/community/minio-object-store/reference/minio-mc/mc-anonymous-set.html",
  severity: "critical",
  level: "mandatory",
  family: "platform",
  parameters: {},
  examples: {
    bad: `
type: kubernetes:helm.sh/v3:Release
name: minio
properties:
  chart: minio
  version: 5.4.0
  values: { buckets: [{ name: datasets, policy: download }] }
`,
    good: `
type: kubernetes:helm.sh/v3:Release
name: minio
properties:
  chart: minio
  version: 5.4.0
  values: { buckets: [{ name: datasets, policy: none }] }
`,
  },
  *judge(subject) {
    const chart = chartNamed(subject, "minio");
    if (chart !== undefined) yield* judgeChart(chart);
    yield* judgeContainers(subject.pods, judgeContainer);
  },
};

function* judgeChart(chart: InstalledChart): Iterable<Judgement> {
  const buckets = chartValue(chart, "buckets", []);
  if (isUnknown(buckets)) yield undecided("values.buckets");
  for (const [index, bucket] of Array.isArray(buckets) ? buckets.entries() : []) {
    const path = `values.buckets[${index}].policy`;
    const policy = childAt(bucket, "policy");
    if (isUnknown(policy)) yield undecided(path);
    const opened = OPEN.find((one) => one === policy);
    if (opened !== undefined) yield isUnknown(chart.name) ? undecided("chart") : open(path, opened);
  }
}

function* judgeContainer(at: ContainerAt): Iterable<Judgement> {
  const path = pathInContainer(at, Array.isArray(childAt(at.container, "args")) ? "args" : "command");
  const words = wordsOf(at.container);
  const known = words.map((word) => (isUnknown(word) ? UNKNOWN_WORD : word)).join(" ");
  if (OPENING.test(known)) yield open(path, "a command that opens a bucket");
  else if (UNSURE.test(known)) yield undecided(path);
}

function open(path: string, observed: string): Judgement {
  return {
    path,
    observed,
    allowed: "buckets without anonymous access",
    remedy: "Close the bucket, and give each program a user of its own.",
  };
}
