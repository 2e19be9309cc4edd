import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { type InferenceServiceArgs, validateInferenceService } from "../../../../components/workloads/serving";

const image = "ghcr.io/acme/churn:1.4.0";
const model = { format: "sklearn" };
const storageUri = "s3://models/churn/7";
const canary = { name: "v2", trafficPercent: 10, storageUri: "s3://models/churn/8" };
const prometheus = { query: "sum(queue_length)", threshold: 20 };

describe("validateInferenceService accepts", () => {
  it.each<[string, InferenceServiceArgs]>([
    ["a model and where it lies", { model, storageUri }],
    ["an address that is not known yet", { model, storageUri: pulumi.output("models") }],
    ["a model that its server downloads", { model: { format: "huggingface" }, args: ["--model_id=acme/churn"] }],
    ["a server alone", { image }],
    ["any address where it is said who downloads it", { model, storageUri: "lake://churn", storageContainer: "lake" }],
    ["GPUs that scale by a number of Prometheus", { model, storageUri, gpus: 1, maxReplicas: 3, prometheus }],
    ["GPUs that Knative scales by requests", { model, storageUri, gpus: 1, maxReplicas: 3, mode: "Knative" }],
    ["versions that share all requests", { model, storageUri, canaries: [{ ...canary, trafficPercent: 100 }] }],
    ["a name that leaves room for KServe's", { model, storageUri, objectName: "c".repeat(48) }],
  ])("%s", (_given, args) => {
    expect(validateInferenceService("churn", args)).toEqual([]);
  });
});

