import { join } from "node:path";
import type { PinnedChart, PinnedManifests } from "../model/versions";
import { bareVersion, NEWEST_KUBERNETES } from "../model";
import type { ChartValues } from "./chart-values";
import type { PlatformFacts } from "./platform-facts";

/** A chart to be rendered. */
export interface ChartSource {
  chart: PinnedChart;
  /** Name of the release, which charts make the names of objects from. */
  release: string;
  namespace: string;
  values?: ChartValues;
  /** Exact version in place of the pinned one. */
  version?: string;
}

/** Manifests to be built with kustomize. */
export interface ManifestSource {
  manifests: PinnedManifests;
  /** Folder within the manifests that has the `kustomization.yaml`. */
  folder: string;
  /** Exact version in place of the pinned one. */
  version?: string;
}

/** Where objects come from. */
export type Source = ChartSource | ManifestSource;

/** A call of the Kubernetes provider that renders a source. */
export interface RenderCall {
  token: "kubernetes:helm:template" | "kubernetes:kustomize:directory";
  args: Record<string, unknown>;
}

/** How a source is rendered; with a mirror, without asking its publisher. */
export function renderCall(source: Source, facts: PlatformFacts): RenderCall {
  return "chart" in source ? chartCall(source, facts) : manifestCall(source, facts.chartMirror);
}

/** What the address of a registry starts with. */
const OCI = "oci://";

/** APIs that charts ask for before they use them. */
const apiVersions = ["apps/v1", "batch/v1", "policy/v1", "networking.k8s.io/v1", "rbac.authorization.k8s.io/v1"];
const certManagerApis = ["", "/Certificate", "/Issuer", "/ClusterIssuer"].map((kind) => `cert-manager.io/v1${kind}`);
const prometheusApis = ["", "/ServiceMonitor", "/PodMonitor", "/PrometheusRule"].map(
  (kind) => `monitoring.coreos.com/v1${kind}`,
);

function chartCall(source: ChartSource, facts: PlatformFacts): RenderCall {
  const { chartMirror: mirror, kubernetesVersion: kubernetes = NEWEST_KUBERNETES, certManager, prometheus } = facts;
  const { release, namespace, values = {} } = source;
  const options = {
    ...chartLocation(source, mirror),
    release_name: release,
    namespace,
    values,
    // Told rather than asked of the cluster, so that every run renders the same.
    kube_version: `v${kubernetes}.0`,
    api_versions: [
      ...apiVersions,
      ...(certManager === true ? certManagerApis : []),
      ...(prometheus === true ? prometheusApis : []),
    ],
  };
  return { token: "kubernetes:helm:template", args: { jsonOpts: JSON.stringify(options) } };
}

function chartLocation(source: ChartSource, mirror: string | undefined) {
  const { chart, repository } = source.chart;
  const version = versionOf(source);
  const path = sourceFolder(source, mirror);
  if (path !== undefined) return { path, chart: nameOf(source) };
  if (mirror !== undefined) return { chart: `${mirror}/${nameOf(source)}`, version };
  return { chart, version, ...(repository === undefined ? {} : { fetch_opts: { repo: repository } }) };
}

function manifestCall(source: ManifestSource, mirror: string | undefined): RenderCall {
  const { manifests, folder } = source;
  const { repository, tagPrefix, root } = manifests;
  const mirrored = sourceFolder(source, mirror);
  const directory =
    mirrored === undefined
      ? `${repository}/tree/${tagPrefix}${versionOf(source)}/${root}/${folder}`
      : join(mirrored, folder);
  return { token: "kubernetes:kustomize:directory", args: { directory } };
}

/** Folder of a mirror that holds one version of a chart or of manifests. */
export function mirrorFolder(mirror: string, name: string, version: string): string {
  return join(mirror, `${name}-${version}`);
}

/** Folder of a mirror that a source is taken from; undefined where it comes from elsewhere. */
export function sourceFolder(source: Source, mirror: string | undefined): string | undefined {
  if (mirror === undefined || mirror.startsWith(OCI)) return undefined;
  return mirrorFolder(mirror, nameOf(source), versionOf(source));
}

/** A source as messages name it, for example `Chart kueue 0.19.2`. */
export function sourceTitle(source: Source): string {
  return `${"chart" in source ? "Chart" : "Manifests"} ${nameOf(source)} ${versionOf(source)}`;
}

/** The version of each source, without a leading `v`, by the name of the chart or of the manifests. */
export function versionsIn(sources: Source[]): Record<string, string> {
  return Object.fromEntries(sources.map((source) => [nameOf(source), bareVersion(versionOf(source))]));
}

function nameOf(source: Source): string {
  if ("manifests" in source) return source.manifests.name;
  const { chart } = source.chart;
  return chart.slice(chart.lastIndexOf("/") + 1);
}

/** The version to take, with a leading `v` where the pinned one has it: whoever names another need not know. */
function versionOf(source: Source): string {
  const { version: pinned } = "chart" in source ? source.chart : source.manifests;
  const bare = bareVersion(source.version ?? pinned);
  return pinned.startsWith("v") ? `v${bare}` : bare;
}
