import { isUnknown } from "../../../components/model";
import { undecided, type Judgement, type ResourceRule } from "../../engine/rule";
import { allOf, type Truth } from "../../engine/truth";
import { installedChartOf, isFetched, type InstalledChart } from "../installed-chart";

/**
 * HELM-01, version: charts are installed at one exact version.
 *
 * Helm reads anything but a full version as a range, and takes the newest where there is none. A folder or file of the
 * program's own has the version that is checked in.
 *
 * @see https://helm.sh/docs/helm/helm_install/ "--version", Helm 3.18
 * @see https://github.com/Masterminds/semver "Checking Version Constraints", v3
 */
export const chartVersion: ResourceRule = {
  id: "HELM-01",
  title: "Charts have one exact version",
  why: "A range lets whoever publishes the chart change what the next update installs, with no change to the program.",
  remediation: "Set `version` to the full version that was tested, such as `1.14.1`.",
  url: "https://helm.sh/docs/helm/helm_install/",
  severity: "high",
  level: "mandatory",
  family: "platform",
  parameters: {},
  examples: {
    bad: `
type: kubernetes:helm.sh/v3:Release
name: karpenter
properties:
  chart: oci://public.ecr.aws/karpenter/karpenter
  version: ^1.14
`,
    good: `
type: kubernetes:helm.sh/v3:Release
name: karpenter
properties:
  chart: oci://public.ecr.aws/karpenter/karpenter
  version: 1.14.1
`,
  },
  judge(subject) {
    const chart = installedChartOf(subject);
    return chart === undefined ? [] : judgeChart(chart);
  },
};

function* judgeChart(chart: InstalledChart): Iterable<Judgement> {
  const { reference, repository, repositoryPath, version } = chart;
  if (isUnknown(version)) {
    if (isFetched(chart) !== false) yield undecided("version");
    return;
  }
  const floats = allOf([isFetched(chart), isFloating(chart)]);
  if (isUnknown(floats)) {
    if (isUnknown(reference)) yield undecided("chart");
    if (isUnknown(repository)) yield undecided(repositoryPath);
  }
  if (floats === true) {
    yield {
      path: "version",
      observed: version === undefined ? "absent, so that the newest is installed" : `"${version}", which is a range`,
      allowed: "one exact version, such as 1.14.1",
      remedy: "Name the version that was tested.",
    };
  }
}

function isFloating({ reference, version }: InstalledChart): Truth {
  if (typeof version === "string") return !isExact(version);
  return isUnknown(reference) ? reference : !pinsVersion(reference);
}

function isExact(version: string): boolean {
  return /^=?v?\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/.test(version);
}

/** Whether an address ends in the version or the digest of a packed chart. */
function pinsVersion(reference: string): boolean {
  const [, tag = ""] = /:([^/:@]+)$/.exec(reference) ?? [];
  return /-v?\d+\.\d+\.\d+[^/]*\.tgz$/.test(reference) || /@sha256:[0-9a-f]{64}$/.test(reference) || isExact(tag);
}
