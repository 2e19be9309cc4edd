import { describe, expect, it } from "vitest";
import { judgementsOf } from "../../judgements";
import { Subject } from "../../../../policies/engine/subject";
import { standingNodes } from "../../../../policies/gpu-ml/pools/standing-nodes";
import { plannedStackOf } from "../../../../policies/gpu-ml/preflight/proofs/stack-plan";
import { container, karpenterPool, object, pyTorchJob, subjectOf } from "../stack/resources";
import { analyze, lines, UNKNOWN_STRING, type TestResource } from "../../analyzer";
import { instanceType, nodeGroup, nodePool, notKnown } from "./resources";

function group(minSize: unknown, props: object = {}): TestResource {
  return nodeGroup({ instanceTypes: ["g5.xlarge"], scalingConfig: { minSize, desiredSize: 2, maxSize: 4 }, ...props });
}

function pool(replicas: unknown, requirement: object = instanceType("g5.xlarge")): TestResource {
  return nodePool({ replicas, template: { spec: { requirements: [requirement] } } });
}

function messageFor(object: string, path: string, observed: number, allowed = 0): string {
  return (
    `advisory [GPU-19] ${object}: ${path} is ${observed}; allowed: at most ${allowed} for machines with GPUs. ` +
    `Set it to ${allowed}, with a schedule for the hours in which nodes must be ready.`
  );
}

describe("GPU-19 standing nodes with GPUs", () => {
  it.each([
    ["a group that goes down to none", group(0)],
    ["a group that says nothing", nodeGroup({ instanceTypes: ["g5.xlarge"] })],
    ["machines without GPUs", group(3, { instanceTypes: ["m7i.large"] })],
    ["machines of a capacity block", group(2, { capacityType: "CAPACITY_BLOCK" })],
    ["reserved machines", group(2, { labels: { "mlstack.dev/capacity-type": "reserved" } })],
    ["a NodePool without standing nodes", pool(undefined)],
    ["a NodePool of standing machines without GPUs", pool(2, instanceType("m7i.large"))],
    ["no standing nodes, whatever the machines are", group(0, { instanceTypes: UNKNOWN_STRING })],
    ["our own pool, whose node group is judged", { type: "mlstack:index:GpuNodePool", props: { minNodes: 2 } }],
    ["a resource of another type", { type: "aws:ec2/instance:Instance", props: {} }],
  ])("accepts %s", (_case, resource) => {
    expect(analyze([standingNodes], resource)).toEqual([]);
  });

  it.each([
    ["a standing group", group(2), messageFor("NodeGroup train", "scalingConfig.minSize", 2)],
    [
      "one standing node on Spot",
      group(1, { capacityType: "SPOT" }),
      messageFor("NodeGroup train", "scalingConfig.minSize", 1),
    ],
    ["a standing NodePool", pool(3), messageFor("NodePool train", "spec.replicas", 3)],
  ])("refuses %s", (_case, resource, message) => {
    expect(lines(analyze([standingNodes], resource))).toEqual([message]);
  });

  it("allows as many as configuration says", () => {
    const config = { gpu: { rules: { "GPU-19": { nodes: 2 } } } };

    expect(analyze([standingNodes], group(2), config)).toEqual([]);
    expect(lines(analyze([standingNodes], group(3), config))).toEqual([
      messageFor("NodeGroup train", "scalingConfig.minSize", 3, 2),
    ]);
  });

  it.each([
    [0, true],
    [2, true],
    [-1, false],
    [0.5, false],
    ["0", false],
  ])("tells whether %j is a number of nodes", (value, accepted) => {
    expect(standingNodes.parameters.nodes.accepts(value)).toBe(accepted);
  });

  it.each([
    ["lowers the least size of a group", group(2), [{ path: "scalingConfig.minSize", value: 1 }]],
    ["leaves a NodePool with a fixed number of nodes to its author", pool(2), undefined],
  ])("%s", (_case, { type, props }, fix) => {
    const judgements = judgementsOf(standingNodes, [new Subject({ type, name: "train", urn: "", props })], {
      nodes: 1,
    });

    expect(judgements.map(([, judgement]) => ("fix" in judgement ? judgement.fix : undefined))).toEqual([fix]);
  });

  it.each([
    ["the least size", group(UNKNOWN_STRING), "NodeGroup train", "scalingConfig.minSize"],
    ["whether there are GPUs", group(2, { instanceTypes: UNKNOWN_STRING }), "NodeGroup train", "scalingConfig.minSize"],
    [
      "how the machines are paid for",
      group(2, { capacityType: UNKNOWN_STRING }),
      "NodeGroup train",
      "scalingConfig.minSize",
    ],
    [
      "what a requirement is about",
      pool(2, { ...instanceType("g5.xlarge"), key: UNKNOWN_STRING }),
      "NodePool train",
      "spec.replicas",
    ],
  ])("leaves it to the update while %s is not known", (_case, resource, object, path) => {
    expect(lines(analyze([standingNodes], resource))).toEqual([notKnown(object, path, standingNodes)]);
  });
});

