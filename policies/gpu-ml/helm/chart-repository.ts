import { isUnknown, nodeAt, type Tree } from "../../../components/model";
import { textList } from "../../engine/parameters";
import { undecided, type Judgement, type ResourceRule } from "../../engine/rule";
import { installedChartOf, isAddress, isFetched, type InstalledChart } from "../installed-chart";

const repositories = textList(
  "a list of the addresses that charts may come from, each with all below it; any over https or oci if empty",
);

/**
 * HELM-01, repository: charts come over encrypted connections, and from listed repositories where there is a list.
 *
 * @see https://helm.sh/docs/topics/chart_repository/ and https://helm.sh/docs/topics/registries/, Helm 3.18
 */
export const chartRepository: ResourceRule<{ repositories: string[] }> = {
  id: "HELM-01",
  title: "Charts come from repositories that are trusted",
  why: "A chart brings whatever objects it likes, often with rights over the whole cluster.",
  remediation: "Take the chart from its publisher's https or OCI repository, or from a copy of your own.",
  url: "https://helm.sh/docs/topics/chart_repository/",
  severity: "high",
  level: "mandatory",
  family: "platform",
  parameters: { repositories },
  examples: {
    bad: `
type: kubernetes:helm.sh/v3:Release
name: minio
properties:
  chart: minio
  version: 5.4.0
  repositoryOpts: { repo: "http://charts.example" }
`,
    good: `
type: kubernetes:helm.sh/v3:Release
name: minio
properties:
  chart: minio
  version: 5.4.0
  repositoryOpts: { repo: "https://charts.example" }
`,
  },
  *judge(subject, parameters) {
    const chart = installedChartOf(subject);
    if (chart === undefined || isFetched(chart) === false) return;
    if (isUnknown(chart.reference)) yield undecided("chart");
    else {
      yield* judgeAddress(chart, chart.reference, parameters.repositories);
      yield* judgeConnection(nodeAt(subject.tree, "plainHttp"));
    }
  },
};

function* judgeAddress(chart: InstalledChart, reference: string, allowed: string[]): Iterable<Judgement> {
  const path = isAddress(reference) ? "chart" : chart.repositoryPath;
  const address = isAddress(reference) ? reference : chart.repository;
  if (isUnknown(address)) {
    yield undecided(path);
    return;
  }
  const text = typeof address === "string" ? address : "";
  if (isAddress(text)) {
    const [isListed, isEncrypted] = [allowed.some((one) => isBelow(text, one)), /^(https|oci):/i.test(text)];
    if (isListed || (isEncrypted && allowed.length === 0)) return;
    yield {
      path,
      observed: `${hostOf(text)}, which is ${isEncrypted ? "not in the list" : "not encrypted"}`,
      allowed: allowed.length === 0 ? "a repository over https or oci" : `one of ${allowed.join(", ")}`,
      remedy: "Take the chart from there, or from a copy of your own.",
    };
  } else if (allowed.length > 0) {
    // Without an address, only who names a version means a repository; see isFetched.
    if (isUnknown(chart.version)) {
      yield undecided("version");
      return;
    }
    yield {
      path,
      observed: "no address, so that it means what Helm on each machine knows by that name",
      allowed: `one of ${allowed.join(", ")}`,
      remedy: "Name the address of the repository.",
    };
  }
}

function* judgeConnection(plainHttp: Tree): Iterable<Judgement> {
  if (isUnknown(plainHttp)) yield undecided("plainHttp");
  if (plainHttp !== true) return;
  yield {
    path: "plainHttp",
    observed: "true",
    allowed: "false or absent",
    remedy: "Remove it, and give the registry a certificate.",
  };
}

function isBelow(address: string, allowed: string): boolean {
  const base = allowed.replace(/\/$/, "");
  if (/\/\.\.(?:\/|$)/.test(address)) return false;
  return address === base || address.startsWith(`${base}/`);
}

/** Scheme and host; what stands before the host may be a password, and what follows it a token. */
function hostOf(address: string): string {
  const [, scheme = "", host] =
    /^([a-z][a-z0-9+.-]*:\/\/)(?:[^@/]*@)?([a-z0-9.-]+(?::\d+)?)(?:\/[^@]*)?$/i.exec(address) ?? [];
  return host === undefined ? "an address" : `"${scheme}${host}"`;
}
