import fc from "fast-check";
import { sometimes } from "../../differential/arbitraries/chance";
import { containers, podLevel, ports, resources, smallResources } from "../../differential/arbitraries/containers";
import { podAffinity, podLabels, podNamespace, spread } from "../../differential/arbitraries/neighbours";
import { nodeAffinity, nodeSelector, tolerations } from "../../differential/arbitraries/node-choice";
import { CLAIMS, RUNTIME_CLASSES } from "../../differential/cluster-objects";
import { DEVICES, LABELS } from "../../differential/vocabulary";
import type { Manifest } from "../stack";

type Tree = Record<string, unknown>;

interface Template {
  metadata: { labels: Record<string, string> };
  spec: Tree;
}

/** How likely pods have each of the features; what is left out is never there. */
interface Focus {
  /** Sizes of usual pods, else small ones. */
  usual?: number;
  /** Resources of any spelling. */
  odd?: number;
  podLevel?: number;
  runtimeClass?: number;
  ports?: number;
  nodeSelector?: number;
  nodeAffinity?: number;
  /** Tolerations that do not tolerate everything. */
  tolerations?: number;
  volumes?: number;
  /** Rules between the pods of the set, as replicas usually have them. */
  apart?: number;
  affinity?: number;
  antiAffinity?: number;
  spread?: number;
}

/** Workloads that are mostly about one filter, since of filters that come late little is seen where those before refuse. */
const FOCI: readonly Focus[] = [
  { usual: 1 },
  { usual: 1, tolerations: 0.5, nodeSelector: 0.2 },
  { usual: 0.5, odd: 1 },
  { odd: 1, runtimeClass: 0.2 },
  { podLevel: 1, runtimeClass: 0.2 },
  { ports: 1, usual: 0.3 },
  { nodeSelector: 0.5, nodeAffinity: 0.7, usual: 0.3 },
  { tolerations: 1, usual: 0.5 },
  { volumes: 1, usual: 0.5 },
  { apart: 1, usual: 0.5 },
  { apart: 1, usual: 0.5, nodeSelector: 0.2, tolerations: 0.3 },
  { antiAffinity: 1, usual: 0.3 },
  { affinity: 1, usual: 0.5 },
  { spread: 1, usual: 0.5 },
  { spread: 1, nodeAffinity: 0.3, tolerations: 0.5 },
  {
    usual: 0.7,
    runtimeClass: 0.1,
    ports: 0.1,
    nodeSelector: 0.2,
    nodeAffinity: 0.2,
    tolerations: 0.5,
    volumes: 0.1,
    apart: 0.2,
    affinity: 0.1,
    antiAffinity: 0.1,
    spread: 0.2,
  },
];

const TOLERATES_EVERYTHING = [{ operator: "Exists" }];

/** What containers of ML workloads ask for. */
const USUAL: readonly Tree[] = [
  { requests: { cpu: "1", memory: "4Gi" }, limits: { [DEVICES.gpu]: "1" } },
  { requests: { cpu: "3", memory: "8Gi" }, limits: { [DEVICES.gpu]: "2" } },
  { requests: { cpu: "100m" }, limits: { [DEVICES.gpu]: "4", memory: "30Gi" } },
  { limits: { cpu: "8", [DEVICES.gpu]: "8", [DEVICES.efa]: "4", [DEVICES.hugePages]: "5Gi" } },
  { requests: { cpu: "500m", memory: "1Gi" }, limits: { [DEVICES.shared]: "1" } },
  { requests: { cpu: "500m", memory: "1Gi" }, limits: { [DEVICES.small]: "2" } },
  { limits: { [DEVICES.large]: "1", memory: "20Gi" } },
  { requests: { cpu: "250m", memory: "512Mi" } },
  { requests: { cpu: "1500m", memory: "2Gi" } },
  { limits: { cpu: "2", memory: "1Gi" }, requests: { memory: "1Gi", "ephemeral-storage": "2Gi" } },
  { requests: { cpu: "4" } },
  {},
];

const usual = fc.constantFrom(...USUAL).map((resources) => ({
  containers: [{ name: "main", image: "none", resources }],
}));

/** Rules by which replicas keep away from each other: by a label of their own, or one that the controller gives. */
function apart(labels: Record<string, string>, own: Record<string, string>): fc.Arbitrary<Tree> {
  const keys = [...Object.entries(labels), ...Object.entries(own)];
  if (keys.length === 0) return fc.constant({});
  const labelSelector = fc.constantFrom(...keys).map(([key, value]) => ({ matchLabels: { [key]: value } }));
  const topologyKey = fc.constantFrom(LABELS.hostname, LABELS.hostname, LABELS.zone, LABELS.pool);
  const exclusive = fc.record({ labelSelector, topologyKey }).map((term) => ({
    affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } },
  }));
  const together = fc.record({ labelSelector, topologyKey }).map((term) => ({
    affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } },
  }));
  const even = fc
    .record({ labelSelector, topologyKey, maxSkew: fc.constantFrom(1, 1, 2) })
    .map((constraint) => ({ topologySpreadConstraints: [{ ...constraint, whenUnsatisfiable: "DoNotSchedule" }] }));
  return fc.oneof(
    { weight: 2, arbitrary: exclusive },
    { weight: 1, arbitrary: together },
    { weight: 2, arbitrary: even },
  );
}

