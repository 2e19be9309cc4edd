import { describe, expect, it } from "vitest";
import { proofsOf } from "../../../preflight/placement";
import type { PlannedPool } from "../../../preflight/pools";
import type { PodTerm } from "../../../preflight/scheduling/pod";
import { GIB, job, near, pod, pool, system, TOLERANT, train, ZONE, type PodArgs, type SetArgs } from "./stack";

/** The reason for which a pod can never run on the pools, by default one with GPUs and one without. */
function reasonOf(of: PodArgs, pools: PlannedPool[] = [train(), system()], more: SetArgs = {}): string {
  const [proof] = proofsOf([job("Job ml/a", pod(of), more)], pools);
  expect(proof).toMatchObject({ verdict: "never", atOnce: 0 });
  return proof!.reason;
}

const inZone = (claim: string, ...values: string[]) => ({
  claim,
  terms: [{ expressions: [{ key: ZONE, operator: "In" as const, values }], fields: [] }],
});

describe("a pod that no pool takes is told why, the closest pool first", () => {
  it.each<[what: string, pod: PodArgs, reason: string]>([
    [
      "more GPUs than a node has",
      { gpus: 8, ...TOLERANT },
      "asks for 8 GPUs; the largest node, of pool train (g5.12xlarge), has 4",
    ],
    [
      "more of several resources",
      { gpus: 8, cpus: 64, ...TOLERANT },
      "asks for 8 GPUs and 64 CPUs; a node of pool train (g5.12xlarge), the closest, has 4 GPUs and 47.6 CPUs",
    ],
    [
      "no toleration",
      { gpus: 2 },
      "does not tolerate the taint nvidia.com/gpu=present:NoSchedule of pool train (g5.12xlarge); " +
        "the other pool is no closer",
    ],
    [
      "memory that the machine has on paper",
      { gpus: 1, memoryGib: 180, ...TOLERANT },
      "asks for 180 GiB of memory; the largest node, of pool train (g5.12xlarge), has 170 GiB of its 192 GiB: " +
        "21 GiB go to the system and the kubelet and 1 GiB to DaemonSet kube-system/device-plugin",
    ],
    [
      "memory that the machine has not",
      { memoryGib: 280, ...TOLERANT },
      "asks for 280 GiB of memory; the largest node, of pool train (g5.12xlarge), has 170 GiB",
    ],
    [
      "CPUs that the kubelet keeps",
      { cpus: 48, ...TOLERANT },
      "asks for 48 CPUs; the largest node, of pool train (g5.12xlarge), has 47.6 of its 48: " +
        "0.4 go to the system and the kubelet",
    ],
    [
      "another operating system",
      { nodeSelector: { "kubernetes.io/os": "windows" } },
      "is for windows, and nodes of pool system run linux, whose kubelets refuse such pods; the other pool is no closer",
    ],
    [
      "a label that no pool has",
      { nodeSelector: { "mlstack.dev/pool": "trian" }, ...TOLERANT },
      "selects nodes with the label mlstack.dev/pool=trian, and nodes of pool train (g5.12xlarge) have " +
        "mlstack.dev/pool=train; " +
        "the other pool is no closer",
    ],
    [
      "the other architecture",
      { nodeSelector: { "kubernetes.io/arch": "arm64" }, ...TOLERANT },
      "selects nodes with architecture arm64 (label kubernetes.io/arch), and nodes of pool train (g5.12xlarge) " +
        "have amd64; the other pool is no closer",
    ],
    [
      "another model of GPUs",
      { gpus: 1, nodeSelector: { "mlstack.dev/gpu-model": "h100" }, ...TOLERANT },
      "selects nodes with GPU model h100 (label mlstack.dev/gpu-model), and nodes of pool train (g5.12xlarge) " +
        "have a10g; the other pool is no closer",
    ],
    [
      "a label by affinity that nodes do not have",
      {
        nodeTerms: [{ expressions: [{ key: "nvidia.com/gpu.memory", operator: "Gt", values: ["40000"] }], fields: [] }],
      },
      "selects nodes with memory of a GPU in MiB above 40000 (label nvidia.com/gpu.memory), " +
        "and nodes of pool system do not have that label; the other pool is no closer",
    ],
    [
      "fabric adapters and huge pages",
      { gpus: 1, more: { "vpc.amazonaws.com/efa": 4, "hugepages-2Mi": 5 * GIB }, ...TOLERANT },
      "asks for 4 EFA interfaces (vpc.amazonaws.com/efa) and 5 GiB of huge pages (hugepages-2Mi); a node of pool train " +
        "(g5.12xlarge), the closest, has no EFA interfaces (vpc.amazonaws.com/efa) and no huge pages (hugepages-2Mi)",
    ],
    [
      "a slice of a GPU that no plugin offers",
      { more: { "nvidia.com/mig-1g.5gb": 1 }, ...TOLERANT },
      "asks for 1 nvidia.com/mig-1g.5gb; pool train (g5.12xlarge) and pool system offer none, " +
        "and a node of pool train (g5.12xlarge) has 4 GPUs",
    ],
    [
      "a share of a GPU that no plugin offers",
      { more: { "nvidia.com/gpu.shared": 1 }, ...TOLERANT },
      "asks for 1 share of a GPU (nvidia.com/gpu.shared); pool train (g5.12xlarge) and pool system offer none, " +
        "and a node of pool train (g5.12xlarge) has 4 GPUs",
    ],
    [
      "a device that nobody has",
      { more: { "example.com/fpga": 2 }, ...TOLERANT },
      "asks for 2 example.com/fpga; pool train (g5.12xlarge) and pool system offer none",
    ],
    [
      "a volume in another zone",
      { volumes: [inZone("data", "eu-1c")], ...TOLERANT },
      "mounts the volume of claim data, which is in eu-1c, and nodes of pool train (g5.12xlarge) are in eu-1a and eu-1b; " +
        "the other pool is no closer",
    ],
    [
      "a node of another name",
      { nodeName: "elsewhere", ...TOLERANT },
      "names the node elsewhere, which is not of pool train (g5.12xlarge); the other pool is no closer",
    ],
    [
      "pods near it that nobody brings",
      { affinity: [near("cache")] },
      "no pod can run: each must share a node with pods with app=cache, and no workload of the stack has such pods",
    ],
  ])("%s", (_, of, reason) => {
    expect(reasonOf(of)).toBe(reason);
  });

  it("names the memory of GPUs where an annotation asks for more of it", () => {
    const annotations = { "mlstack.dev/gpu-memory": "40Gi" };
    expect(reasonOf({ gpus: 1, ...TOLERANT }, [train()], { annotations })).toBe(
      "asks for GPUs with 40 GiB of memory each, and those of pool train (g5.12xlarge) have 22.35 GiB",
    );
    const enough = job("Job ml/a", pod({ gpus: 1, ...TOLERANT }), {
      annotations: { "mlstack.dev/gpu-memory": "22Gi" },
    });
    expect(proofsOf([enough], [train()])[0]).toMatchObject({ verdict: "runs" });
  });

  it("says what is asked for beside what the closest pool is short of, where another pool has that", () => {
    const large = pool({ name: "large", cpus: 64, memoryGib: 16 });
    const wide = pool({ name: "wide", cpus: 8, memoryGib: 512 });
    expect(reasonOf({ cpus: 48, memoryGib: 20 }, [large, wide])).toBe(
      "asks for 20 GiB of memory beside 48 CPUs; a node of pool large, the closest, has 16 GiB of memory",
    );
  });

  it("names every obstacle of the closest pool, and counts the pools that are no closer", () => {
    const cordoned = train({ name: "old" });
    expect(reasonOf({ gpus: 6 }, [cordoned, system(), system({ name: "extra" })])).toBe(
      "does not tolerate the taint nvidia.com/gpu=present:NoSchedule of pool old (g5.12xlarge) and asks for 6 GPUs, " +
        "of which a node of pool old (g5.12xlarge) has 4; the other 2 pools are no closer",
    );
  });

  it("names what DaemonSets and the system take of a machine's disk, three DaemonSets at most", () => {
    const disk = (gib: number) => ({ more: { "ephemeral-storage": gib * GIB } });
    const daemons = ["a", "b", "c", "d", "e"].map((name, at) => ({
      daemon: `DaemonSet ${name}`,
      requests: new Map(at === 4 ? [] : [["ephemeral-storage", (4 - at) * GIB] as const]),
    }));
    const shape = { ephemeralStorageGib: 100 };
    expect(reasonOf(disk(90), [pool({ name: "a", ...disk(80), shape, daemons: daemons.slice(1) })])).toBe(
      "asks for 90 GiB of disk; a node of pool a has 80 GiB of its 100 GiB: 14 GiB go to the system and the kubelet " +
        "and 6 GiB to DaemonSet b, DaemonSet c and DaemonSet d",
    );
    expect(
      reasonOf(disk(90), [pool({ name: "a", ...disk(90 - 1), shape: { ephemeralStorageGib: 99 }, daemons })]),
    ).toBe(
      "asks for 90 GiB of disk; a node of pool a has 89 GiB of its 99 GiB: 10 GiB to DaemonSet a, DaemonSet b, " +
        "DaemonSet c and 1 more DaemonSet",
    );
    expect(reasonOf(disk(90), [pool({ name: "a", ...disk(80) })])).toBe(
      "asks for 90 GiB of disk; a node of pool a has 80 GiB",
    );
  });

  it("names the selectors of pods near which it must be", () => {
    const term = (selector: PodTerm["selector"]): PodTerm => ({ ...near("x"), selector });
    const one = (operator: "NotIn" | "Exists" | "DoesNotExist" | "In", ...values: string[]) => [
      { key: "app", operator, values },
    ];
    const words = (selector: PodTerm["selector"]) =>
      reasonOf({ affinity: [term(selector)] }, [pool({ name: "a" })]).replace(
        "no pod can run: each must share a node with ",
        "",
      );
    const none = ", and no workload of the stack has such pods";
    expect(words(one("In", "a", "b"))).toBe(`pods with app=a or app=b${none}`);
    expect(words([...one("Exists"), ...one("NotIn", "c")])).toBe(`pods with a label app and app other than c${none}`);
    expect(words([...one("DoesNotExist"), ...one("In", "c")])).toBe(`pods with no label app and app=c${none}`);
    expect(words(undefined)).toBe(`no pods at all${none}`);
  });

  it("names no more pools than three", () => {
    const names = (count: number) => ["a", "b", "c", "d", "e"].slice(0, count).map((name) => pool({ name }));
    expect(reasonOf({ gpus: 1 }, names(3))).toBe("asks for 1 GPU; pool a, pool b and pool c offer none");
    expect(reasonOf({ gpus: 1 }, names(5))).toBe("asks for 1 GPU; pool a, pool b, pool c and 2 more offer none");
    expect(reasonOf({ gpus: 1 }, names(1))).toBe("asks for 1 GPU; pool a offers none");
  });

  it("says so where DaemonSets leave no room for any pod", () => {
    expect(reasonOf({}, [pool({ name: "a", pods: 0 })])).toBe(
      "finds no room beside the DaemonSets of pool a, which take all pods of a node",
    );
  });

  it("tells of the zone that is closest", () => {
    const open = { key: "team", effect: "NoSchedule" as const };
    const far = pool({ name: "a", zones: ["eu-1a", "eu-1b"], taints: [open] });
    const volumes = [inZone("data", "eu-1b")];
    expect(reasonOf({ volumes }, [far])).toBe("does not tolerate the taint team:NoSchedule of pool a");
    const turned = pool({ name: "a", zones: ["eu-1b", "eu-1a"], taints: [open] });
    expect(reasonOf({ volumes }, [turned])).toBe("does not tolerate the taint team:NoSchedule of pool a");
  });

  it("says so where there is no pool that can have a node", () => {
    expect(reasonOf({}, [pool({ name: "off", maxNodes: 0 })])).toBe(
      "no pod can run: pool off has 0 nodes at most with room for 16 each",
    );
  });

  it("lists the pools with their obstacles, the closest first", () => {
    const [proof] = proofsOf([job("Job ml/a", pod({ gpus: 8, ...TOLERANT }))], [system(), train()]);
    const short = { kind: "resource", message: "Insufficient nvidia.com/gpu", subject: "nvidia.com/gpu", asked: 8 };
    expect(proof!.pools).toEqual([
      { pool: "train", perNode: 0, atOnce: 0, obstacles: [{ ...short, left: 4 }] },
      { pool: "system", perNode: 0, atOnce: 0, obstacles: [{ ...short, left: 0 }] },
    ]);
  });
});
