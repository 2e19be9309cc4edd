import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { gpuPoolShape } from "../../../../components";
import { validateWebService, type WebServiceArgs } from "../../../../components/workloads/serving";

const image = "ghcr.io/acme/churn:1.4.0";
const prometheus = { query: "sum(rate(requests_total[1m]))", threshold: 20 };
const podMetric = { name: "requests_per_second", average: "100" };

describe("validateWebService accepts", () => {
  it.each<[string, Partial<WebServiceArgs>]>([
    ["an image alone", {}],
    [
      "what is not known yet",
      { image: pulumi.output(""), prometheus: { ...prometheus, query: pulumi.output("") }, maxReplicas: 3 },
    ],
    ["no pod where a number of Prometheus wakes one", { replicas: 0, maxReplicas: 1, prometheus }],
    ["CPU beside another number", { maxReplicas: 3, cpuPercent: 70, prometheus }],
    ["GPUs that scale by what they are asked", { gpus: 1, maxReplicas: 3, podMetric }],
    ["a rollout that takes a pod away first", { maxSurge: 0 }],
    ["an end at once", { drainSeconds: 0, terminationSeconds: 1 }],
    ["a name that leaves room for a training's", { objectName: "c".repeat(46), trainFirst: { args: ["--train"] } }],
    ["a training of another image alone", { trainFirst: { image: "ghcr.io/acme/train:1" } }],
    ["a training that runs where the service does not", { trainFirst: { command: ["train"], gpus: 8, pool: "train" } }],
  ])("%s", (_given, args) => {
    expect(validateWebService("churn", { image, ...args })).toEqual([]);
  });
});

describe("validateWebService refuses", () => {
  it.each<[string, Partial<WebServiceArgs>, string[]]>([
    [
      "no pod where nothing would wake one",
      { replicas: 0, maxReplicas: 2, podMetric },
      ["replicas is 0; allowed: a whole number from 1. Set replicas within that range."],
    ],
    [
      "fewer pods than the fewest",
      { maxReplicas: 1 },
      ["maxReplicas is 1; allowed: replicas, 2, or more. Raise it, or lower replicas."],
    ],
    [
      "GPUs that scale by CPU",
      { gpus: 1, maxReplicas: 4, cpuPercent: 80 },
      [
        "cpuPercent is 80; allowed: nothing with GPUs. " +
          "Scale by prometheus or podMetric. Use of CPU and memory tells nothing of GPUs.",
      ],
    ],
    [
      "GPUs that scale by nothing in particular",
      { gpus: 1, maxReplicas: 4 },
      [
        "maxReplicas is 4; allowed: replicas, with GPUs and nothing to scale by. " +
          "Scale by prometheus or podMetric. Use of CPU and memory tells nothing of GPUs.",
      ],
    ],
    [
      "a metric where nothing scales",
      { cpuPercent: 70 },
      ["cpuPercent is 70; allowed: nothing where pods do not scale. Raise maxReplicas, or leave it out."],
    ],
    [
      "two autoscalers",
      { maxReplicas: 4, prometheus, podMetric },
      [
        'podMetric is {"name":"requests_per_second","average":"100"}; allowed: nothing beside prometheus. ' +
          "Keep one of them: two autoscalers would work against each other.",
      ],
    ],
    [
      "less memory at most than at least",
      { memoryScaling: { minMemory: "8Gi", maxMemory: "4Gi" } },
      ['memoryScaling.minMemory is "8Gi"; allowed: maxMemory, 4Gi, at most. Lower it.'],
    ],
    [
      "a probe that asks in two ways, at a port that is not there",
      { readiness: { path: "/healthz", command: ["check"], port: "admin" } },
      [
        "readiness is given by path and command; allowed: one way to ask. Keep one of them.",
        'readiness.port is "admin"; allowed: nothing beside command. Leave it out: a program is asked at no port.',
        'readiness.port is "admin"; allowed: http. Name one of the ports.',
      ],
    ],
    [
      "ports that a Service cannot have",
      {
        ports: [
          { name: "http", port: 80 },
          { name: "http", port: 81, servicePort: 80 },
        ],
      },
      [
        'ports[1].name is "http"; allowed: each value once. Choose another.',
        "ports[1].servicePort is 80; allowed: each value once. Choose another.",
      ],
    ],
    [
      "a pod that answers longer than it lives",
      { drainSeconds: 90 },
      [
        "drainSeconds is 90; allowed: less than terminationSeconds, 60. " +
          "A pod is killed then, and has to finish what it was asked before.",
      ],
    ],
    [
      "a name that no Service can have",
      { objectName: "1churn" },
      [
        'objectName is "1churn"; allowed: a name that begins with a letter. Services are called after it; put a letter before it.',
      ],
    ],
    [
      "a name without room for a training's",
      { objectName: "c".repeat(47), trainFirst: { command: ["train"] } },
      [`objectName is "${"c".repeat(47)}"; allowed: at most 46 characters with trainFirst. Shorten it.`],
    ],
    [
      "a training that would serve",
      { trainFirst: { gpus: 1 } },
      [
        "trainFirst.command is missing; allowed: a command, args or image. " +
          "Say what trains; the service's own program would never end.",
      ],
    ],
    [
      "a training that no pool has the GPUs for",
      {
        pools: [gpuPoolShape("small", { instanceType: "g5.xlarge", maxNodes: 1 })],
        trainFirst: { command: ["train"], gpus: 8 },
      },
      ["trainFirst.gpus is 8 GPUs; allowed: small has 1 GPU per node. Ask for less, or for another pool."],
    ],
    [
      "the variable that tells trainings apart",
      { secretEnv: { TRAINING_ID: { name: "a", key: "b" } }, trainFirst: { command: ["train"] } },
      ['secretEnv["TRAINING_ID"] is "TRAINING_ID"; allowed: any variable but this. Remove it: trainFirst sets it.'],
    ],
    [
      "a route that leads nowhere",
      { route: { hosts: ["churn"], gateways: ["https"], path: "churn" } },
      [
        'route.hosts[0] is "churn"; allowed: a full host name. Write it like churn.example.com.',
        'route.gateways[0] is "https"; allowed: a namespace, a slash and a name. Write it like istio-ingress/https.',
        'route.path is "churn"; allowed: a path that begins with /. Write it like /churn.',
      ],
    ],
  ])("%s", (_given, args, reasons) => {
    expect(validateWebService("churn", { image, ...args }).map(({ reason }) => reason)).toEqual(reasons);
  });
});
