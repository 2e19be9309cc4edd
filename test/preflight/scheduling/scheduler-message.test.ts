import { describe, expect, it } from "vitest";
import { ClusterState } from "../../../preflight/scheduling/cluster-state";
import { schedulerMessage } from "./scheduler-message";
import { asking, nodeOf, podOf, required } from "./samples";

const tainted = { taints: [{ key: "gpu", effect: "NoSchedule" as const }] };

/** What is said of a pod on nodes on which nothing runs. */
function messageFor(pod: ReturnType<typeof podOf>, nodes: ReturnType<typeof nodeOf>[]) {
  return schedulerMessage(pod, nodes, new ClusterState(nodes));
}

describe("schedulerMessage", () => {
  it("counts nodes by reason, and sorts reasons as text", () => {
    const small = Array.from({ length: 10 }, (_, index) => nodeOf(`small-${index}`, { allocatable: { cpu: "1" } }));
    const cordoned = nodeOf("cordoned", { unschedulable: true });
    const nodes = [...small, nodeOf("a", tainted), nodeOf("b", tainted), cordoned];
    expect(messageFor(podOf(asking({ cpu: "2", memory: "1Gi" })), nodes)).toBe(
      "0/13 nodes are available: 1 node(s) were unschedulable, 10 Insufficient cpu, 10 Insufficient memory, " +
        "2 node(s) had untolerated taint(s).",
    );
  });

  it("is none where a node takes the pod", () => {
    expect(messageFor(podOf({}), [nodeOf("a", tainted), nodeOf("b")])).toBeUndefined();
  });

  it("tells that there are no nodes", () => {
    expect(messageFor(podOf({}), [])).toBe("no nodes available to schedule pods");
  });

  it("does not count nodes where no node can have the names that a pod asks for", () => {
    const name = (value: string) => ({ key: "metadata.name", operator: "In", values: [value] });
    const pod = podOf(required("nodeAffinity", { matchFields: [name("a"), name("b")] }));
    expect(messageFor(pod, [nodeOf("a"), nodeOf("b")])).toBe("0/2 nodes are available: pod affinity terms conflict.");
  });

  it("counts the nodes beside the one that a pod asks for by name", () => {
    const pod = podOf(
      required("nodeAffinity", { matchFields: [{ key: "metadata.name", operator: "In", values: ["a"] }] }),
    );
    expect(messageFor(pod, [nodeOf("a", tainted), nodeOf("b"), nodeOf("c")])).toBe(
      "0/3 nodes are available: 1 node(s) had untolerated taint(s), 2 node(s) didn't satisfy plugin(s) [NodeAffinity].",
    );
  });
});
