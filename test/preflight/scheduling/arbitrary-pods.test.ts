import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UNKNOWN, type Tree, type TreeObject } from "../../../components/model";
import { ClusterState } from "../../../preflight/scheduling/cluster-state";
import { emptyNodeObstacles, obstaclesOf } from "../../../preflight/scheduling/feasibility";
import type { SchedulableNode } from "../../../preflight/scheduling/node";
import { schedulablePod } from "../../../preflight/scheduling/pod-reader";
import { nodeOf } from "./samples";

const REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";
const node = nodeOf("n", {
  labels: { a: "a", b: "1" },
  taints: [{ key: "a", value: "1", effect: "NoSchedule" }],
  allocatable: { cpu: "1", memory: "1Gi" },
});

/** Any value at a place, now and then in place of one that may stand there. */
function mostly(valid: fc.Arbitrary<Tree>): fc.Arbitrary<Tree> {
  const odd = fc.constantFrom<Tree>(UNKNOWN, null, undefined, "", "a", 0, -1, 1e300, NaN, true, [], {}, [null], [[]]);
  return fc.oneof({ weight: 5, arbitrary: valid }, { weight: 1, arbitrary: odd });
}

function object(fields: Record<string, fc.Arbitrary<Tree>>): fc.Arbitrary<Tree> {
  const entries = Object.entries(fields).map(([key, value]) => [key, mostly(value)]);
  return fc.record(Object.fromEntries(entries) as Record<string, fc.Arbitrary<Tree>>, { requiredKeys: [] });
}

const list = (item: fc.Arbitrary<Tree>): fc.Arbitrary<Tree> => fc.array(mostly(item), { maxLength: 2 });
const text = fc.constantFrom<Tree>("a", "b", "1", "metadata.name", "n", "__proto__", "constructor");
const pairs = fc.dictionary(fc.constantFrom("a", "b", "__proto__", "constructor"), mostly(text)) as fc.Arbitrary<Tree>;
const requirement = object({
  key: text,
  operator: fc.constantFrom<Tree>("In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt", "Near"),
  values: list(text),
});
const selector = object({ matchLabels: pairs, matchExpressions: list(requirement) });
const quantity = fc.constantFrom<Tree>("1", "500m", 2, "1Gi", "1e3", "x", "1e1000", "-1");
const amounts = object({ cpu: quantity, memory: quantity, "nvidia.com/gpu": quantity, pods: quantity, odd: quantity });
const resources = object({ requests: amounts, limits: amounts });
const container = object({
  resources,
  restartPolicy: fc.constantFrom<Tree>("Always", "Never"),
  ports: list(object({ hostPort: fc.nat(2), containerPort: fc.nat(2), hostIP: text, protocol: text })),
});
const podTerm = object({
  topologyKey: text,
  labelSelector: selector,
  namespaces: list(text),
  namespaceSelector: selector,
  matchLabelKeys: list(text),
  mismatchLabelKeys: list(text),
});
const podRule = object({ [REQUIRED]: list(podTerm) });
const spec = object({
  containers: list(container),
  initContainers: list(container),
  resources,
  overhead: amounts,
  hostNetwork: fc.boolean(),
  nodeName: text,
  nodeSelector: pairs,
  tolerations: list(
    object({ key: text, operator: fc.constantFrom<Tree>("Equal", "Exists", "Gt"), value: text, effect: text }),
  ),
  affinity: object({
    nodeAffinity: object({
      [REQUIRED]: object({
        nodeSelectorTerms: list(object({ matchExpressions: list(requirement), matchFields: list(requirement) })),
      }),
    }),
    podAffinity: podRule,
    podAntiAffinity: podRule,
  }),
  topologySpreadConstraints: list(
    object({
      topologyKey: text,
      maxSkew: fc.integer({ min: -1, max: 3 }),
      minDomains: fc.integer({ min: -1, max: 3 }),
      whenUnsatisfiable: fc.constantFrom<Tree>("DoNotSchedule", "ScheduleAnyway"),
      labelSelector: selector,
      nodeAffinityPolicy: fc.constantFrom<Tree>("Honor", "Ignore"),
      nodeTaintsPolicy: fc.constantFrom<Tree>("Honor", "Ignore"),
      matchLabelKeys: list(text),
    }),
  ),
  volumes: list(object({ persistentVolumeClaim: object({ claimName: text }) })),
  resourceClaims: list(text),
});

/** Everything that is not known gets a value. */
function filledIn(tree: Tree, values: () => Tree): Tree {
  if (tree === UNKNOWN) return values();
  if (Array.isArray(tree)) return tree.map((item) => filledIn(item, values));
  if (typeof tree !== "object" || tree === null) return tree;
  return Object.fromEntries(Object.entries(tree).map(([key, value]) => [key, filledIn(value, values)]));
}

const volumes = (claim: string) => (claim === "a" ? [{ expressions: [], fields: [] }] : undefined);
const read = (template: { spec: Tree; labels: Tree }) =>
  schedulablePod(
    { metadata: { labels: template.labels }, spec: template.spec as TreeObject },
    { namespace: "ml", volumes },
  );

describe("pods of any shape", () => {
  const templates = fc.record({ spec, labels: mostly(pairs) });

  it("are read and judged without an error, and the same each time", () => {
    fc.assert(
      fc.property(templates, (template) => {
        const pod = read(template);
        const state = new ClusterState([node]);
        state.place(pod, node, 2);
        const obstacles = obstaclesOf(pod, node, state);
        expect([read(template), emptyNodeObstacles(pod, node)]).toEqual([
          pod,
          emptyNodeObstacles(read(template), node),
        ]);
        state.remove(pod, node, 2);
        state.place(pod, node, 2);
        const kinds = obstacles.map(({ kind }) => kind);
        expect(obstaclesOf(pod, node, state).map(({ kind }) => kind)).toEqual(kinds);
      }),
      { seed: 8, numRuns: 600 },
    );
  });

  it("that a node refuses before all is known are refused whatever the rest turns out to be", () => {
    const fillers = fc.array(mostly(fc.oneof(text, pairs, requirement, quantity, list(text))), {
      minLength: 8,
      maxLength: 8,
    });
    const accepts = (template: Parameters<typeof read>[0], on: SchedulableNode) =>
      emptyNodeObstacles(read(template), on).length === 0;
    let known = 0;
    fc.assert(
      fc.property(templates, fillers, (template, fill) => {
        let next = 0;
        const values = () => fill[next++ % fill.length];
        const filled: Parameters<typeof read>[0] = {
          spec: filledIn(template.spec, values),
          labels: filledIn(template.labels, values),
        };
        if (accepts(template, node)) return;
        known += 1;
        expect(accepts(filled, node)).toBe(false);
      }),
      { seed: 8, numRuns: 1200 },
    );
    expect(known).toBeGreaterThan(250);
  });
});
