import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CHARTS, MANIFESTS, type PinnedChart, type PinnedManifests } from "../../../components/model/versions";
import { renderCall } from "../../../components/rendering/source";
import { pullables } from "../../../rehearsal/charts/pull";
import { rendered } from "../../support/rendering";
import { chartFiles, chartRepository, packed, registry, serve, sha256 } from "./publishers";
import { ofRegistry, ofRepository, oneChart, published, pulling, VERSION, widgets } from "./pulling";

describe("a chart of a repository", () => {
  it("is put into the mirror, from which it can be rendered", async () => {
    const { digest, repository } = await published();
    const chart = ofRepository(repository);
    const { mirror, pulled, lock } = await pulling({ sources: oneChart(chart) });
    const from = `http://${repository.host}/charts`;
    expect(pulled).toEqual([{ name: "widgets", version: VERSION, from, digest, known: "first seen" }]);
    expect(lock).toEqual({ widgets: { version: VERSION, digest } });
    expect(await readdir(mirror)).toEqual(["widgets-1.2.3"]);
    expect(await readdir(join(mirror, "widgets-1.2.3"))).toEqual(["widgets"]);
    const source = { chart, release: "lab", namespace: "lab", values: { size: 3 } };
    const { result } = await rendered(renderCall(source, { chartMirror: mirror }));
    expect(result).toMatchObject([{ kind: "ConfigMap", metadata: { name: "lab" }, data: { size: "3" } }]);
  });

  it("is found under an address elsewhere, and where only its tag has a v", async () => {
    const bytes = await widgets();
    const elsewhere = await serve((_, response) => response.end(bytes));
    const { repository } = await published({ version: `v${VERSION}`, url: `http://${elsewhere.host}/widgets.tgz` });
    const { pulled } = await pulling({ sources: oneChart(ofRepository(repository)) });
    expect(pulled).toMatchObject([{ known: "first seen" }]);
    expect(elsewhere.asked).toEqual(["/widgets.tgz"]);
  });

  it("is named where the repository lacks it", async () => {
    const { repository } = await published();
    const { problem, mirror } = await pulling({ sources: oneChart(ofRepository(repository, { version: "9.9.9" })) });
    expect(problem).toMatchObject({
      message: `http://${repository.host}/charts has no chart widgets 9.9.9`,
      remedy: "Check the pinned version.",
    });
    expect(await readdir(mirror)).toEqual([]);
  });

  it("is named where what the repository has is no index", async () => {
    const empty = await serve((_, response) => response.end(""));
    const { problem } = await pulling({ sources: oneChart(ofRepository(empty)) });
    expect(problem?.message).toBe(`http://${empty.host}/charts has no chart widgets 1.2.3`);
  });

  it("is named where the repository says no", async () => {
    const { repository } = await published({ url: "gone.tgz" });
    const { problem } = await pulling({ sources: oneChart(ofRepository(repository)) });
    expect(problem).toMatchObject({
      message: `${repository.host}/charts/gone.tgz answers 404 Not Found`,
      remedy: "Check the pinned version and whether the publisher still has it.",
    });
  });

  it("is named with the publisher that cannot be reached", async () => {
    const { problem } = await pulling({ sources: oneChart(ofRepository({ host: "127.0.0.1:1" })) });
    expect(problem).toMatchObject({
      message: expect.stringMatching(/^127\.0\.0\.1:1 cannot be reached: .+/) as string,
      remedy: "Check the network, then run it again.",
    });
  });

  it("leaves nothing in the mirror where the answer is cut off", async () => {
    const cut = await serve((request, response) => {
      if (request.url?.endsWith("index.yaml") === true) {
        return response.end(`entries: { widgets: [{ version: ${VERSION}, urls: [widgets.tgz] }] }`);
      }
      response.setHeader("content-length", "1000");
      response.write("half");
      setTimeout(() => response.destroy(), 20);
      return response;
    });
    const { problem, mirror, lock } = await pulling({ sources: oneChart(ofRepository(cut)) });
    expect(problem?.message).toMatch(new RegExp(`^${cut.host} cannot be reached: `));
    expect([await readdir(mirror), lock]).toEqual([[], {}]);
  });

  it.each([
    [
      "is no packed chart",
      "<html>Sign in</html>",
      /^widgets 1\.2\.3 cannot be unpacked: .+|^widgets 1\.2\.3 has no widgets\/Chart\.yaml in it$/,
    ],
    ["is another chart", chartFiles("gadgets", VERSION), /^widgets 1\.2\.3 has no widgets\/Chart\.yaml in it$/],
  ])("leaves nothing in the mirror where what comes %s", async (_, content, message) => {
    const bytes = typeof content === "string" ? Buffer.from(content) : await packed(content);
    const repository = await chartRepository([{ name: "widgets", version: VERSION, bytes }]);
    const { problem, mirror, lock } = await pulling({ sources: oneChart(ofRepository(repository)) });
    expect(problem?.message).toMatch(message);
    expect(problem?.remedy).toBe("Check whether its publisher serves a Helm chart at the pinned address.");
    expect([await readdir(mirror), lock]).toEqual([[], {}]);
  });
});

