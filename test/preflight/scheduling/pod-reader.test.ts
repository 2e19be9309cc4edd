import { describe, expect, it } from "vitest";
import { UNKNOWN, type Tree, type TreeObject } from "../../../components/model";
import type { NodeTerm } from "../../../preflight/scheduling/pod";
import { schedulablePod } from "../../../preflight/scheduling/pod-reader";
import { podOf, readingOf } from "./samples";

/** What every pod tolerates. */
const FOR_A_WHILE = ["not-ready", "unreachable"].map((condition) => ({
  key: `node.kubernetes.io/${condition}`,
  operator: "Exists",
  value: "",
  effect: "NoExecute",
}));

describe("a pod", () => {
  it("that asks for nothing can run anywhere", () => {
    expect(schedulablePod({ metadata: {}, spec: {} }, { namespace: "ml" })).toEqual({
      namespace: "ml",
      labels: {},
      requests: new Map([["pods", 1]]),
      nodeName: undefined,
      nodeSelector: [],
      nodeTerms: undefined,
      tolerations: FOR_A_WHILE,
      hostPorts: [],
      affinity: [],
      antiAffinity: [],
      spread: [],
      volumes: [],
      unknownPaths: [],
    });
  });

  it("has labels that are text, and none that are not known", () => {
    expect(
      podOf({}, { app: "mnist", retries: 3, debug: false, run: UNKNOWN, none: null, gone: undefined, odd: {} }).labels,
    ).toEqual({
      app: "mnist",
      retries: "3",
      debug: "false",
      odd: "",
    });
  });

  it.each<[spec: TreeObject, name: string | undefined, unknown: string[]]>([
    [{ nodeName: "node-1" }, "node-1", []],
    [{ nodeName: "" }, undefined, []],
    [{ nodeName: null }, undefined, []],
    [{ nodeName: UNKNOWN }, undefined, ["spec.nodeName"]],
  ])("of %o names the node %j", (spec, name, unknown) => {
    expect(readingOf("nodeName", spec)).toEqual([name, unknown]);
  });

  it("with claims of devices may not run where it could without", () => {
    expect(podOf({ resourceClaims: [{ name: "gpu" }] }).unknownPaths).toEqual(["spec.resourceClaims"]);
    expect(podOf({ resourceClaims: UNKNOWN }).unknownPaths).toEqual(["spec.resourceClaims"]);
    expect(podOf({ resourceClaims: [] }).unknownPaths).toEqual([]);
  });
});

describe("node selectors", () => {
  it.each<[selector: Tree, pairs: [string, string][], unknown: string[]]>([
    [
      { "mlstack.dev/pool": "gpu", zone: 1 },
      [
        ["mlstack.dev/pool", "gpu"],
        ["zone", "1"],
      ],
      [],
    ],
    [{ pool: null }, [], []],
    [{ pool: {} }, [["pool", ""]], []],
    [UNKNOWN, [], ["spec.nodeSelector"]],
    [{ "mlstack.dev/pool": UNKNOWN, zone: "a" }, [["zone", "a"]], ['spec.nodeSelector["mlstack.dev/pool"]']],
  ])("%o are %j", (nodeSelector, pairs, unknown) => {
    expect(readingOf("nodeSelector", { nodeSelector })).toEqual([pairs, unknown]);
  });
});

describe("tolerations", () => {
  const WIDEST = { key: "", operator: "Exists", value: "", effect: "" };

  it.each<[toleration: Tree, read: object, unknown: string[]]>([
    [
      { key: "gpu", value: "yes", effect: "NoSchedule" },
      { key: "gpu", operator: "Equal", value: "yes", effect: "NoSchedule" },
      [],
    ],
    [{ key: "gpu", operator: "Exists" }, { key: "gpu", operator: "Exists", value: "", effect: "" }, []],
    [{ key: "gpu", operator: "" }, { key: "gpu", operator: "Equal", value: "", effect: "" }, []],
    [{ key: "gpu", value: true }, { key: "gpu", operator: "Equal", value: "true", effect: "" }, []],
    [UNKNOWN, WIDEST, ["spec.tolerations[0]"]],
    [
      { key: UNKNOWN, value: "yes", effect: "NoSchedule" },
      { ...WIDEST, value: "yes", effect: "NoSchedule" },
      ["spec.tolerations[0].key"],
    ],
    [{ key: "gpu", operator: UNKNOWN }, { ...WIDEST, key: "gpu" }, ["spec.tolerations[0].operator"]],
    [{ key: "gpu", value: UNKNOWN }, { ...WIDEST, key: "gpu" }, ["spec.tolerations[0].value"]],
    [
      { key: "gpu", value: "yes", effect: UNKNOWN },
      { key: "gpu", operator: "Equal", value: "yes", effect: "" },
      ["spec.tolerations[0].effect"],
    ],
  ])("%o is as wide as it may be", (toleration, expected, unknown) => {
    const pod = podOf({ tolerations: [toleration] });
    expect([pod.tolerations[0], pod.unknownPaths]).toEqual([expected, unknown]);
  });

  it.each<[toleration: TreeObject, added: string[]]>([
    [{ key: "gpu", operator: "Exists" }, ["not-ready", "unreachable"]],
    [{ key: "node.kubernetes.io/not-ready", value: "any", effect: "NoExecute" }, ["unreachable"]],
    [{ key: "node.kubernetes.io/unreachable" }, ["not-ready"]],
    [{ key: "node.kubernetes.io/unreachable", effect: "NoSchedule" }, ["not-ready", "unreachable"]],
    [{ operator: "Exists", effect: "NoExecute" }, []],
    [{ operator: "Exists" }, []],
    [{ operator: "Exists", effect: "NoSchedule" }, ["not-ready", "unreachable"]],
  ])("with %o get those of nodes in trouble as well: %j", (toleration, added) => {
    const [, ...others] = podOf({ tolerations: [toleration] }).tolerations;
    expect(others).toEqual(FOR_A_WHILE.filter(({ key }) => added.includes(key.replace("node.kubernetes.io/", ""))));
  });

  it("that are not known may cover everything", () => {
    expect(readingOf("tolerations", { tolerations: UNKNOWN })).toEqual([[WIDEST], ["spec.tolerations"]]);
  });
});

