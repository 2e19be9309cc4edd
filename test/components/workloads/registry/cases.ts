import fc from "fast-check";
import {
  ModelVersion,
  type ModelVersionArgs,
  modelVersionManifests,
  validateModelVersion,
} from "../../../../components/workloads/registry";
import { dnsLabel, images, joined, objectArgs, programArgs, withRequired } from "../../../support/workloads/arguments";
import { FLAWS, flawed } from "../../../support/workloads/flaws";
import { workloadCase } from "../../../support/workloads/workload-case";

const version: ModelVersionArgs = { model: "resnet", version: "1", uri: "s3://models/resnet/1" };

const ofVersion = withRequired<ModelVersionArgs>(
  {
    model: fc.constantFrom("resnet", "scooter demand", "a/b"),
    version: fc.constantFrom("1", "2026-11-26", "0123abc"),
    uri: fc.constantFrom("s3://models/resnet/1", "pvc://models/resnet", "oci://ghcr.io/acme/resnet:1"),
  },
  {
    format: fc.constantFrom("onnx", "sklearn"),
    formatVersion: fc.constant("1"),
    description: fc.constantFrom("", "after $(HOME) and $5"),
    properties: fc.dictionary(fc.constantFrom("team", "framework"), fc.string({ maxLength: 9 }), {
      noNullPrototype: true,
    }),
    metrics: fc.dictionary(fc.constantFrom("accuracy", "loss"), fc.double({ noNaN: true, noDefaultInfinity: true }), {
      noNullPrototype: true,
    }),
    registry: fc.constantFrom("http://registry.ml.svc:8080", "https://registry.example.com/"),
    registryToken: fc.constant({ name: "registry", key: "token" }),
    image: images,
    cpu: fc.constantFrom("50m", "1"),
    memory: fc.constantFrom("64Mi", "1Gi"),
    pool: dnsLabel(),
    tolerations: fc.constant([{ key: "night" }]),
    architecture: fc.constantFrom("amd64", "arm64"),
    runAsUser: fc.integer({ min: 1, max: 65_535 }),
    backoffLimit: fc.integer({ min: 0, max: 9 }),
    activeDeadlineSeconds: fc.integer({ min: 1, max: 99_999 }),
  },
);

/** A gate, and somebody who tells its metric. */
const gates = fc.constantFrom<Partial<ModelVersionArgs>>(
  {},
  { metrics: { accuracy: 0.9 }, gate: { metric: "accuracy", atLeast: 0.9 } },
  {
    metricsFile: "/metrics/of/test.json",
    volumes: [{ name: "metrics", mountPath: "/metrics", persistentVolumeClaim: "metrics" }],
    gate: { metric: "rmse", atLeast: 0, atMost: 3.5, otherwise: "skip" },
  },
);

const args: fc.Arbitrary<ModelVersionArgs> = joined(
  joined(
    programArgs.map(({ annotations }) => (annotations === undefined ? {} : { annotations })),
    objectArgs,
  ),
  joined(ofVersion, gates),
);

const programFlaws = FLAWS.program.filter(([path]) => /^(image|annotations|volumes|runAsUser)/.test(path));

const wrongs: typeof FLAWS.program = [
  ...programFlaws,
  ...FLAWS.object,
  ...FLAWS.hardware.filter(([path]) => /^(cpu|memory|pool|tolerations|architecture)/.test(path)),
  ["image", { image: "python:latest" }],
  ["model", { model: " resnet" }],
  ["version", { version: undefined, lineage: {} }],
  ["version", { version: "" }],
  ["uri", { uri: "/models/resnet" }],
  ["registry", { registry: "registry:8080" }],
  ['properties["my-team"]', { properties: { "my-team": "vision" } }],
  ['properties["git_commit"]', { properties: { git_commit: "0123abc" } }],
  ['metrics["top-5"]', { gate: undefined, metrics: { "top-5": 1 } }],
  ['metrics["team"]', { gate: undefined, properties: { team: "a" }, metrics: { team: 1 } }],
  ['metrics["loss"]', { gate: undefined, metrics: { loss: Infinity } }],
  ["metricsFile", { metricsFile: "/elsewhere/test.json" }],
  ["gate.metric", { metricsFile: undefined, metrics: { loss: 1 }, gate: { metric: "accuracy", atLeast: 1 } }],
  ["gate", { metrics: { accuracy: 1 }, gate: { metric: "accuracy" } }],
  ["gate.atMost", { metrics: { accuracy: 1 }, gate: { metric: "accuracy", atLeast: 2, atMost: 1 } }],
  ["gate.atLeast", { metrics: { accuracy: 1 }, gate: { metric: "accuracy", atLeast: NaN } }],
  ["gate.otherwise", { metrics: { accuracy: 1 }, gate: { metric: "accuracy", atLeast: 1, otherwise: "ask" } }],
  ["volumes[0].name", { volumes: [{ name: "register-model", mountPath: "/a", scratch: {} }] }],
  ["volumes[0].mountPath", { volumes: [{ name: "a", mountPath: "/opt/mlstack", scratch: {} }] }],
  ["backoffLimit", { backoffLimit: -1 }],
  ["activeDeadlineSeconds", { activeDeadlineSeconds: 0 }],
];

/** What is recorded in the model registry. */
export const registryCases = [
  workloadCase<ModelVersionArgs>({
    component: "ModelVersion",
    create: (name, given, opts) => new ModelVersion(name, given, opts),
    validate: validateModelVersion,
    objects: (name, given) => Object.values(modelVersionManifests(name, given)) as object[],
    variants: {
      minimal: version,
      lineage: {
        model: "resnet",
        uri: "s3://models/resnet/0123abc",
        format: "onnx",
        metrics: { accuracy: 0.931 },
        gate: { metric: "accuracy", atLeast: 0.9 },
        lineage: {
          commit: "0123abc",
          imageDigest: `sha256:${"0".repeat(64)}`,
          data: "s3://lake/demand/?versionId=7",
          parameters: { lr: "0.1" },
        },
      },
      "measured-before": {
        ...version,
        metricsFile: "/metrics/test.json",
        volumes: [{ name: "metrics", mountPath: "/metrics", persistentVolumeClaim: "metrics", readOnly: true }],
        gate: { metric: "rmse", atMost: 3, otherwise: "skip" },
        registry: "https://registry.example.com",
        registryToken: { name: "registry", key: "token" },
        memory: "256Mi",
        pool: "night",
        tolerations: [{ key: "night" }],
        architecture: "arm64",
      },
    },
    args,
    flaws: flawed(args, wrongs),
  }),
];
