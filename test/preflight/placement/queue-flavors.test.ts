import { describe, expect, it } from "vitest";
import type { QueueFlavor } from "../../../preflight/demand/queue";
import type { PlannedPool } from "../../../preflight/pools";
import { flavor, GPU, inQueues, proofOf, queue, system, TOLERANT, train, type PodArgs } from "./stack";

describe("the flavors of a queue", () => {
  const of = (args: PodArgs, flavors: readonly QueueFlavor[], pools: PlannedPool[] = [train()]) =>
    proofOf(args, {}, pools, inQueues(queue(flavors)));

  it("send pods to their nodes, with their tolerations", () => {
    expect(of({ gpus: 4 }, [flavor({ name: "train" })]).verdict).toBe("runs");
    expect(of({ gpus: 4 }, [flavor({ name: "train", tolerations: [] })]).verdict).toBe("never");
    expect(of({ gpus: 4 }, [flavor({ name: "train" })], [train({ name: "other" })]).verdict).toBe("never");
  });

  it("are named where no pool has their labels, and the pods where these select them as well", () => {
    const reason = (args: PodArgs, ...labels: [name: string, nodeLabels: Record<string, string>][]) => {
      const flavors = labels.map(([name, nodeLabels]) => flavor({ name, nodeLabels }));
      return of(args, flavors, [system()]).reason;
    };
    const wrong: [string, Record<string, string>] = ["wrong", { "mlstack.dev/pool": "zzz" }];
    expect(reason({}, wrong)).toBe(
      "its ResourceFlavor wrong is of nodes with the label mlstack.dev/pool=zzz, " +
        "and nodes of pool system have mlstack.dev/pool=system",
    );
    expect(reason({}, ["arm", { "kubernetes.io/arch": "arm64" }], wrong)).toBe(
      "its ResourceFlavor arm is of nodes with architecture arm64 (label kubernetes.io/arch), " +
        "and nodes of pool system have amd64",
    );
    expect(reason({ nodeSelector: { "mlstack.dev/pool": "zzz" } }, wrong)).toBe(
      "selects nodes with the label mlstack.dev/pool=zzz, and nodes of pool system have mlstack.dev/pool=system",
    );
  });

  it("are left out where the pods select nodes with other labels", () => {
    const [a, b] = [flavor({ name: "a" }), flavor({ name: "train" })];
    const select = (value: string) => ({ ...GPU, nodeSelector: { "mlstack.dev/pool": value } });
    expect(of(select("train"), [a, b]).verdict).toBe("runs");
    expect(of(select("train"), [a])).toMatchObject({
      verdict: "never",
      reason:
        "ClusterQueue research never admits it, as it selects nodes with the label mlstack.dev/pool=train, and " +
        "ResourceFlavor a is of mlstack.dev/pool=a",
    });
    expect(of({ ...GPU, nodeSelector: { team: "x" } }, [b], [train({ labels: { team: "x" } })]).verdict).toBe("runs");
  });

  it("are left out where the affinity of the pods rules out all that they say of their nodes", () => {
    const term = (key: string, value: string) => ({
      expressions: [{ key, operator: "In" as const, values: [value] }],
      fields: [],
    });
    const [a, b] = [flavor({ name: "a" }), flavor({ name: "train" })];
    const pools = [train({ labels: { team: "x" } })];
    const wants = (...nodeTerms: ReturnType<typeof term>[]) => of({ ...GPU, nodeTerms }, [a], pools).reason;
    expect(wants(term("mlstack.dev/pool", "train"))).toBe(
      "ClusterQueue research never admits it, as its node affinity rules out the labels of ResourceFlavor a",
    );
    expect(wants(term("mlstack.dev/pool", "train"), term("team", "x"))).toMatch(/^its ResourceFlavor a is of nodes/);
    expect(of({ ...GPU, nodeTerms: [term("mlstack.dev/pool", "train")] }, [a, b], pools).verdict).toBe("runs");
    expect(
      of({ ...GPU, nodeTerms: [term("mlstack.dev/pool", "c"), term("mlstack.dev/pool", "train")] }, [b], pools).verdict,
    ).toBe("runs");
  });

  it("are left out where the pods do not tolerate their taints", () => {
    const taints = [{ key: "team", value: "x", effect: "NoSchedule" as const }];
    const tainted = flavor({ name: "a", taints });
    expect(of(GPU, [tainted]).reason).toBe(
      "ClusterQueue research never admits it, as it does not tolerate the taint team=x:NoSchedule of ResourceFlavor a",
    );
    expect(of(GPU, [tainted, flavor({ name: "train" })]).verdict).toBe("runs");
    expect(of(GPU, [tainted, flavor({ name: "b", taints })]).reason).toBe(
      "no flavor of ClusterQueue research lets it in: it does not tolerate the taint team=x:NoSchedule of ResourceFlavor " +
        "a; it does not tolerate the taint team=x:NoSchedule of ResourceFlavor b",
    );
    const own = { tolerations: [...TOLERANT.tolerations, { key: "team", operator: "Exists", value: "", effect: "" }] };
    expect(of({ gpus: 3, ...own } as PodArgs, [flavor({ name: "train", taints })]).verdict).toBe("runs");
    const given = [{ key: "team", operator: "Exists" }, ...flavor({ name: "" }).tolerations];
    expect(of({ gpus: 3 }, [flavor({ name: "train", taints, tolerations: given })]).verdict).toBe("runs");
    const soft = [{ key: "team", effect: "PreferNoSchedule" as const }];
    expect(of(GPU, [flavor({ name: "train", taints: soft })]).verdict).toBe("runs");
  });

  it("are tried where it is not known yet what the pods tolerate", () => {
    const taints = [{ key: "team", effect: "NoSchedule" as const }];
    const unknownPaths = ["spec.tolerations"];
    expect(of({ ...GPU, unknownPaths }, [flavor({ name: "train", taints })]).verdict).toBe("undecided");
  });

  it("are none of a queue that has none", () => {
    expect(of(GPU, [])).toMatchObject({
      verdict: "never",
      reason: "ClusterQueue research has no flavor for cpu, memory and nvidia.com/gpu",
    });
  });

  it("are undecided where nothing tells which nodes they are", () => {
    expect(of({}, [flavor({ name: "a", nodeLabels: undefined })], [system()])).toMatchObject({
      verdict: "undecided",
      reason: "spec.nodeSelector is not known yet, and may decide where it can run",
    });
  });

  it("are one of each group of resources", () => {
    const groups = [
      { resources: ["cpu", "memory"], isOpen: false, flavors: [flavor({ name: "zone", nodeLabels: { zone: "x" } })] },
      { resources: ["nvidia.com/gpu"], isOpen: false, flavors: [flavor({ name: "train" })] },
    ];
    const verdict = (labels: Record<string, string>) =>
      proofOf({ gpus: 4 }, {}, [train({ labels })], inQueues(queue([], { groups }))).verdict;
    expect([verdict({ zone: "x" }), verdict({ zone: "y" })]).toEqual(["runs", "never"]);
  });

  it("are undecided where there are too many combinations of them", () => {
    const many = (start: string, count: number) =>
      Array.from({ length: count }, (_, at) => flavor({ name: `${start}${at}`, nodeLabels: {} }));
    const groups = (count: number) => [
      { resources: ["cpu"], isOpen: false, flavors: many("c", count) },
      { resources: ["nvidia.com/gpu"], isOpen: false, flavors: many("g", 8) },
    ];
    const proof = (count: number) => proofOf(GPU, {}, [train()], inQueues(queue([], { groups: groups(count) })));
    expect(proof(8).verdict).toBe("runs");
    expect(proof(9)).toMatchObject({
      verdict: "undecided",
      reason: "what ClusterQueue research has of nvidia.com/gpu is not known yet",
    });
  });
});