describe("ports of the node", () => {
  const ports = (...list: Tree[]): TreeObject => ({ ports: list });

  it("are those that containers and sidecars take, with the defaults of the API server", () => {
    const spec = {
      containers: [ports({ containerPort: 80, hostPort: 8080 }, { containerPort: 81 })],
      initContainers: [
        { ...ports({ hostPort: 9000, hostIP: "10.0.0.1", protocol: "UDP" }), restartPolicy: "Always" },
        ports({ hostPort: 9001 }),
      ],
    };
    expect(podOf(spec).hostPorts).toEqual([
      { ip: "10.0.0.1", protocol: "UDP", port: 9000 },
      { ip: "0.0.0.0", protocol: "TCP", port: 8080 },
    ]);
  });

  it("are all of a pod on the network of its node", () => {
    const spec = { containers: [ports({ containerPort: 80 }, { containerPort: 81, hostPort: 82 }, { hostPort: 0 })] };
    const ofNode = podOf({ ...spec, hostNetwork: true }).hostPorts.map(({ port }) => port);
    expect(ofNode).toEqual([80, 82]);
    expect(podOf({ ...spec, hostNetwork: false }).hostPorts.map(({ port }) => port)).toEqual([82]);
  });

  it.each<[spec: TreeObject, unknown: string[]]>([
    [{ containers: [{ ports: UNKNOWN }] }, ["spec.containers[0].ports"]],
    [{ containers: [ports(UNKNOWN)] }, ["spec.containers[0].ports[0]"]],
    [{ containers: [ports({ hostPort: UNKNOWN })] }, ["spec.containers[0].ports[0].hostPort"]],
    [
      { hostNetwork: true, containers: [ports({ hostPort: UNKNOWN, containerPort: 80 })] },
      ["spec.containers[0].ports[0].hostPort"],
    ],
    [
      { hostNetwork: true, containers: [ports({ containerPort: UNKNOWN })] },
      ["spec.containers[0].ports[0].containerPort"],
    ],
    [{ containers: [ports({ hostPort: 80, hostIP: UNKNOWN })] }, ["spec.containers[0].ports[0].hostIP"]],
    [{ containers: [ports({ hostPort: 80, protocol: UNKNOWN })] }, ["spec.containers[0].ports[0].protocol"]],
    [{ hostNetwork: UNKNOWN, containers: [ports({ containerPort: 80 })] }, ["spec.hostNetwork"]],
    [{ hostNetwork: UNKNOWN, containers: [{}] }, []],
    [{ containers: [ports({ containerPort: UNKNOWN, name: UNKNOWN })] }, []],
    [{ containers: [ports({ hostPort: "http" }, { hostPort: -1 })] }, []],
  ])("are none of %o", (spec, unknown) => {
    expect(readingOf("hostPorts", spec)).toEqual([[], unknown]);
  });
});

describe("volumes", () => {
  const terms: NodeTerm[] = [{ expressions: [{ key: "zone", operator: "In", values: ["a"] }], fields: [] }];
  const volumes = (claim: string) => (claim === "data" ? terms : undefined);
  const claimed = (claimName: Tree): TreeObject => ({ persistentVolumeClaim: { claimName } });

  it("reach as far as those that the claims are bound to", () => {
    const spec = { volumes: [claimed("data"), claimed("scratch"), { emptyDir: {} }] };
    expect(schedulablePod({ metadata: {}, spec }, { namespace: "ml", volumes }).volumes).toEqual([
      { claim: "data", terms },
    ]);
  });

  it.each<[spec: TreeObject, unknown: string[]]>([
    [{ volumes: UNKNOWN }, ["spec.volumes"]],
    [{ volumes: [UNKNOWN] }, ["spec.volumes[0]"]],
    [{ volumes: [claimed(UNKNOWN)] }, ["spec.volumes[0].persistentVolumeClaim.claimName"]],
  ])("of %o may reach anywhere", (spec, unknown) => {
    const pod = schedulablePod({ metadata: {}, spec }, { namespace: "ml", volumes });
    expect([pod.volumes, pod.unknownPaths]).toEqual([[], unknown]);
  });

  it("are not asked for where nothing is known of volumes", () => {
    const pod = podOf({ volumes: [claimed(UNKNOWN)] });
    expect([pod.volumes, pod.unknownPaths]).toEqual([[], []]);
  });
});