/** What GPU-19 says of some resources where their plan is at hand. */
function saidInPlan(resources: TestResource[], nodes = 0): string[] {
  const subjects = resources.map(subjectOf);
  const rule = standingNodes.within(plannedStackOf(subjects));
  return judgementsOf(rule, subjects, { nodes }).map(([, judgement]) =>
    "observed" in judgement ? `${judgement.observed}; allowed: ${judgement.allowed}` : judgement.undecidedPath,
  );
}

function service(
  replicas: number,
  gpus: number | undefined,
  autoscaler: TestResource[] = [],
  name = "chat",
): TestResource[] {
  const spec = { replicas, template: { spec: { containers: [container(gpus)] } } };
  return [object("apps/v1", "Deployment", name, { spec }), ...autoscaler];
}

const ZONE = { key: "topology.kubernetes.io/zone", operator: "In", values: ["us-east-1a"] };
const standing = (replicas: number, type = "g5.xlarge") =>
  karpenterPool("gpu", [instanceType(type), ZONE], { replicas, limits: { nodes: 4 } });

describe("GPU-19 in a plan", () => {
  it.each<[string, TestResource[], string[]]>([
    [
      "names the money of idle nodes",
      [standing(2)],
      ["2, so that USD 2.01/h is paid for idle machines; allowed: at most 0 for machines with GPUs"],
    ],
    ["is content where services fill them", [standing(2), ...service(2, 1)], []],
    [
      "names those that services leave idle",
      [standing(3), ...service(2, 1)],
      [
        "3, of which services fill 2, so that USD 1.01/h is paid for idle machines; allowed: at most 2 for machines with GPUs",
      ],
    ],
    [
      "takes pods of several services for close together",
      [standing(3, "g5.12xlarge"), ...service(1, 1), ...service(1, 3, [], "draw")],
      [
        "3, of which services fill 1, so that USD 11.34/h is paid for idle machines; allowed: at most 1 for machines with GPUs",
      ],
    ],
    [
      "does not take pods for closer together than they fit",
      [standing(3, "g5.12xlarge"), ...service(1, 3), ...service(1, 2, [], "draw")],
      [
        "3, of which services fill 2, so that USD 5.67/h is paid for idle machines; allowed: at most 2 for machines with GPUs",
      ],
    ],
    [
      "counts services at their fewest replicas",
      [
        standing(2),
        ...service(2, 1, [
          object("autoscaling/v2", "HorizontalPodAutoscaler", "chat", {
            spec: {
              minReplicas: 1,
              maxReplicas: 2,
              scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "chat" },
            },
          }),
        ]),
      ],
      [
        "2, of which services fill 1, so that USD 1.01/h is paid for idle machines; allowed: at most 1 for machines with GPUs",
      ],
    ],
    [
      "takes services without GPUs for no reason",
      [standing(1), ...service(1, undefined)],
      ["1, so that USD 1.01/h is paid for idle machines; allowed: at most 0 for machines with GPUs"],
    ],
    [
      "takes jobs for no reason",
      [standing(1), pyTorchJob(1, 1)],
      ["1, so that USD 1.01/h is paid for idle machines; allowed: at most 0 for machines with GPUs"],
    ],
    ["says nothing of money that is not known", [group(2)], ["2; allowed: at most 0 for machines with GPUs"]],
    ["says what is not known yet", [group(UNKNOWN_STRING)], ["scalingConfig.minSize"]],
  ])("%s", (_case, resources, messages) => {
    expect(saidInPlan(resources)).toEqual(messages);
  });

  it("allows what configuration says where services fill less", () => {
    expect(saidInPlan([standing(2), ...service(1, 1)], 2)).toEqual([]);
    expect(saidInPlan([standing(3), ...service(1, 1)], 2)).toEqual([
      "3, so that USD 2.01/h is paid for idle machines; allowed: at most 2 for machines with GPUs",
    ]);
  });
});
