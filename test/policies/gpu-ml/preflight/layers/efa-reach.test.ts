import { describe, expect, it } from "vitest";
import { efaReach } from "../../../../../policies/gpu-ml/preflight/layers/efa-reach";
import { UNKNOWN_STRING, type TestResource } from "../../../analyzer";
import { nodeGroup, object, pod, pyTorchJob, release, said, undecidedAt } from "../../stack/resources";
import { AUTO_MODE, DEDICATED, nodePool } from "./objects";

const EFA = "vpc.amazonaws.com/efa";
const PATH = `spec.containers[0].resources.limits["${EFA}"]`;
const TYPE = "node.kubernetes.io/instance-type";
const CHART = "aws-efa-k8s-device-plugin";

function ask(amount: unknown = 1, spec: object = {}): TestResource {
  return pod(amount, spec, EFA);
}

function plugin(spec: object = {}, image: unknown = `public.ecr.aws/eks/${CHART}:v0.5.20`, name = "efa"): TestResource {
  const containers = [{ name: "plugin", image }];
  return object("apps/v1", "DaemonSet", name, { spec: { template: { spec: { containers, ...spec } } } });
}

function supporting(values: unknown, rest: object = {}): TestResource {
  return release(CHART, { supportedInstanceLabels: { keys: [TYPE], values }, ...rest });
}

const POOL = nodeGroup("train", { instanceTypes: ["p5.4xlarge"], labels: { "mlstack.dev/efa": "true" } });

function refusal(observed: string, allowed: string, remedy: string): string {
  return `mandatory [LAY-05] Pod ml/chat: ${PATH} is an amount of adapters ${observed}; allowed: ${allowed}. ${remedy}`;
}

const MISSING = refusal(
  "although nothing in the stack makes these known",
  "such an amount beside the EFA device plugin",
  "Install the plugin aws-efa-k8s-device-plugin.",
).replace("adapters although", "adapters, although");

function unselected(end: string, pool = "instanceTypes of NodeGroup train"): string {
  return refusal(
    `on nodes that the plugin does not select, as ${pool} and its labels tell`,
    `adapters on nodes that the plugin selects by ${end}`,
    "Let the plugin select the nodes of the pool.",
  );
}

function keptOff(end: string): string {
  return refusal(
    "on nodes whose taint dedicated=research:NoSchedule (taints of NodeGroup train) keeps the plugin off",
    `adapters on nodes that the plugin tolerates by ${end}`,
    "Add a toleration for it to the plugin.",
  );
}

const TAINTED = nodeGroup("train", { instanceTypes: ["p5.4xlarge"], taints: [DEDICATED] });
const TOLERANT = ask(1, { tolerations: [{ operator: "Exists" }] });

