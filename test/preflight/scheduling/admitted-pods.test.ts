import { describe, expect, it } from "vitest";
import { UNKNOWN, type Tree, type TreeObject } from "../../../components/model";
import { daemonPod } from "../../../preflight/scheduling/daemon-pod";
import { withExtendedResourceTolerations } from "../../../preflight/scheduling/extended-resource-tolerations";
import { asking, podOf } from "./samples";

describe("daemonPod", () => {
  const daemon = (hostNetwork?: Tree) =>
    daemonPod(
      { metadata: {}, spec: { hostNetwork, tolerations: [{ key: "gpu", operator: "Exists" }] } },
      { namespace: "kube-system" },
    );

  it("tolerates what the controller makes pods of DaemonSets tolerate, beside its own", () => {
    const tolerated = daemon().tolerations.map(({ key, operator, effect }) => `${key} ${operator} ${effect}`);
    expect(tolerated).toEqual([
      "gpu Exists ",
      "node.kubernetes.io/not-ready Exists NoExecute",
      "node.kubernetes.io/unreachable Exists NoExecute",
      "node.kubernetes.io/disk-pressure Exists NoSchedule",
      "node.kubernetes.io/memory-pressure Exists NoSchedule",
      "node.kubernetes.io/pid-pressure Exists NoSchedule",
      "node.kubernetes.io/unschedulable Exists NoSchedule",
    ]);
    expect(daemon().namespace).toBe("kube-system");
  });

  it.each<[hostNetwork: Tree, tolerates: boolean, unknown: string[]]>([
    [true, true, []],
    [false, false, []],
    [undefined, false, []],
    [UNKNOWN, true, ["spec.hostNetwork"]],
  ])("with hostNetwork %o can do without the network of pods: %j", (hostNetwork, tolerates, unknown) => {
    const pod = daemon(hostNetwork);
    const keys = pod.tolerations.map(({ key, effect }) => `${key}:${effect}`);
    expect(keys.includes("node.kubernetes.io/network-unavailable:NoSchedule")).toBe(tolerates);
    expect(pod.unknownPaths).toEqual(unknown);
  });

  it("may tolerate everything where it is not known what it tolerates", () => {
    const pod = daemonPod({ metadata: {}, spec: { tolerations: UNKNOWN } }, { namespace: "ml" });
    expect(pod.tolerations).toEqual([{ key: "", operator: "Exists", value: "", effect: "" }]);
    expect(pod.unknownPaths).toEqual(["spec.tolerations"]);
  });

  it("names what is not known once", () => {
    const spec: TreeObject = { hostNetwork: UNKNOWN, containers: [{ ports: [{ containerPort: 80 }] }] };
    expect(daemonPod({ metadata: {}, spec }, { namespace: "ml" }).unknownPaths).toEqual(["spec.hostNetwork"]);
  });
});

describe("withExtendedResourceTolerations", () => {
  it("adds a toleration for each device that a pod asks for, even for none of it", () => {
    const pod = podOf({
      tolerations: [{ key: "team", operator: "Exists" }],
      ...asking({ cpu: "1", "nvidia.com/gpu": 1, "vpc.amazonaws.com/efa": 0, "hugepages-2Mi": "4Mi" }),
    });
    expect(withExtendedResourceTolerations(pod).tolerations).toEqual([
      ...pod.tolerations,
      { key: "nvidia.com/gpu", operator: "Exists", value: "", effect: "NoSchedule" },
      { key: "vpc.amazonaws.com/efa", operator: "Exists", value: "", effect: "NoSchedule" },
    ]);
  });

  it("leaves a pod without devices as it is", () => {
    const pod = podOf(asking({ cpu: "1" }));
    expect(withExtendedResourceTolerations(pod)).toBe(pod);
  });
});
