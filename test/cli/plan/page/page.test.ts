import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { planPage } from "../../../../cli/plan/page";
import { planVerdict } from "../../../../cli/plan/page/verdict";
import type { PlanReport, ReportSummary } from "../../../../cli/plan/report";
import { checkoutRoot } from "../../../../rehearsal/checkout";
import { emptyReport, typicalReport } from "./fixture";
import { HOSTILE, hostileReport, hugeReport } from "./fixture-extremes";

/** The page's words alone, without its style, script, tags and the names of its pictures. */
function words(page: string): string {
  return page
    .replace(/<(script|style|title|desc)>.*?<\/\1>/gs, " ")
    .replace(/<[^>]*>/g, " ")
    .replace(/&#39;/g, "'")
    .replace(/\s+/g, " ");
}

/** One section of a page. */
function section(page: string, id: string): string {
  return page.split(/(?=<section id=)/).find((part) => part.startsWith(`<section id="${id}"`))!;
}

const page = planPage(typicalReport);

describe("the page of a plan", () => {
  it("says in one sentence how the stack stands, and what it costs", () => {
    expect(words(page)).toContain(
      "2 of 15 pod sets can never run and 1 cannot be judged yet; 3 mandatory findings must be mended. " +
        "It costs USD 6.44/h idle, USD 46.70/h on average, and nothing bounds it at its largest. " +
        "1 part is missing from these sums.",
    );
  });

  it("names no address outside itself", () => {
    for (const report of [typicalReport, emptyReport, hugeReport]) {
      expect(planPage(report)).not.toMatch(/https?:|\/\/[a-z]|@import|url\((?!#)|\bsrc=|<link|<iframe|<base/i);
    }
  });

  it("lets nothing run or load but its own script and style, by their hashes", () => {
    const [, policy] = /Content-Security-Policy" content="([^"]*)"/.exec(page)!;
    expect(policy).toMatch(
      /^default-src 'none'; style-src 'sha256-[\w+/]+='; script-src 'sha256-[\w+/]+='; base-uri 'none'; form-action 'none'$/,
    );
    expect(page).not.toMatch(/ (on\w+|style)=/);
  });

  it("is the same for the same report", () => {
    expect(planPage(structuredClone(typicalReport))).toBe(page);
  });

  it("is the same for the report as its JSON tells it", () => {
    expect(planPage(JSON.parse(JSON.stringify(typicalReport)) as PlanReport)).toBe(page);
  });

  it("writes every text of the report as text, whatever it holds", () => {
    const hostile = planPage(hostileReport);
    expect(hostile).not.toContain(HOSTILE.slice(0, 9 + "</style>".length));
    expect(hostile).not.toMatch(/<(img|a href="javascript)/);
    expect(hostile.match(/<script>/g)).toHaveLength(1);
    expect(hostile.match(/<\/script>/g)).toHaveLength(1);
    expect(hostile).not.toContain("\u202e");
    expect(hostile).toContain(
      "&lt;/script&gt;&lt;/style&gt;&lt;/title&gt;&quot;&#39;&gt;&lt;img src=x onerror=&quot;alert(1)&quot;&gt;",
    );
  });

  it("takes less than 1.5 MB for 500 workloads", () => {
    expect(hugeReport.workloads).toHaveLength(500);
    expect(Buffer.byteLength(planPage(hugeReport))).toBeLessThan(1.5e6);
  });

  it.each([
    ["pools", "The stack declares no pools."],
    ["workloads", "The stack brings no pods."],
    ["waiting", "No pods wait: everything that may run at once can."],
    ["cost", "The stack has no workloads."],
    ["difference", "Nothing that is deployed was compared."],
    ["findings", "No rule found anything."],
    ["graph", "The stack has no resources."],
    ["assumptions", "Nothing was taken for granted."],
  ])("says of an empty stack in its %s: %s", (id, sentence) => {
    expect(words(section(planPage(emptyReport), id))).toContain(sentence);
  });

  it("says what is not known and what is not bounded, each by its name", () => {
    expect(words(planPage(emptyReport))).toContain("What it costs is not known.");
    expect(words(section(page, "cost"))).toMatch(/new-hardware.*?unknown unknown unknown/);
    expect(words(section(page, "cost"))).toMatch(/dev-spot g5\.xlarge, spot 0\.00 1\.52 unbounded/);
    expect(words(section(page, "pools"))).toContain("0 nodes or more, without a bound");
    expect(words(section(page, "pools"))).toContain("Not known: The instance type x9.48xlarge is in no table.");
    expect(page.replace(/<(script|style)>.*?<\/\1>/gs, "")).not.toMatch(/NaN|Infinity|undefined|null/);
  });
});

describe("the pools of a page", () => {
  const pools = words(section(page, "pools"));

  it.each([
    "train-a100 4 of 4 nodes, 29 of 32 GPUs in use (91%), 3 stranded",
    "stranded: 4.7 cores are left, and the least that a pod with a GPU asks for is 18",
    "USD 21.96/h a node (AWS price list by way of Karpenter v1.14.1, 2026-07-20)",
    "no price : the instance type x9.48xlarge is in no price table of us-east-1",
    "and without a GPU: 2 1 pod",
    "60% of the CPU",
  ])("say %s", (text) => {
    expect(pools).toContain(text);
  });

  it("tell how many pods of each set are on a pool", () => {
    expect(pools).toContain("5 InferenceService language/chat predictor 5 pods");
  });

  it("draw nodes that stand there without pods as idle", () => {
    const [pool] = typicalReport.pools;
    const standing = { ...pool!, minNodes: 2, packing: { ...pool!.packing, nodes: 2, layouts: [] } };
    const drawn = section(planPage({ ...emptyReport, pools: [standing] }), "pools");
    expect(words(drawn)).toContain("2 nodes");
    expect(drawn.match(/class="stretch idle"/g)).toHaveLength(8);
  });

  it("draw shared GPUs by their shares", () => {
    const [pool] = typicalReport.pools;
    const layout = { nodes: 1, pods: [{ podSet: "a", pods: 3, gpusPerPod: 0.5 }], idleGpus: 2.5, strandedGpus: 0 };
    const shared = { ...pool!, gpusPerNode: 4, packing: { ...pool!.packing, nodes: 1, layouts: [layout] } };
    const drawn = section(planPage({ ...emptyReport, pools: [shared] }), "pools");
    expect(
      [...drawn.matchAll(/"stretch (\w+)" x="([\d.]+)%" width="([\d.]+)%"/g)].map((match) => match.slice(1).join(" ")),
    ).toEqual([
      ...["c0 0 12.5", "c0 12.5 12.5", "c0 25 12.5"],
      ...["idle 37.5 20.8333", "idle 58.3333 20.8333", "idle 79.1667 20.8333"],
    ]);
  });

  it("divide a pod by its GPUs, and nothing between pods of one GPU", () => {
    const rows = section(page, "pools")
      .split('<li class="node">')
      .map((row) => row.match(/class="division"/g)?.length ?? 0);
    expect(rows.slice(1, 6)).toEqual([7, 6, 0, 2, 1]);
  });

  it("say where the share of the CPU is not known, and which pods are there", () => {
    const system = typicalReport.pools.find(({ name }) => name === "system")!;
    const unknown = words(planPage({ ...typicalReport, pools: [{ ...system, free: [] }] }));
    expect(unknown).toContain("an unknown share of the CPU, and 1 3 pods 2 1 pod 3 2 pods");
  });

  it("number no stretch that is too narrow for it", () => {
    const system = typicalReport.pools.find(({ name }) => name === "system")!;
    const wide = { ...system, free: [{ resource: "cpu", amount: 15_000, words: "15 cores" }] };
    const drawn = section(planPage({ ...typicalReport, pools: [wide] }), "pools");
    // 3 pods of 0.7 cores are 14 %, one of 0.5 is 3.3 %, two of 1 are 13.3 %.
    expect([...drawn.matchAll(/<text[^>]*>(\d+)</g)].map(([, label]) => label)).toEqual(["1", "3"]);
  });

  it("name the most that a spot node costs where it is more", () => {
    const [pool] = typicalReport.pools;
    const spot = { ...pool!, cost: { ...pool!.cost, ceilingPrice: { ...pool!.cost.price!, usdPerHour: 32.77 } } };
    expect(words(planPage({ ...emptyReport, pools: [spot] }))).toContain("USD 21.96/h a node, at most USD 32.77/h (");
    expect(words(page)).not.toContain("a node, at most USD");
  });
});

describe("the pod sets of a page", () => {
  const sets = words(section(page, "workloads"));

  it("come in the order of their verdicts, the worst first", () => {
    const verdicts = [...section(page, "workloads").matchAll(/data-verdict="(\w+)"/g)].map(([, verdict]) => verdict);
    expect(verdicts).toEqual(["never", "never", "undecided", "queues", ...Array<string>(11).fill("runs")]);
  });

  it.each([
    "Its 8 pods must run together, and train-a100 has 4 nodes at its largest, each of which takes 1.",
    "ClusterQueue language has 24 GPUs at most, 64 are needed.",
    "serve-a10g: Insufficient nvidia.com/gpu: asks for 8 GPUs, a node has 4 left",
    "system and spark-spot: Insufficient nvidia.com/gpu: asks for 8 GPUs, a node has 0 left",
    "Not known yet: spec.parallelism",
    "and 2 more pools",
    "8 all together",
  ])("say: %s", (text) => {
    expect(sets).toContain(text);
  });
});

describe("the cost of a page", () => {
  it.each([
    ["cost", "All of it typically USD 34,091 a month 6.44 46.70 unbounded"],
    ["cost", "PyTorchJob vision/bert tenant vision 43.92 527.04 at most 12 hours"],
    ["cost", "21.96 65.88 3 hours 8.24 659.00 80 trials, 8 at once"],
    ["cost", "Not in the sums: The pool new-hardware, as the instance type x9.48xlarge has no price in us-east-1."],
    ["difference", "This change adds up to USD 87.84/h, as train-a100 may grow from 0 to 4 nodes."],
    ["difference", "Pool train-a100 new 0.00 26.35 +26.35 87.84 +87.84"],
    ["cost", "MPIJob language/pretrain tenant language never runs"],
    ["difference", "Pool old-t4 goes 0.00 −0.53 0.00 −0.53 0.00 −2.10"],
    ["difference", "Pool serve-a10g 5.67 14.18 +2.84 34.02 +11.34"],
  ])("says in its %s: %s", (id, text) => {
    expect(words(section(page, id))).toContain(text);
  });
});

describe("the verdict on a plan", () => {
  const verdictOf = (some: Partial<ReportSummary>) => {
    const { kind, sentence } = planVerdict({ summary: { ...emptyReport.summary, ...some } });
    return `${kind}: ${sentence}`;
  };

  it.each([
    [{}, "good: The stack brings no pods, so there is nothing to place."],
    [{ podSets: 1, runs: 1 }, "good: The only pod set can run."],
    [{ podSets: 3, runs: 3 }, "good: All 3 pod sets can run."],
    [{ podSets: 3, runs: 1, queues: 2 }, "good: All 3 pod sets can run, 2 of them in turns."],
    [{ podSets: 3, undecided: 1 }, "open: 1 of 3 pod sets cannot be judged yet."],
    [{ podSets: 3, undecided: 3 }, "open: All 3 pod sets cannot be judged yet."],
    [{ podSets: 1, never: 1 }, "bad: The only pod set can never run."],
    [{ podSets: 3, never: 1, undecided: 1 }, "bad: 1 of 3 pod sets can never run and 1 cannot be judged yet."],
    [{ podSets: 3, runs: 3, mandatory: 1 }, "bad: 1 mandatory finding must be mended."],
  ])("of %j is %s", (some, verdict) => {
    expect(verdictOf(some)).toBe(verdict);
  });
});

describe("the colours of sets of pods", () => {
  const style = readFileSync(join(checkoutRoot(), "cli", "plan", "page", "assets", "bars.css"), "utf8");
  const colours = [...style.matchAll(/--set: #(\w{6});/g)].map(([, colour]) => channels(colour!));

  /**
   * How those see colours who lack one kind of cone, in linear RGB.
   *
   * @see Machado, Oliveira and Fernandes, "A Physiologically-based Model for Simulation of Color Vision Deficiency" (2009)
   */
  const EYES = {
    usual: [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ],
    protanopia: [
      [0.152286, 1.052583, -0.204868],
      [0.114503, 0.786281, 0.099216],
      [-0.003882, -0.048116, 1.051998],
    ],
    deuteranopia: [
      [0.367322, 0.860646, -0.227968],
      [0.280085, 0.672501, 0.047413],
      [-0.01182, 0.04294, 0.968881],
    ],
    tritanopia: [
      [1.255528, -0.076749, -0.178779],
      [-0.078411, 0.930809, 0.147602],
      [0.004733, 0.691367, 0.3039],
    ],
  };

  it.each(Object.entries(EYES))("differ between neighbours for eyes with %s", (_, eyes) => {
    expect(colours).toHaveLength(8);
    const seen = colours.map((colour) =>
      lab(eyes.map((row) => row.reduce((sum, factor, at) => sum + factor * colour[at]!, 0))),
    );
    for (const [at, one] of seen.entries()) {
      const next = seen[(at + 1) % seen.length]!;
      expect(Math.hypot(...one.map((value, axis) => value - next[axis]!))).toBeGreaterThan(20);
    }
  });

  function channels(colour: string): number[] {
    const values = [0, 2, 4].map((at) => parseInt(colour.slice(at, at + 2), 16) / 255);
    return values.map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  }

  function lab([red = 0, green = 0, blue = 0]: number[]): number[] {
    const bent = (value: number) => (value > 216 / 24389 ? Math.cbrt(value) : ((24389 / 27) * value + 16) / 116);
    const x = bent((0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505);
    const y = bent(0.2126 * red + 0.7152 * green + 0.0722 * blue);
    const z = bent((0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089);
    return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
  }
});
