import { mkdir, readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { beforeEach, describe, expect, it } from "vitest";
import type { PlatformFacts } from "../../../components/rendering";
import { render } from "../../../components/rendering/render";
import { type ChartSource, type Source, sourceTitle } from "../../../components/rendering/source";
import { startMocks } from "../../support/mocks";
import { rendered } from "../../support/rendering";
import { scratchFolder } from "../../support/scratch";

const widgets: ChartSource = {
  chart: { chart: "widgets", repository: "http://127.0.0.1:1", version: "1.0.0" },
  release: "widgets",
  namespace: "widgets",
};
const gadgets: Source = {
  manifests: {
    name: "gadgets",
    repository: "https://127.0.0.1:1/gadgets",
    version: "2.0.0",
    tagPrefix: "v",
    root: "m",
  },
  folder: "base",
};

/** Puts a chart of one template into a mirror. */
async function writeChart(mirror: string, template: string): Promise<void> {
  const folder = join(mirror, "widgets-1.0.0", "widgets");
  await mkdir(join(folder, "templates"), { recursive: true });
  await writeFile(join(folder, "Chart.yaml"), "apiVersion: v2\nname: widgets\nversion: 1.0.0\n");
  await writeFile(join(folder, "templates", "object.yaml"), template);
}

/** What a program is told of a source that cannot be had. */
async function problemOf(source: Source, facts: PlatformFacts): Promise<string> {
  const parent = new pulumi.ComponentResource("test:index:Part", "part");
  const error: unknown = await render(source, facts, parent).catch((thrown: unknown) => thrown);

  expect(pulumi.RunError.isInstance(error)).toBe(true);
  // Pulumi would print it.
  expect((error as Error).stack).toBe("");
  return (error as Error).message;
}

const publisherRemedy =
  "Check that this machine reaches the publisher, or fill a mirror with `mlstack charts pull` where it does.";
const mirrorRemedy = "Check what is in the mirror; `mlstack charts pull` fills one anew.";

describe("a source that cannot be had", () => {
  beforeEach(async () => {
    await startMocks({ render: rendered });
  });

  it("is named with its publisher, and with what to do without one", async () => {
    expect(await problemOf(widgets, {})).toBe(
      "Chart widgets 1.0.0 from its publisher could not be rendered: failed to pull chart: looks like " +
        '"http://127.0.0.1:1" is not a valid chart repository or cannot be reached: ' +
        `Get "http://127.0.0.1:1/index.yaml": dial tcp 127.0.0.1:1: connect: connection refused. ${publisherRemedy}`,
    );
  });

  it.each([widgets, gadgets])("is named with the mirror that lacks it", async (source) => {
    const chartMirror = await scratchFolder();
    expect(await problemOf(source, { chartMirror })).toBe(
      `${sourceTitle(source)} is not in the mirror ${chartMirror}. ` +
        `Fill it with \`mlstack charts pull --to ${chartMirror}\`.`,
    );
  });

  it("is named with the registry that cannot be reached", async () => {
    expect(await problemOf(widgets, { chartMirror: "oci://127.0.0.1:1/charts" })).toBe(
      "Chart widgets 1.0.0 from the mirror oci://127.0.0.1:1/charts could not be rendered: failed to pull chart: failed " +
        'to perform "FetchReference" on source: Get "https://127.0.0.1:1/v2/charts/widgets/manifests/1.0.0": ' +
        `dial tcp 127.0.0.1:1: connect: connection refused. ${mirrorRemedy}`,
    );
  });

  it("is named with its publisher where a registry is the mirror, which has no manifests", async () => {
    const problem = await problemOf(gadgets, { chartMirror: "oci://127.0.0.1:1/charts" });
    expect(problem).toMatch(/^Manifests gadgets 2\.0\.0 from its publisher could not be rendered: failed to retrieve /);
    expect(problem.endsWith(publisherRemedy)).toBe(true);
  });

  it("is named with what the chart says, where its values are wrong", async () => {
    const chartMirror = await scratchFolder();
    await writeChart(chartMirror, '{{ required "say how many" .Values.replicas }}');
    const problem = await problemOf(widgets, { chartMirror });
    expect(problem).toMatch(
      /^Chart widgets 1\.0\.0 from the mirror \S+ could not be rendered: failed to .* say how many\. Check what is in /s,
    );
  });

  it.each([
    ["invocation of kubernetes:helm:template returned an error: failed to pull chart: no.", "failed to pull chart: no"],
    ["rpc error: code = Unknown desc = the provider is gone", "the provider is gone"],
    ["2 UNKNOWN: rpc error: code = Unavailable desc = closed", "closed"],
    ["something else", "something else"],
  ])("has of %j only what the provider said", async (message, said) => {
    await startMocks({ render: () => Promise.reject(Object.assign(new Error(message), { details: message })) });
    expect(await problemOf(widgets, {})).toBe(
      `Chart widgets 1.0.0 from its publisher could not be rendered: ${said}. ${publisherRemedy}`,
    );
  });
});

describe("a source in a mirror", () => {
  const settings = "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: {{ .Values.name }} }\n";
  const withName = (name: string): ChartSource => ({ ...widgets, values: { name } });
  let parent: pulumi.Resource;
  let calls: number;
  beforeEach(async () => {
    calls = 0;
    await startMocks({
      render: (call) => {
        calls++;
        return rendered(call);
      },
    });
    parent = new pulumi.ComponentResource("test:index:Part", "part");
  });

  it("is rendered once for the same values, and anew for others", async () => {
    const chartMirror = await scratchFolder();
    await writeChart(chartMirror, settings);
    const namesOf = async (name: string) =>
      (await render(withName(name), { chartMirror }, parent)).map(({ metadata }) => metadata.name);
    expect([await namesOf("a"), await namesOf("a"), await namesOf("b")]).toEqual([["a"], ["a"], ["b"]]);
    expect(calls).toBe(2);
  });

  it("leaves what it was rendered to for its owner alone", async () => {
    const chartMirror = await scratchFolder();
    await writeChart(chartMirror, settings);
    await render(withName("a"), { chartMirror }, parent);
    const [file] = await readdir(join(chartMirror, ".rendered"));
    expect((await stat(join(chartMirror, ".rendered"))).mode & 0o777).toBe(0o700);
    expect((await stat(join(chartMirror, ".rendered", file!))).mode & 0o777).toBe(0o600);
  });

  it("is rendered anew where what was kept is broken", async () => {
    const chartMirror = await scratchFolder();
    await writeChart(chartMirror, settings);
    await render(withName("a"), { chartMirror }, parent);
    const [file] = await readdir(join(chartMirror, ".rendered"));
    await writeFile(join(chartMirror, ".rendered", file!), "[{");
    expect(await render(withName("a"), { chartMirror }, parent)).toHaveLength(1);
    expect(calls).toBe(2);
  });

  it("is kept only once it is there, and not what a stand-in made up for it before", async () => {
    const chartMirror = await scratchFolder();
    const object = { apiVersion: "stand-in.invalid/v1", kind: "UnrenderedChart", metadata: { name: "widgets" } };
    await startMocks({ render: () => Promise.resolve({ result: [object] }) });
    const part = new pulumi.ComponentResource("test:index:Part", "part");
    expect(await render(withName("a"), { chartMirror }, part)).toEqual([object]);
    expect(await readdir(chartMirror)).toEqual([]);
  });
});