describe("a chart of a registry", () => {
  it.each([true, false])("is put into the mirror (who reads needs a token: %s)", async (needsToken) => {
    const bytes = await widgets();
    const publisher = await registry({ path: "charts/widgets", tag: VERSION, bytes, needsToken });
    const chart = ofRegistry(publisher);
    const { mirror, pulled } = await pulling({ sources: oneChart(chart) });
    expect(pulled).toEqual([
      { name: "widgets", version: VERSION, from: chart.chart, digest: sha256(bytes), known: "first seen" },
    ]);
    expect(existsSync(join(mirror, "widgets-1.2.3", "widgets", "Chart.yaml"))).toBe(true);
    const manifest = `/v2/charts/widgets/manifests/${VERSION}`;
    const blob = `/v2/charts/widgets/blobs/sha256:${sha256(bytes)}`;
    const token = "/token?service=registry.example&scope=repository%3Acharts%2Fwidgets%3Apull";
    expect(publisher.asked).toEqual(needsToken ? [manifest, token, manifest, blob] : [manifest, blob]);
  });

  it.each([
    ["v1.2.3", "v1.2.3"],
    ["1.2.3+build.5", "1.2.3_build.5"],
  ])("of the version %s has the tag %s", async (version, tag) => {
    const publisher = await registry({ path: "charts/widgets", tag, bytes: await widgets() });
    const { mirror } = await pulling({ sources: oneChart(ofRegistry(publisher, version)) });
    expect(await readdir(mirror)).toEqual([`widgets-${version}`]);
  });

  it("is named where the registry lacks it", async () => {
    const publisher = await registry({ path: "charts/widgets", tag: VERSION, bytes: await widgets() });
    const { problem } = await pulling({ sources: oneChart(ofRegistry(publisher, "9.9.9")) });
    expect(problem?.message).toBe(`${publisher.host}/v2/charts/widgets/manifests/9.9.9 answers 404 Not Found`);
  });

  it("is named where it takes more than a token that everybody gets", async () => {
    const closed = await serve((_, response) => {
      response.writeHead(401, { "www-authenticate": 'Basic realm=""' });
      response.end();
    });
    const { problem } = await pulling({ sources: oneChart(ofRegistry(closed)) });
    expect(problem?.message).toBe(`${closed.host}/v2/charts/widgets/manifests/${VERSION} answers 401 Unauthorized`);
  });

  it("is none where the registry has something else under that name", async () => {
    const mediaType = "application/vnd.oci.image.layer.v1.tar+gzip";
    const publisher = await registry({ path: "charts/widgets", tag: VERSION, bytes: await widgets(), mediaType });
    const { problem } = await pulling({ sources: oneChart(ofRegistry(publisher)) });
    expect(problem).toMatchObject({
      message: `${publisher.host}/charts/widgets:${VERSION} is no Helm chart`,
      remedy: "Check the pinned reference.",
    });
  });

  it("is not taken where it is another one than the registry tells", async () => {
    const bytes = await widgets();
    const publisher = await registry({ path: "charts/widgets", tag: VERSION, bytes, digest: "0".repeat(64) });
    const { problem, mirror, lock } = await pulling({ sources: oneChart(ofRegistry(publisher)) });
    expect(problem?.message).toBe(
      `widgets ${VERSION} has the digest ${sha256(bytes)}, and ${"0".repeat(64)} is told by its publisher`,
    );
    expect([await readdir(mirror), lock]).toEqual([[], {}]);
  });
});

describe("what there is to pull", () => {
  it("is every pinned chart and set of manifests, each under a name of its own", () => {
    const all = pullables();
    expect(all.size).toBe(Object.keys(CHARTS).length + Object.keys(MANIFESTS).length);
    expect([...all.keys()]).toEqual(expect.arrayContaining(["kueue", "ztunnel", "cert-manager", "katib", "pipelines"]));
  });

  it("is by exact version, over TLS", () => {
    for (const [name, source] of pullables()) {
      const pinned: PinnedChart | PinnedManifests = "chart" in source ? source.chart : source.manifests;
      expect(pinned.version, name).toMatch(/^v?\d+\.\d+\.\d+$/);
      const address = pinned.repository ?? ("chart" in pinned ? pinned.chart : "");
      expect(address, name).toMatch(/^(https|oci):\/\//);
    }
  });

  it("has a leading v where the tags of the registry have one", () => {
    expect(CHARTS.certManager.version).toBe("v1.21.1");
    // Every other chart of a registry is known by its bare version, but for those of KServe.
    const withV = Object.values<PinnedChart>(CHARTS).filter(({ version }) => version.startsWith("v"));
    expect(withV.map(({ chart }) => chart.split("/").at(-1))).toEqual([
      "cert-manager",
      "kserve-crd",
      "kserve-resources",
      "kserve-runtime-configs",
    ]);
  });
});
