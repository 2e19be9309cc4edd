import fc from "fast-check";
import { CLAIMS, RUNTIME_CLASSES } from "../cluster-objects";
import type { World, WorldPod } from "../world";
import { sometimes } from "./chance";
import { containers, podLevel, ports, resources, smallResources } from "./containers";
import { podAffinity, podLabels, podNamespace, spread } from "./neighbours";
import { nodeAffinity, nodeSelector, tolerations } from "./node-choice";
import { nodes } from "./nodes";

type Tree = Record<string, unknown>;

/** How likely a pod has each of the features; what is left out is never there. */
interface Focus {
  /** Resources that may be short. */
  resources?: number;
  podLevel?: number;
  runtimeClass?: number;
  ports?: number;
  nodeSelector?: number;
  nodeAffinity?: number;
  /** Tolerations that do not tolerate everything. */
  tolerations?: number;
  volumes?: number;
  affinity?: number;
  antiAffinity?: number;
  spread?: number;
}

/** Pods that are mostly about one filter, since of filters that come late little is seen where those before refuse. */
const FOCI: readonly Focus[] = [
  { resources: 1, runtimeClass: 0.1 },
  { resources: 1, runtimeClass: 0.1, tolerations: 0.3 },
  { podLevel: 1, runtimeClass: 0.2 },
  { ports: 1 },
  { ports: 1, nodeSelector: 0.2 },
  { nodeSelector: 0.6, nodeAffinity: 0.7 },
  { tolerations: 1 },
  { volumes: 1, nodeSelector: 0.1 },
  { affinity: 1 },
  { antiAffinity: 1, affinity: 0.2 },
  { spread: 1 },
  { spread: 1, affinity: 0.1, antiAffinity: 0.1 },
  { spread: 1, nodeSelector: 0.5 },
  { spread: 1, nodeAffinity: 0.3, tolerations: 0.7 },
  {
    resources: 0.5,
    runtimeClass: 0.1,
    ports: 0.1,
    nodeSelector: 0.2,
    nodeAffinity: 0.2,
    tolerations: 0.5,
    volumes: 0.1,
    affinity: 0.1,
    antiAffinity: 0.2,
    spread: 0.3,
  },
];

/** What every pod is that is about something else than taints. */
const TOLERATES_EVERYTHING = [{ operator: "Exists" }];

function pod(focus: Focus): fc.Arbitrary<WorldPod> {
  const feature = <T>(name: keyof Focus, value: fc.Arbitrary<T>) => sometimes(focus[name] ?? 0, value, undefined);
  const heavy = sometimes(focus.resources ?? 0, containers(resources), undefined);
  return fc
    .record({
      namespace: podNamespace,
      labels: podLabels,
      light: containers(smallResources),
      heavy,
      whole: feature("podLevel", podLevel),
      ports: feature("ports", ports),
      hostNetwork: feature("ports", sometimes(1 / 3, fc.constant(true), false)),
      portsOfInit: fc.boolean(),
      runtimeClassName: feature("runtimeClass", fc.constantFrom(...Object.keys(RUNTIME_CLASSES))),
      nodeSelector: feature("nodeSelector", nodeSelector),
      nodeAffinity: feature("nodeAffinity", nodeAffinity),
      tolerations: feature("tolerations", tolerations),
      claims: feature(
        "volumes",
        fc.uniqueArray(fc.constantFrom(...Object.keys(CLAIMS)), { minLength: 1, maxLength: 2 }),
      ),
      podAffinity: feature("affinity", podAffinity),
      podAntiAffinity: feature("antiAffinity", podAffinity),
      topologySpreadConstraints: feature("spread", spread),
    })
    .map(({ namespace, labels, light, heavy, whole, ports, hostNetwork, portsOfInit, claims, ...rest }): WorldPod => {
      const { nodeAffinity, podAffinity, podAntiAffinity, tolerations, ...plain } = rest;
      const spec = whole ?? heavy ?? light;
      const affinity = known({ nodeAffinity, podAffinity, podAntiAffinity });
      return {
        namespace,
        labels,
        spec: {
          ...spec,
          ...known(plain),
          ...(ports && withPorts(spec, portsOfInit, hostNetwork === true ? ports.map(onHost) : ports)),
          ...(hostNetwork && { hostNetwork }),
          ...(Object.keys(affinity).length > 0 && { affinity }),
          ...(claims && {
            volumes: claims.map((claimName) => ({ name: claimName, persistentVolumeClaim: { claimName } })),
          }),
          tolerations: tolerations ?? TOLERATES_EVERYTHING,
        },
      };
    });
}

