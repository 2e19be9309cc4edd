import { join } from "node:path";
import type { PinnedChart, PinnedManifests } from "../model/versions";
import { NEWEST_KUBERNETES } from "../model";
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

/** APIs that charts ask for before they use them. */
const apiVersions = ["apps/v1", "batch/v1", "policy/v1", "networking.k8s.io/v1", "rbac.authorization.k8s.io/v1"];
const certManagerApis = ["", "/Certificate", "/Issuer", "/ClusterIssuer"].map((kind) => `cert-manager.io/v1${kind}`);
const prometheusApis = ["", "/ServiceMonitor", "/PodMonitor", "/PrometheusRule"].map(
  (kind) => `monitoring.coreos.com/v1${kind}`,
);

function chartCall(source: ChartSource, facts: PlatformFacts): RenderCall {
  const { chartMirror: mirror, kubernetesVersion: kubernetes = NEWEST_KUBERNETES, certManager, prometheus } = facts;
  const { chart, release, namespace, values = {} } = source;
  const version = source.version ?? chart.version;
  const options = {
    ...chartLocation(chart, version, mirror),
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

function chartLocation({ chart, repository }: PinnedChart, version: string, mirror: string | undefined) {
  const name = chart.slice(chart.lastIndexOf("/") + 1);
  if (mirror?.startsWith("oci://") === true) return { chart: `${mirror}/${name}`, version };
  if (mirror !== undefined) return { path: mirrorFolder(mirror, name, version), chart: name };
  return { chart, version, ...(repository === undefined ? {} : { fetch_opts: { repo: repository } }) };
}

function manifestCall({ manifests, folder, version }: ManifestSource, mirror: string | undefined): RenderCall {
  const wanted = version ?? manifests.version;
  const isFolder = mirror !== undefined && !mirror.startsWith("oci://");
  const directory = isFolder
    ? join(mirrorFolder(mirror, manifests.name, wanted), folder)
    : `${manifests.repository}/tree/${manifests.tagPrefix}${wanted}/${manifests.root}/${folder}`;
  return { token: "kubernetes:kustomize:directory", args: { directory } };
}

/** Folder of a mirror that holds one version of a chart or of manifests. */
export function mirrorFolder(mirror: string, name: string, version: string): string {
  return join(mirror, `${name}-${version}`);
}

/** A source as messages name it, for example `Chart kueue 0.19.2`. */
export function sourceTitle(source: Source): string {
  if ("manifests" in source) return `Manifests ${source.manifests.name} ${source.version ?? source.manifests.version}`;
  const { chart, version } = source;
  return `Chart ${chart.chart.slice(chart.chart.lastIndexOf("/") + 1)} ${version ?? chart.version}`;
}