describe("LAY-05 adapters and their plugin", () => {
  it.each<[string, TestResource[]]>([
    ["the plugin on all nodes", [POOL, plugin(), ask()]],
    [
      "the plugin beside another container",
      [
        POOL,
        plugin({
          containers: [
            { name: "a", image: "x" },
            { name: "b", image: `public.ecr.aws/eks/${CHART}:v0.5.20` },
          ],
        }),
        ask(),
      ],
    ],
    ["the plugin on nodes of the type", [POOL, plugin({ nodeSelector: { [TYPE]: "p5.4xlarge" } }), ask()]],
    ["the plugin on nodes with the label", [POOL, plugin({ nodeSelector: { "mlstack.dev/efa": "true" } }), ask()]],
    ["the chart", [POOL, release(CHART), ask()]],
    ["the chart with the type in its list", [POOL, supporting(["p5.48xlarge", "p5.4xlarge"]), ask()]],
    ["the chart without a list", [POOL, release(CHART, { supportedInstanceLabels: null }), ask()]],
    [
      "the chart with a list and no keys",
      [POOL, release(CHART, { supportedInstanceLabels: { values: ["p5.4xlarge"] } }), ask()],
    ],
    [
      "the chart with one of two keys",
      [
        POOL,
        release(CHART, { supportedInstanceLabels: { keys: ["mlstack.dev/efa", TYPE], values: ["p5.4xlarge"] } }),
        ask(),
      ],
    ],
    ["a plugin that tolerates the taint", [TAINTED, plugin({ tolerations: [{ operator: "Exists" }] }), TOLERANT]],
    [
      "a chart that tolerates the taint",
      [TAINTED, release(CHART, { tolerations: [{ operator: "Exists" }] }), TOLERANT],
    ],
    ["one of several plugins", [POOL, supporting(["x.large"]), plugin(), ask()]],
    [
      "one of several pools",
      [nodeGroup("b", { instanceTypes: ["p4d.24xlarge"] }), POOL, supporting(["p5.4xlarge"]), ask()],
    ],
    ["Auto Mode, which needs none", [nodePool("a", ["p5.4xlarge"], AUTO_MODE), ask()]],
    ["pods without adapters", [POOL, pod(1)]],
    ["no adapters", [POOL, ask(0)]],
    [
      "limits that are not known",
      [POOL, pod(1, { containers: [{ name: "a", resources: { limits: UNKNOWN_STRING } }] })],
    ],
    ["pods that no pool takes", [POOL, ask(1, { nodeSelector: { "mlstack.dev/efa": "x" } })]],
    ["a stack without nodes", [ask()]],
    ["hidden nodes beside a plugin", [{ type: "eks:index:Cluster", props: {} }, supporting(["x.large"]), ask()]],
  ])("accepts %s", (_case, resources) => {
    expect(said(efaReach, resources)).toEqual([]);
  });

  it.each<[string, TestResource[], string]>([
    ["no plugin", [POOL, ask()], MISSING],
    ["no plugin for hidden nodes", [{ type: "eks:index:Cluster", props: {} }, ask()], MISSING],
    [
      "other DaemonSets and charts",
      [POOL, plugin({}, "registry.example/efa-exporter:1"), release("kueue"), ask()],
      MISSING,
    ],
    ["DaemonSets of other names and unknown images", [POOL, plugin({}, UNKNOWN_STRING, "agent"), ask()], MISSING],
    [
      "a DaemonSet for other machines",
      [POOL, plugin({ nodeSelector: { [TYPE]: "p5.48xlarge" } }), ask()],
      unselected("spec.template.spec.nodeSelector of DaemonSet ml/efa"),
    ],
    [
      "a list without the type",
      [POOL, supporting(["p5.48xlarge"]), ask()],
      unselected(`values.supportedInstanceLabels.values of Release ${CHART}`),
    ],
    [
      "a selector of the chart",
      [POOL, release(CHART, { nodeSelector: { "mlstack.dev/efa": "false" } }), ask()],
      unselected(`values.supportedInstanceLabels.values of Release ${CHART}`),
    ],
    [
      "a taint that a DaemonSet does not tolerate",
      [TAINTED, plugin(), TOLERANT],
      keptOff("spec.template.spec.tolerations of DaemonSet ml/efa"),
    ],
    [
      "a taint that the chart does not tolerate",
      [TAINTED, release(CHART), TOLERANT],
      keptOff(`values.tolerations of Release ${CHART}`),
    ],
    [
      "workers of a job",
      [POOL, pyTorchJob(2, 1, { containers: [{ name: "a", resources: { limits: { [EFA]: 1 } } }] })],
      MISSING.replace("Pod ml/chat", "PyTorchJob ml/bert").replace(
        "spec.containers",
        "spec.pytorchReplicaSpecs.Worker.template.spec.containers",
      ),
    ],
    [
      "the plugin that is there, where another may be",
      [TAINTED, release(CHART), plugin({}, UNKNOWN_STRING), TOLERANT].reverse(),
      keptOff(`values.tolerations of Release ${CHART}`),
    ],
  ])("refuses %s", (_case, resources, message) => {
    expect(said(efaReach, resources)).toEqual([message]);
  });

  it("takes the word of whoever knows that the plugin is installed elsewhere", () => {
    const config = { stack: { rules: { "LAY-05": { level: "mandatory", installedElsewhere: true } } } };

    expect(said(efaReach, [POOL, ask()], config)).toEqual([]);
  });

  it.each<[string, TestResource[]]>([
    ["the amount", [POOL, ask(UNKNOWN_STRING)]],
    ["the machines", [nodeGroup("train", { instanceTypes: UNKNOWN_STRING }), supporting(["p5.48xlarge"]), ask()]],
    ["the taints", [nodeGroup("train", { taints: UNKNOWN_STRING }), plugin(), TOLERANT]],
    ["the list", [POOL, supporting(UNKNOWN_STRING), ask()]],
    ["one type of the list", [POOL, supporting([UNKNOWN_STRING]), ask()]],
    ["the keys", [POOL, release(CHART, { supportedInstanceLabels: { keys: UNKNOWN_STRING, values: ["x"] } }), ask()]],
    ["the values", [POOL, release(CHART, UNKNOWN_STRING as never), ask()]],
    ["the image", [POOL, plugin({}, UNKNOWN_STRING), ask()]],
    ["a chart", [POOL, release(UNKNOWN_STRING), ask()]],
    ["one of two images", [POOL, plugin({ containers: [{ image: "x" }, { image: UNKNOWN_STRING }] }), ask()]],
    ["whether it is Auto Mode", [nodePool("a", ["p5.4xlarge"], { group: UNKNOWN_STRING }), ask()]],
    [
      "the pool",
      [
        POOL,
        nodeGroup("b", { labels: { "mlstack.dev/efa": "b" } }),
        supporting(["p5.4xlarge"]),
        ask(1, { nodeSelector: { "mlstack.dev/efa": UNKNOWN_STRING } }),
      ],
    ],
  ])("cannot decide without knowing %s", (_case, resources) => {
    expect(said(efaReach, resources)).toEqual([undecidedAt(efaReach, "Pod ml/chat", PATH)]);
  });
});
