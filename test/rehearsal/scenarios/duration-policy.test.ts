import { CoreV1Api } from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readKubeconfig } from "../../../rehearsal/cluster/kubeconfig";
import { DurationPolicy } from "../../../rehearsal/scenarios/duration-policy";
import type { PodRule } from "../../../rehearsal/scenarios/pod-rules";
import { eventually, TestCluster } from "../../support/cluster";

const SIMULATE = "mlstack.dev/simulate";
const EXPECTED = "mlstack.dev/expected-duration";

const RULES: PodRule[] = [
  { namespace: "default", name: "firm*", does: "fail", seconds: 90, exit: 137, isFirm: true },
  { namespace: "*", name: "failing", does: "fail", seconds: undefined, exit: 3, isFirm: true },
  { namespace: "default", name: "declared", does: "succeed", seconds: 600, exit: 1, isFirm: false },
  { namespace: "default", name: "*", does: "succeed", seconds: 6, exit: 1, isFirm: false },
];

describe("pods on their admission, at sixty times the speed", () => {
  let cluster: TestCluster;
  let policy: DurationPolicy;

  beforeAll(async () => {
    cluster = await TestCluster.start();
    policy = new DurationPolicy(readKubeconfig(cluster.controlPlane.layout.kubeconfig), 60);
    await policy.apply(RULES);
  });

  afterAll(() => cluster?.remove());

  async function told(
    generateName: string,
    annotations: Record<string, string> = {},
    { restartPolicy = "Never", namespace = "default" } = {},
  ): Promise<string | undefined> {
    const spec = { restartPolicy, containers: [{ name: "main", image: "registry.example.com/main:1" }] };
    const { metadata } = await cluster.api(CoreV1Api).createNamespacedPod({
      namespace,
      body: { metadata: { generateName, annotations }, spec },
      dryRun: "All",
    });
    return metadata?.annotations?.[SIMULATE];
  }

  it("do what a rule of the scenario says, whatever they say themselves", async () => {
    expect(await told("firm-", { [SIMULATE]: "succeed after=2s" })).toBe("fail after=1500ms exit=137");
    expect(await told("firmly-", {}, { restartPolicy: "Always" })).toBe("fail after=1500ms exit=137");
  });

  it("take as long as they say themselves, in the time of the scenario, where it says nothing of that", async () => {
    expect(await told("failing-", { [SIMULATE]: "succeed after=2m" })).toBe("fail after=2000ms exit=3");
    expect(await told("other-", { [SIMULATE]: "fail after=30s exit=4" })).toBe("fail after=500ms exit=4");
    expect(await told("other-", { [SIMULATE]: "succeed after=1.5h" })).toBe("succeed after=90000ms");
  });

  it("take as long as is expected of them", async () => {
    expect(await told("other-", { [EXPECTED]: "1h30m" })).toBe("succeed after=90000ms");
    expect(await told("declared-", { [EXPECTED]: "2m", [SIMULATE]: "fail" })).toBe("fail after=2000ms exit=1");
    expect(await told("other-", { [EXPECTED]: "soon" })).toBe("succeed after=100ms");
  });

  it("take else what is known of their workload, by its name, or what all take", async () => {
    expect(await told("declared-")).toBe("succeed after=10000ms");
    expect(await told("declared-", { [SIMULATE]: "succeed" })).toBe("succeed after=10000ms");
    expect(await told("declaredly-")).toBe("succeed after=100ms");
  });

  it("go on where they are to go on", async () => {
    expect(await told("declared-", { [SIMULATE]: "run" })).toBe("run");
    expect(await told("declared-", {}, { restartPolicy: "Always" })).toBeUndefined();
  });

  it("are left alone elsewhere", async () => {
    expect(await told("other-", {}, { namespace: "kube-system" })).toBeUndefined();
  });

  it("do what changed rules say", async () => {
    await policy.change([{ ...RULES[0]!, does: "succeed", seconds: 6 }, ...RULES.slice(1)]);
    await eventually("the rule counts", async () => (await told("firm-")) === "succeed after=100ms");
  });
});
