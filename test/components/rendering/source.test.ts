import { describe, expect, it } from "vitest";
import { renderCall, sourceTitle, type ChartSource, type ManifestSource } from "../../../components/rendering/source";
import type { PlatformFacts } from "../../../components/rendering";

const kueue = { chart: "oci://registry.example/charts/kueue", version: "0.19.2" };
const keda = { chart: "keda", repository: "https://charts.example", version: "2.20.2" };
const certManager = { chart: "oci://registry.example/charts/cert-manager", version: "v1.21.1" };
const katib = {
  name: "katib",
  repository: "https://git.example/katib",
  version: "0.19.0",
  tagPrefix: "v",
  root: "manifests/v1beta1",
};

function chartSource(chart: ChartSource["chart"], more: Partial<ChartSource> = {}): ChartSource {
  return { chart, release: "r", namespace: "ns", ...more };
}

/** What the provider is asked for a chart. */
function asked(source: ChartSource, facts: PlatformFacts = {}): Record<string, unknown> {
  const { token, args } = renderCall(source, facts);
  expect(token).toBe("kubernetes:helm:template");
  return JSON.parse(args["jsonOpts"] as string) as Record<string, unknown>;
}

function directoryOf(source: ManifestSource, facts: PlatformFacts = {}): unknown {
  const { token, args } = renderCall(source, facts);
  expect(token).toBe("kubernetes:kustomize:directory");
  return args["directory"];
}

describe("the call that renders a chart", () => {
  it("tells release, namespace, values, and the newest Kubernetes with the APIs that every cluster has", () => {
    expect(asked(chartSource(kueue, { values: { replicas: 2 } }))).toEqual({
      chart: "oci://registry.example/charts/kueue",
      version: "0.19.2",
      release_name: "r",
      namespace: "ns",
      values: { replicas: 2 },
      kube_version: "v1.36.0",
      api_versions: ["apps/v1", "batch/v1", "policy/v1", "networking.k8s.io/v1", "rbac.authorization.k8s.io/v1"],
    });
  });

  it("tells the Kubernetes version of the platform", () => {
    expect(asked(chartSource(kueue), { kubernetesVersion: "1.33" })).toMatchObject({ kube_version: "v1.33.0" });
  });

  it("tells the APIs of cert-manager and Prometheus where the platform has them", () => {
    const { api_versions: all } = asked(chartSource(kueue), { certManager: true, prometheus: true });
    expect((all as string[]).slice(5)).toEqual([
      "cert-manager.io/v1",
      "cert-manager.io/v1/Certificate",
      "cert-manager.io/v1/Issuer",
      "cert-manager.io/v1/ClusterIssuer",
      "monitoring.coreos.com/v1",
      "monitoring.coreos.com/v1/ServiceMonitor",
      "monitoring.coreos.com/v1/PodMonitor",
      "monitoring.coreos.com/v1/PrometheusRule",
    ]);
  });

  it("takes a chart of a repository from there", () => {
    expect(asked(chartSource(keda))).toMatchObject({
      chart: "keda",
      version: "2.20.2",
      fetch_opts: { repo: "https://charts.example" },
    });
  });

  it.each([kueue, keda])("takes $chart from a folder that is a mirror", (chart) => {
    const name = chart === kueue ? "kueue" : "keda";
    const options = asked(chartSource(chart), { chartMirror: "/mirror" });
    expect(options).toMatchObject({ path: `/mirror/${name}-${chart.version}`, chart: name });
    expect(Object.keys(options)).not.toEqual(expect.arrayContaining(["version", "fetch_opts"]));
  });

  it.each([kueue, keda])("takes $chart from a registry that is a mirror", (chart) => {
    const name = chart === kueue ? "kueue" : "keda";
    const options = asked(chartSource(chart), { chartMirror: "oci://mirror.example/charts" });
    expect(options).toMatchObject({ chart: `oci://mirror.example/charts/${name}`, version: chart.version });
    expect(Object.keys(options)).not.toContain("fetch_opts");
  });

  it.each([
    [kueue, "0.20.0", "0.20.0"],
    [kueue, "v0.20.0", "0.20.0"],
    [certManager, "1.22.0", "v1.22.0"],
    [certManager, "v1.22.0", "v1.22.0"],
  ])("writes the version of %j that a program names (%s) as its publisher does: %s", (chart, version, written) => {
    const source = chartSource(chart, { version });
    expect(asked(source)).toMatchObject({ version: written });
    expect(asked(source, { chartMirror: "/m" })).toMatchObject({
      path: expect.stringMatching(`-${written}$`) as string,
    });
    expect(sourceTitle(source)).toMatch(new RegExp(` ${written}$`));
  });
});

describe("the call that builds manifests", () => {
  const source = { manifests: katib, folder: "installs/katib-standalone" };

  it.each([undefined, "oci://mirror.example"])(
    "takes them from their repository where the mirror is %s",
    (chartMirror) => {
      expect(directoryOf(source, chartMirror === undefined ? {} : { chartMirror })).toBe(
        "https://git.example/katib/tree/v0.19.0/manifests/v1beta1/installs/katib-standalone",
      );
    },
  );

  it("takes them from a folder that is a mirror", () => {
    expect(directoryOf(source, { chartMirror: "/mirror" })).toBe("/mirror/katib-0.19.0/installs/katib-standalone");
  });

  it.each(["0.20.0", "v0.20.0"])("takes another version, %s, by its tag", (version) => {
    expect(directoryOf({ ...source, version })).toContain("/tree/v0.20.0/");
    expect(directoryOf({ ...source, version }, { chartMirror: "/mirror" })).toContain("/mirror/katib-0.20.0/");
  });
});

it("messages name a source by kind, name and version", () => {
  expect(sourceTitle(chartSource(kueue))).toBe("Chart kueue 0.19.2");
  expect(sourceTitle(chartSource(certManager))).toBe("Chart cert-manager v1.21.1");
  expect(sourceTitle({ manifests: katib, folder: "x" })).toBe("Manifests katib 0.19.0");
});