/** A pod template; its rules may be about labels that the controller of some name adds. */
function template(focus: Focus, added: Record<string, string>): fc.Arbitrary<Template> {
  const feature = <T>(name: keyof Focus, value: fc.Arbitrary<T>) => sometimes(focus[name] ?? 0, value, undefined);
  return podLabels.chain((labels) =>
    fc
      .record({
        light: containers(smallResources),
        usual: feature("usual", usual),
        odd: feature("odd", containers(resources)),
        whole: feature("podLevel", podLevel),
        ports: feature("ports", ports),
        runtimeClassName: feature("runtimeClass", fc.constantFrom(...Object.keys(RUNTIME_CLASSES))),
        nodeSelector: feature("nodeSelector", nodeSelector),
        nodeAffinity: feature("nodeAffinity", nodeAffinity),
        tolerations: feature("tolerations", tolerations),
        claim: feature("volumes", fc.constantFrom(...Object.keys(CLAIMS))),
        apart: feature("apart", apart(labels, added)),
        podAffinity: feature("affinity", podAffinity),
        podAntiAffinity: feature("antiAffinity", podAffinity),
        spread: feature("spread", spread),
      })
      .map((chosen): Template => {
        const { light, usual, odd, whole, ports, claim, apart, spread, tolerations, ...rest } = chosen;
        const { nodeAffinity, podAffinity, podAntiAffinity, ...plain } = rest;
        const spec: Tree = whole ?? usual ?? odd ?? light;
        const [first, ...others] = spec["containers"] as Tree[];
        const { affinity: rule, ...even } = (apart ?? {}) as { affinity?: Tree };
        const affinity = { ...known({ nodeAffinity, podAffinity, podAntiAffinity }), ...rule };
        return {
          metadata: { labels },
          spec: {
            ...spec,
            ...known(plain),
            ...(ports && { containers: [{ ...first, ports }, ...others] }),
            ...(Object.keys(affinity).length > 0 && { affinity }),
            ...(spread && { topologySpreadConstraints: spread }),
            ...even,
            ...(claim && { volumes: [{ name: claim, persistentVolumeClaim: { claimName: claim } }] }),
            tolerations: tolerations ?? TOLERATES_EVERYTHING,
          },
        };
      }),
  );
}

function known(object: Tree): Tree {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}

const count = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 5 }) },
  { weight: 1, arbitrary: fc.integer({ min: 6, max: 12 }) },
);
const focus = fc.constantFrom(...FOCI);

/** Makes a workload of one kind in a namespace; the last argument is its name. */
type Kind = (name: string) => fc.Arbitrary<Pick<Manifest, "apiVersion" | "kind"> & Tree>;

const pod: Kind = () =>
  focus
    .chain((each) => template(each, {}))
    .map(({ metadata: { labels }, spec }) => ({ apiVersion: "v1", kind: "Pod", metadata: { labels }, spec }));

const replicated =
  (kind: string): Kind =>
  () =>
    fc
      .tuple(
        focus.chain((each) => template(each, {})),
        count,
      )
      .map(([template, replicas]) => ({ apiVersion: "apps/v1", kind, spec: { replicas, template } }));

const job: Kind = (name) =>
  fc
    .tuple(
      focus.chain((each) => template(each, { "job-name": name, "batch.kubernetes.io/job-name": name })),
      count,
      sometimes(1 / 3, count, undefined),
      fc.boolean(),
    )
    .map(([template, parallelism, completions, isIndexed]) => ({
      apiVersion: "batch/v1",
      kind: "Job",
      spec: {
        parallelism,
        ...(completions !== undefined && { completions }),
        ...(isIndexed && { completionMode: "Indexed", completions: completions ?? parallelism }),
        template,
      },
    }));

const training =
  (kind: string, map: string, first: string): Kind =>
  (name) => {
    const labels = (role: string) => ({
      "training.kubeflow.org/job-name": name,
      "training.kubeflow.org/replica-type": role,
    });
    const workers = fc.integer({ min: 1, max: 8 });
    return fc
      .tuple(
        focus.chain((each) => template(each, labels("worker"))),
        workers,
        sometimes(
          2 / 3,
          focus.chain((each) => template(each, labels(first.toLowerCase()))),
          undefined,
        ),
        sometimes(kind === "PyTorchJob" ? 1 / 3 : 0, fc.tuple(workers, workers), undefined),
      )
      .map(([worker, replicas, leader, elastic]) => ({
        apiVersion: "kubeflow.org/v1",
        kind,
        spec: {
          [map]: {
            ...(leader && { [first]: { replicas: 1, template: leader } }),
            Worker: { replicas, template: worker },
          },
          ...(elastic && {
            elasticPolicy: { minReplicas: Math.min(...elastic), maxReplicas: Math.max(...elastic) },
          }),
        },
      }));
  };

const KINDS: readonly Kind[] = [
  pod,
  replicated("Deployment"),
  replicated("StatefulSet"),
  job,
  job,
  training("PyTorchJob", "pytorchReplicaSpecs", "Master"),
  training("TFJob", "tfReplicaSpecs", "Chief"),
];

/** A workload of some name. */
export function declaredWorkload(name: string): fc.Arbitrary<Manifest> {
  const object = fc.constantFrom(...KINDS).chain((kind) => kind(name));
  return fc.tuple(object, podNamespace).map(([object, namespace]) => ({
    ...object,
    metadata: { ...(object["metadata"] as Tree | undefined), name, namespace },
  }));
}
