import fc from "fast-check";
import { sometimes } from "../../differential/arbitraries/chance";
import { CLAIMS, NAMESPACES, RUNTIME_CLASSES, volumeOf } from "../../differential/cluster-objects";
import { LABEL_VALUES, LABELS } from "../../differential/vocabulary";
import type { DeclaredStack, Manifest } from "../stack";
import { declaredNodes } from "./declared-nodes";
import { declaredWorkload } from "./declared-workloads";

/** What the cluster of the real scheduler has as well: namespaces, volumes with their claims, and RuntimeClasses. */
export const SURROUNDINGS: readonly Manifest[] = [
  ...Object.entries(NAMESPACES).flatMap(([namespace, labels]): Manifest[] => [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace, labels: { ...labels } } },
    ...Object.entries(CLAIMS).flatMap(([name, terms]) => {
      const { volume, claim } = volumeOf(name, namespace, terms) as Record<"volume" | "claim", Manifest>;
      const metadata = { ...claim.metadata, namespace };
      return [
        { ...volume, apiVersion: "v1", kind: "PersistentVolume" },
        { ...claim, apiVersion: "v1", kind: "PersistentVolumeClaim", metadata },
      ];
    }),
  ]),
  ...Object.entries(RUNTIME_CLASSES).map(([name, podFixed]): Manifest => ({
    apiVersion: "node.k8s.io/v1",
    kind: "RuntimeClass",
    metadata: { name },
    handler: name,
    ...(podFixed && { overhead: { podFixed } }),
  })),
];

/** A DaemonSet that leaves less of nodes to others. */
const daemonSet = fc
  .record({
    resources: fc.constantFrom(
      { requests: { cpu: "100m", memory: "200Mi" } },
      { limits: { cpu: "500m", memory: "256Mi" } },
      { requests: { cpu: "1" } },
      {},
    ),
    nodeSelector: sometimes(
      1 / 2,
      fc.oneof(
        fc.constantFrom(...LABEL_VALUES[LABELS.arch]!).map((value) => ({ [LABELS.arch]: value })),
        fc.constantFrom(...LABEL_VALUES[LABELS.pool]!).map((value) => ({ [LABELS.pool]: value })),
      ),
      undefined,
    ),
    isShared: fc.boolean(),
    hostPort: sometimes(1 / 3, fc.constantFrom(80, 8080), undefined),
    term: sometimes(
      1 / 4,
      fc.constantFrom({ app: "trainer" }, { role: "worker" }, { role: "leader" }).map((matchLabels) => ({
        topologyKey: LABELS.hostname,
        labelSelector: { matchLabels },
      })),
      undefined,
    ),
  })
  .map(({ resources, nodeSelector, isShared, hostPort, term }): Manifest => ({
    apiVersion: "apps/v1",
    kind: "DaemonSet",
    metadata: { name: "agent", namespace: "default" },
    spec: {
      template: {
        metadata: { labels: isShared ? { app: "trainer" } : { name: "agent" } },
        spec: {
          containers: [
            { name: "main", image: "none", resources, ...(hostPort && { ports: [{ containerPort: 80, hostPort }] }) },
          ],
          tolerations: [{ operator: "Exists" }],
          ...(term && {
            affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } },
          }),
          ...(nodeSelector && { nodeSelector }),
        },
      },
    },
  }));

/** Stacks of a few pools and one to three workloads. */
export const declaredStacks: fc.Arbitrary<DeclaredStack> = fc
  .record({
    nodes: declaredNodes,
    workloads: fc.oneof(
      { weight: 4, arbitrary: fc.tuple(declaredWorkload("first")) },
      { weight: 1, arbitrary: fc.tuple(declaredWorkload("first"), declaredWorkload("second")) },
      {
        weight: 1,
        arbitrary: fc.tuple(declaredWorkload("first"), declaredWorkload("second"), declaredWorkload("third")),
      },
    ),
    daemons: sometimes(
      1 / 5,
      daemonSet.map((each) => [each]),
      [],
    ),
  })
  .map(({ nodes, workloads, daemons }) => ({
    nodes,
    workloads: [...workloads],
    others: [...daemons],
  }));