/** Gives ports to the first container, or to the first that runs before: there they count if it is a sidecar. */
function withPorts(spec: Tree, ofInit: boolean, ports: Tree[]): Tree {
  const list = ofInit && "initContainers" in spec ? "initContainers" : "containers";
  const [first, ...others] = spec[list] as Tree[];
  return { [list]: [{ ...first, ports }, ...others] };
}

/** In the network of the host, a port of the node is the port of the container or left out. */
function onHost({ hostPort, ...port }: Tree): Tree {
  return hostPort === undefined ? port : { ...port, hostPort, containerPort: hostPort };
}

function known(object: Tree): Tree {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}

const anyPod = fc.constantFrom(...FOCI).chain(pod);

/** What was there before: pods that fill nodes, take ports, or keep others away. */
const placedPod = pod({ resources: 0.6, ports: 0.3, antiAffinity: 0.25, affinity: 0.1, spread: 0.1 });

/** Pods that do nothing but count for the rules of others. */
const countedPod = pod({});

/** Replicas that look at each other and at the nodes: they fill one domain after the other until none is left. */
const replica = fc
  .constantFrom<Focus>(
    { spread: 1 },
    { spread: 1, nodeSelector: 1 },
    { spread: 1, nodeAffinity: 0.3, tolerations: 1 },
    { spread: 1, tolerations: 1 },
    { antiAffinity: 1, nodeSelector: 0.1 },
    { affinity: 1, spread: 0.3 },
    { resources: 1 },
  )
  .chain((focus) => fc.tuple(pod(focus), fc.boolean()))
  .map(([pod, isAlike]) => (isAlike ? spreadAlike(pod) : pod));

/** A pod that is spread among those of its own app, as replicas usually are. */
function spreadAlike({ labels, spec, ...rest }: WorldPod): WorldPod {
  const { app } = labels;
  const constraints = spec["topologySpreadConstraints"] as Tree[] | undefined;
  if (app === undefined || constraints === undefined) return { labels, spec, ...rest };
  const alike = constraints.map((constraint) => ({
    ...constraint,
    maxSkew: 1,
    labelSelector: { matchLabels: { app } },
  }));
  return { labels, spec: { ...spec, topologySpreadConstraints: alike }, ...rest };
}

/** Pods of which some are several: gangs, and replicas of a server. */
function podsOf(count: number): fc.Arbitrary<WorldPod[]> {
  const single = anyPod.map((pod) => [pod]);
  const several = fc
    .tuple(replica, fc.integer({ min: 3, max: 12 }))
    .map(([pod, replicas]) => Array.from({ length: replicas }, () => pod));
  const sets = fc.array(fc.oneof({ weight: 2, arbitrary: single }, several), { minLength: count, maxLength: count });
  return sets.map((sets) => sets.flat().slice(0, count));
}

/** Worlds with a given number of pods to decide on. */
export function worlds(pods: number): fc.Arbitrary<World> {
  return fc.tuple(nodes, fc.boolean()).chain(([nodes, grows]) => {
    const node = fc.constantFrom(...nodes.map(({ name }) => name));
    const some = (pod: fc.Arbitrary<WorldPod>, most: number) =>
      fc.array(fc.record({ node, pod }), { minLength: Math.ceil(nodes.length / 2), maxLength: most });
    return fc.record({
      nodes: fc.constant(nodes),
      placed: fc
        .tuple(some(placedPod, nodes.length), some(countedPod, nodes.length * 2))
        .map(([heavy, light]) => [...heavy, ...light]),
      pods: grows ? podsOf(pods) : fc.array(anyPod, { minLength: pods, maxLength: pods }),
      grows: fc.constant(grows),
    });
  });
}
