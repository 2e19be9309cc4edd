import { describe, expect, it } from "vitest";
import { kindOf, propertyOf } from "../../../cli/sbom/bill";
import { foundImages } from "../../../cli/sbom/found-images";
import { platformSources } from "../../../cli/sbom/platform-sources";
import { IMAGES } from "../../../components/model/images";
import { CHARTS, MANIFESTS, type PinnedChart } from "../../../components/model/versions";
import { allMatches, files, read } from "../../support/pages";

const sources = platformSources({});
const named = (kind: string, name: string, from = sources) =>
  from.find((each) => kindOf(each) === kind && propertyOf(each, "name") === name)!;

describe("what the platform is made of", () => {
  it("is every chart, set of manifests and image that is pinned, once each, by its version", () => {
    const names = (kind: string) =>
      sources.flatMap((each) => (kindOf(each) === kind ? [propertyOf(each, "name")] : []));
    expect(names("chart")).toEqual(Object.keys(CHARTS));
    expect(names("manifests")).toEqual(Object.keys(MANIFESTS));
    expect(names("image")).toEqual(Object.keys(IMAGES));
    for (const { version } of sources) expect(version).toMatch(/\d/);
    expect(new Set(sources.map((each) => each["bom-ref"])).size).toBe(sources.length);
  });

  it("has the digest of each chart whose publisher tells it, and Go's of each module", () => {
    for (const [name, chart] of Object.entries<PinnedChart>(CHARTS)) {
      const { hashes, ...component } = named("chart", name);
      expect(hashes).toEqual(chart.digest === undefined ? undefined : [{ alg: "SHA-256", content: chart.digest }]);
      expect(propertyOf(component, "go-sum")).toBe(chart.module?.sum);
    }
  });

  it("has the digest of what was pulled before, in the same version alone", () => {
    const [version, digest] = [CHARTS.kueue.version, "ab".repeat(32)];
    const commit = "cd".repeat(20);
    const locked = platformSources({
      kueue: { version, digest },
      keda: { version: "1.0.0", digest },
      katib: { version: MANIFESTS.katib.version, digest: commit },
    });
    expect(named("chart", "kueue", locked).hashes).toEqual([{ alg: "SHA-256", content: digest }]);
    expect(named("chart", "keda", locked).hashes).toEqual([{ alg: "SHA-256", content: CHARTS.keda.digest }]);
    expect(propertyOf(named("manifests", "katib", locked), "commit")).toBe(commit);
  });

  it.each([
    ["chart", "kueue", "pkg:oci/kueue?repository_url=registry.k8s.io%2Fkueue%2Fcharts%2Fkueue&tag=0.19.2"],
    ["chart", "keda", "pkg:generic/keda@2.20.2?repository_url=https%3A%2F%2Fkedacore.github.io%2Fcharts"],
    ["manifests", "katib", "pkg:github/kubeflow/katib@v0.19.0#manifests/v1beta1"],
    ["image", "pause", "pkg:oci/pause?repository_url=registry.k8s.io%2Fpause&tag=3.10.2"],
  ])("calls the %s %s what package managers do", (kind, name, purl) => {
    expect(named(kind, name).purl).toBe(purl);
  });

  it("is one list: no other source file names an image with its tag", () => {
    const image = /"((?:[\w-]+\.)+[a-z]{2,}\/[\w./-]+:v?\d[\w.-]*)"/g;
    const list = "components/model/images.ts";
    const own = files.filter((path) => /^(components|stacks)\/.*\.ts$/.test(path) && path !== list);
    expect(allMatches(image, read(list))).toEqual(Object.values(IMAGES));
    expect(own.flatMap((path) => allMatches(image, read(path)).map((found) => `${path}: ${found}`))).toEqual([]);
  });

  it("finds the images of pods, wherever an object describes them, once each", () => {
    const image = (name: string) => ({ name: "main", image: name });
    const digest = "ef".repeat(32);
    const [job, cron] = [
      { spec: { template: { spec: { initContainers: [image("b:1")], containers: [image("a:1")] } } } },
      {
        spec: {
          jobTemplate: { spec: { template: { spec: { containers: [image("a:1"), image(`c@sha256:${digest}`)] } } } },
        },
      },
    ];
    const found = foundImages(
      [
        { apiVersion: "batch/v1", kind: "Job", metadata: { name: "a" }, ...job },
        { apiVersion: "batch/v1", kind: "CronJob", metadata: { name: "b" }, ...cron },
        { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "c" }, data: { image: "d:1" } },
      ].map((properties, index) => ({
        ...{ type: `kubernetes:${properties.apiVersion}:${properties.kind}`, name: "x", urn: String(index) },
        properties,
      })),
    );
    expect(found.map((each) => propertyOf(each, "reference"))).toEqual(["a:1", "b:1", `c@sha256:${digest}`]);
    expect(found[2]).toMatchObject({ version: `sha256:${digest}`, hashes: [{ alg: "SHA-256", content: digest }] });
  });
});