describe("validateInferenceService refuses", () => {
  it.each<[string, InferenceServiceArgs, string[]]>([
    [
      "neither a model nor a server",
      { storageUri },
      [
        "image is missing; allowed: an image, or a model. " +
          "Say which model a server of the platform serves, or name the image of your own.",
      ],
    ],
    [
      "a model that lies nowhere",
      { model },
      [
        "storageUri is missing; allowed: an address with model. " +
          "Say where the model lies: KServe would wait for models that others add.",
      ],
    ],
    [
      "a model that anybody on the way may change",
      { model, storageUri: "http://models.example.com/churn" },
      [
        'storageUri is "http://models.example.com/churn"; allowed: an address that begins with one of s3://, gs://, ' +
          "hf://, pvc://, https://, hdfs://, webhdfs://, oci://, oci+native://. Write it like s3://models/churn/7.",
      ],
    ],
    [
      "what its mode does not have",
      { model, storageUri, concurrency: 10, canaryTrafficPercent: 10 },
      [
        "concurrency is 10; allowed: nothing with mode Standard. Set mode to Knative, or leave it out.",
        "canaryTrafficPercent is 10; allowed: nothing with mode Standard. Set mode to Knative, or leave it out.",
      ],
    ],
    [
      "what Knative does not have",
      { model, storageUri, mode: "Knative", maxReplicas: 4, cpuPercent: 80, canaries: [canary] },
      [
        "cpuPercent is 80; allowed: nothing with mode Knative. Set mode to Standard, or leave it out.",
        `canaries is ${JSON.stringify([canary])}; allowed: nothing with mode Knative. ` +
          "Set mode to Standard, or leave it out.",
      ],
    ],
    [
      "no pod where CPU would have to wake one",
      { model, storageUri, replicas: 0, maxReplicas: 4 },
      ["replicas is 0; allowed: a whole number from 1. Set replicas within that range."],
    ],
    [
      "GPUs that scale by CPU and memory",
      { model, storageUri, gpus: 1, maxReplicas: 4, cpuPercent: 80, memoryPercent: 70 },
      [
        "cpuPercent is 80; allowed: nothing with GPUs. " +
          "Scale by prometheus. Use of CPU and memory tells nothing of GPUs.",
        "memoryPercent is 70; allowed: nothing with GPUs. " +
          "Scale by prometheus. Use of CPU and memory tells nothing of GPUs.",
      ],
    ],
    [
      "no end of pods that scale to none",
      { model, storageUri, replicas: 0, prometheus },
      ["maxReplicas is missing; allowed: a whole number from 1 with replicas 0. Say how many at most."],
    ],
    [
      "two measures of Knative's",
      { model, storageUri, mode: "Knative", maxReplicas: 4, concurrency: 10, requestsPerSecond: 5 },
      ["requestsPerSecond is 5; allowed: nothing beside concurrency. Scale by one of the two."],
    ],
    [
      "versions that KServe would not run",
      { model, storageUri, maxReplicas: 5, prometheus, exposed: true, canaries: [canary] },
      [
        `prometheus is ${JSON.stringify(prometheus)}; allowed: nothing with canaries. Scale by cpuPercent: ` +
          "KServe would give canaries a ScaledObject without triggers, which is refused.",
        "exposed is true; allowed: false with canaries. Use route: the ingress of KServe leads to one version alone.",
      ],
    ],
    [
      "versions of one name that get more than there is",
      { model, storageUri, canaries: [canary, { ...canary, trafficPercent: 95 }] },
      [
        'canaries[1].name is "v2"; allowed: a name other than stable, v2. Rename it.',
        'canaries is "105 percent"; allowed: 100 percent at most, for all together. Lower their shares.',
      ],
    ],
    [
      "a version that is none",
      { model, storageUri, canaries: [{ name: "v2", trafficPercent: 10 }] },
      [
        'canaries[0] is {"name":"v2","trafficPercent":10}; allowed: a version with something of its own. ' +
          "Say what is different: storageUri, image or env.",
      ],
    ],
    [
      "more pods of a version than of the stable one",
      { model, storageUri, replicas: 2, canaries: [{ ...canary, replicas: 3 }] },
      ["canaries[0].replicas is 3; allowed: a whole number from 1 to 2. Set canaries[0].replicas within that range."],
    ],
    [
      "versions of a server of one's own",
      { image, canaries: [canary] },
      ["model is missing; allowed: a model with canaries. KServe has none of servers of one's own."],
    ],
    [
      "a model on nodes that have nothing to spread it over",
      { model, storageUri, nodes: 2, maxReplicas: 2 },
      [
        "gpus is missing; allowed: 1 or more with nodes. Say how many GPUs each node gives.",
        `storageUri is "${storageUri}"; allowed: pvc:// or oci:// with nodes. Put it where all nodes read it.`,
        "replicas is missing; allowed: 1 with nodes. Make one InferenceService for each copy.",
        "maxReplicas is 2; allowed: 1 with nodes. KServe does not scale such models.",
      ],
    ],
    [
      "a name without room for KServe's",
      { model, storageUri, objectName: "c".repeat(49) },
      [`objectName is "${"c".repeat(49)}"; allowed: at most 48 characters beside what KServe adds to it. Shorten it.`],
    ],
    [
      "a name that makes a host name too long with its namespace",
      { model, storageUri, objectName: "c".repeat(40), namespace: "n".repeat(20), transformer: { image } },
      [`objectName is "${"c".repeat(40)}"; allowed: at most 30 characters beside what KServe adds to it. Shorten it.`],
    ],
    [
      "variables that KServe refuses, or sets itself",
      { model, storageUri, env: { PYTHONPATH: "/app", STORAGE_URI: "s3://x/y" } },
      [
        'env["PYTHONPATH"] is "PYTHONPATH"; allowed: any variable but this. Remove it: KServe refuses the variable.',
        'env["STORAGE_URI"] is "STORAGE_URI"; allowed: any variable but this. Use storageUri.',
      ],
    ],
    [
      "a wait that nobody waits",
      { model, storageUri, waitSeconds: 60 },
      ["waitSeconds is 60; allowed: nothing without waitUntilReady. Set waitUntilReady, or leave it out."],
    ],
  ])("%s", (_given, args, reasons) => {
    expect(validateInferenceService("churn", args).map(({ reason }) => reason)).toEqual(reasons);
  });
});
