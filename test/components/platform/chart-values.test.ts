import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { CHARTS } from "../../../components/model/versions";
import { describedValues, readDescribedValues, unknownPaths } from "../../support/chart-values";
import type { ChartCase, PartCase } from "../../support/part-case";
import { triesOf, tryPart } from "../../support/part-tries";
import { hasUpstream, platformMirror, upstreamFolder } from "../../support/platform-mirror";
import { allCases, titleOf } from "./all-cases";

/** Charts whose values no case compares, and why. */
const uncompared: Partial<Record<keyof typeof CHARTS, string>> = {
  karpenterCrds: "nothing is set",
  gpuOperator: "neither a Go module nor upstream data has its values",
  kserveTypes: "nothing is set",
};

const charts = allCases.flatMap((partCase) => partCase.charts.map((chart) => ({ partCase, chart })));

/** Paths that are set by any of a part's options and that the chart does not describe. */
async function unknownOf(partCase: PartCase, { values, open }: ChartCase, described: object): Promise<string[]> {
  const tries = await triesOf(partCase);
  return [...new Set(tries.flatMap((args) => unknownPaths(values(args as never), described, open)))];
}

describe("Values of a component for its chart", () => {
  const inMirror = charts.filter(({ chart }) => chart.inMirror !== undefined);
  it.each(inMirror.map((each) => [titleOf(each.partCase), each.chart.inMirror!, each] as const))(
    "%s has only such as %s describes",
    async (_, path, { partCase, chart }) => {
      const described = readDescribedValues(await platformMirror(), path);
      expect(described).toBeDefined();
      expect(await unknownOf(partCase, chart, described!)).toEqual([]);
    },
  );

  const upstream = charts.filter(({ chart }) => chart.upstream !== undefined);
  const reason = hasUpstream ? "" : " (no upstream data beside the checkout)";
  it.skipIf(!hasUpstream).each(upstream.map((each) => [titleOf(each.partCase), each.chart.upstream!, each] as const))(
    `%s has only such as %s describes upstream${reason}`,
    async (_, path, { partCase, chart }) => {
      const described = readDescribedValues(upstreamFolder, path);
      expect(described).toBeDefined();
      expect(await unknownOf(partCase, chart, described!)).toEqual([]);
    },
  );
});

describe("Charts that are compared", () => {
  it.skipIf(!hasUpstream)("are all pinned ones, but for those that are listed with the reason", () => {
    const compared = charts.flatMap(({ chart }) =>
      chart.upstream === undefined ? [] : [chartOf(chart.upstream).name],
    );
    const pinned = Object.entries(CHARTS).map(([key, { chart }]) => [key, chart.slice(chart.lastIndexOf("/") + 1)]);
    expect(pinned.filter(([, name]) => !compared.includes(name!)).map(([key]) => key)).toEqual(Object.keys(uncompared));
  });

  it("are all that a component sets anything of, but for that one", async () => {
    const silent = Object.entries(uncompared).filter(([, reason]) => reason === "nothing is set");
    expect(silent.map(([key]) => key)).toEqual(["karpenterCrds", "kserveTypes"]);
    for (const [part, chart] of [
      ["Karpenter", "karpenter-crd"],
      ["KServe", "kserve-crd"],
    ]) {
      const partCase = allCases.find((each) => each.part === part)!;
      const { sources } = await tryPart(partCase, (await triesOf(partCase))[0]!);
      expect(sources.filter(({ title }) => title.startsWith(chart!)).map(({ values }) => values)).toEqual([{}]);
    }
  });

  it.skipIf(!hasUpstream)("are of the pinned version, where upstream writes it into its sources", () => {
    const pinned = Object.values(CHARTS).map(({ chart, version }) => [
      chart.slice(chart.lastIndexOf("/") + 1),
      version,
    ]);
    const paths = charts.flatMap(({ chart }) => chart.upstream ?? []);
    const versions = new Map(pinned as [string, string][]);
    const others = paths.map(chartOf).filter(({ name, version }) => version !== (versions.get(name) ?? version));
    // These are given their version when they are released.
    expect(others.map(({ name }) => name)).toEqual([
      "cert-manager",
      "base",
      "istiod",
      "cni",
      "ztunnel",
      "gateway",
      "lws",
    ]);
  });

  it("are of the pinned version in the mirror", () => {
    const versions = Object.values(CHARTS).map(({ chart, version }) => {
      const name = chart.slice(chart.lastIndexOf("/") + 1);
      return `${name}-${version}/${name}/values.yaml`;
    });
    const paths = charts.flatMap(({ chart }) => chart.inMirror ?? []);
    expect(paths.filter((path) => !versions.includes(path))).toEqual([]);
  });
});

function chartOf(values: string): { name: string; version: string } {
  return parse(readFileSync(join(upstreamFolder, dirname(values), "Chart.yaml"), "utf8")) as {
    name: string;
    version: string;
  };
}

describe("The comparison", () => {
  const described = describedValues("controller:\n  replicas: 1\n  nodeSelector: {}\n  image:\n    tag:\n");
  const unknown = (controller: object, open: string[] = []) => unknownPaths({ controller }, described, open);

  it("finds a path that is misspelt, at every depth", () => {
    expect(unknown({ replicas: 2 })).toEqual([]);
    expect(unknown({ replica: 2 })).toEqual(["controller.replica"]);
    expect(unknown({ image: { tag: "1" } })).toEqual([]);
    expect(unknown({ image: { tags: "1" } })).toEqual(["controller.image.tags"]);
    expect(unknownPaths({ Controller: {} }, described)).toEqual(["Controller"]);
  });

  it("finds a path below a single value, as of a chart that has renamed or moved it", () => {
    expect(unknown({ replicas: { least: 2 } })).toEqual(["controller.replicas.least"]);
    expect(unknown({ image: { tag: { name: "1" } } })).toEqual(["controller.image.tag.name"]);
  });

  it("lets any key stand below a path that is said to be open, and nowhere else", () => {
    expect(unknown({ nodeSelector: { pool: "system" } })).toEqual(["controller.nodeSelector.pool"]);
    expect(unknown({ nodeSelector: { pool: "system" } }, ["controller.nodeSelector"])).toEqual([]);
    expect(unknown({ nodeSelectors: { pool: "system" } }, ["controller.nodeSelector"])).toEqual([
      "controller.nodeSelectors",
    ]);
    expect(unknown({ nodeSelectors: { pool: "system" } }, ["controller.nodeSelectors"])).toEqual([
      "controller.nodeSelectors",
    ]);
  });

  it("looks below the key under which Istio keeps its own values", () => {
    const istio = describedValues("_internal_defaults_do_not_set:\n  global:\n    hub: a\n");
    expect(unknownPaths({ global: { hub: "b" } }, istio)).toEqual([]);
    expect(unknownPaths({ global: { hubs: "b" } }, istio)).toEqual(["global.hubs"]);
  });

  it.each(
    charts.flatMap(({ partCase, chart }) =>
      chart.inMirror === undefined ? [] : ([[partCase.part, partCase, chart]] as const),
    ),
  )(
    "fails for %s once the chart has another name for any value that is set",
    async (_, partCase, { values, inMirror, open }) => {
      const own = values(((await triesOf(partCase))[0] ?? {}) as never);
      const chart = readDescribedValues(await platformMirror(), inMirror!)!;
      for (const key of Object.keys(own)) {
        const { [key]: old, ...others } = chart;
        expect(unknownPaths(own, { ...others, [`${key}V2`]: old as unknown }, open)).toContain(key);
      }
    },
  );
});
