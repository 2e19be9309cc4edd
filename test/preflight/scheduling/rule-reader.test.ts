import { describe, expect, it } from "vitest";
import { UNKNOWN, type Tree, type TreeObject } from "../../../components/model";
import { schedulablePod } from "../../../preflight/scheduling/pod-reader";
import { podOf, readingOf, required, spreadOver } from "./samples";

describe.each(["podAffinity", "podAntiAffinity"] as const)("terms of %s", (kind) => {
  const field = kind === "podAffinity" ? "affinity" : "antiAffinity";
  const ROOT = `spec.affinity.${kind}.requiredDuringSchedulingIgnoredDuringExecution`;
  const selector = { matchLabels: { app: "mnist" } };
  const app = { key: "app", operator: "In", values: ["mnist"] };

  it.each<[what: string, term: TreeObject, read: object]>([
    [
      "their own namespace where they name none",
      { topologyKey: "zone", labelSelector: selector },
      { selector: [app], namespaces: ["ml"] },
    ],
    [
      "the namespaces that they name",
      { topologyKey: "zone", labelSelector: selector, namespaces: ["a", "b"] },
      { selector: [app], namespaces: ["a", "b"] },
    ],
    [
      "namespaces by label, and not their own then",
      {
        topologyKey: "zone",
        labelSelector: selector,
        namespaceSelector: { matchLabels: { team: "x" } },
      },
      { selector: [app], namespaces: [], namespaceSelector: [{ key: "team", operator: "In", values: ["x"] }] },
    ],
    [
      "all namespaces",
      { topologyKey: "zone", labelSelector: selector, namespaceSelector: {} },
      { selector: [app], namespaces: [], namespaceSelector: [] },
    ],
    [
      "an empty selector, of all pods",
      { topologyKey: "zone", labelSelector: {} },
      { selector: [], namespaces: ["ml"] },
    ],
    ["no selector, of no pods", { topologyKey: "zone" }, { selector: undefined, namespaces: ["ml"] }],
    [
      "expressions after labels",
      {
        topologyKey: "zone",
        labelSelector: { ...selector, matchExpressions: [{ key: "tier", operator: "Exists" }] },
      },
      { selector: [app, { key: "tier", operator: "Exists", values: [] }], namespaces: ["ml"] },
    ],
    [
      "labels of the pod itself that others shall have too, or shall not",
      {
        topologyKey: "zone",
        labelSelector: selector,
        matchLabelKeys: ["run", "none"],
        mismatchLabelKeys: ["tier", "no"],
      },
      {
        selector: [
          app,
          { key: "run", operator: "In", values: ["7"] },
          { key: "tier", operator: "NotIn", values: ["gold"] },
        ],
        namespaces: ["ml"],
      },
    ],
    [
      "no such labels without a selector",
      { topologyKey: "zone", matchLabelKeys: ["run"] },
      { selector: undefined, namespaces: ["ml"] },
    ],
  ])("are read with %s", (_, term, expected) => {
    const pod = podOf(required(kind, term), { app: "mnist", run: "7", tier: "gold" });
    expect(pod[field]).toEqual([{ topologyKey: "zone", namespaceSelector: undefined, ...expected }]);
    expect(pod.unknownPaths).toEqual([]);
  });

  it.each<[term: Tree, path: string]>([
    [UNKNOWN, ""],
    [{ topologyKey: UNKNOWN, labelSelector: {} }, ".topologyKey"],
    [{ topologyKey: "zone", labelSelector: UNKNOWN }, ".labelSelector"],
    [{ topologyKey: "zone", labelSelector: { matchLabels: { app: UNKNOWN } } }, ".labelSelector.matchLabels.app"],
    [{ topologyKey: "zone", labelSelector: { matchLabels: UNKNOWN } }, ".labelSelector.matchLabels"],
    [{ topologyKey: "zone", labelSelector: { matchExpressions: UNKNOWN } }, ".labelSelector.matchExpressions"],
    [{ topologyKey: "zone", namespaces: [UNKNOWN] }, ".namespaces[0]"],
    [{ topologyKey: "zone", namespaceSelector: UNKNOWN }, ".namespaceSelector"],
    [{ topologyKey: "zone", labelSelector: {}, matchLabelKeys: UNKNOWN }, ".matchLabelKeys"],
    [{ topologyKey: "zone", labelSelector: {}, mismatchLabelKeys: [UNKNOWN] }, ".mismatchLabelKeys[0]"],
  ])("are none where one is %o", (term, path) => {
    const known = { topologyKey: "zone", labelSelector: selector };
    expect(readingOf(field, required(kind, known, term))).toEqual([[], [`${ROOT}[1]${path}`]]);
  });

  it("are none where they ask for a label of the pod itself that is not known", () => {
    const byLabel = required(kind, { topologyKey: "zone", labelSelector: selector });
    const byKey = required(kind, { topologyKey: "zone", labelSelector: {}, matchLabelKeys: ["a/run"] });
    expect(readingOf(field, byLabel, { app: UNKNOWN })).toEqual([[], ["metadata.labels.app"]]);
    expect(readingOf(field, byKey, { "a/run": UNKNOWN })).toEqual([[], ['metadata.labels["a/run"]']]);
    const all = schedulablePod({ metadata: { labels: UNKNOWN }, spec: byLabel }, { namespace: "ml" });
    expect([all[field], all.unknownPaths]).toEqual([[], ["metadata.labels"]]);
  });

  it("are none where none are known", () => {
    const spec: TreeObject = { affinity: { [kind]: { requiredDuringSchedulingIgnoredDuringExecution: UNKNOWN } } };
    expect(readingOf(field, spec)).toEqual([[], [ROOT]]);
  });
});

describe("topology spread constraints", () => {
  const PATH = "spec.topologySpreadConstraints";

  it("have the defaults of the API server", () => {
    expect(readingOf("spread", { topologySpreadConstraints: [spreadOver("zone")] })).toEqual([
      [
        {
          topologyKey: "zone",
          maxSkew: 1,
          minDomains: 1,
          selector: undefined,
          honorNodeAffinity: true,
          honorTaints: false,
        },
      ],
      [],
    ]);
  });

  it("say which nodes they count, and which pods", () => {
    const constraint = spreadOver("zone", {
      maxSkew: 3,
      minDomains: 2,
      labelSelector: { matchLabels: { app: "mnist" } },
      matchLabelKeys: ["run", "none"],
      nodeAffinityPolicy: "Ignore",
      nodeTaintsPolicy: "Honor",
    });
    expect(readingOf("spread", { topologySpreadConstraints: [constraint] }, { run: "7" })).toEqual([
      [
        {
          topologyKey: "zone",
          maxSkew: 3,
          minDomains: 2,
          selector: [
            { key: "app", operator: "In", values: ["mnist"] },
            { key: "run", operator: "In", values: ["7"] },
          ],
          honorNodeAffinity: false,
          honorTaints: true,
        },
      ],
      [],
    ]);
  });

  it("that only prefer keep no pod waiting", () => {
    expect(
      podOf({ topologySpreadConstraints: [spreadOver("zone", { whenUnsatisfiable: "ScheduleAnyway" })] }).spread,
    ).toEqual([]);
  });

  it.each<[more: Tree, path: string]>([
    [{ whenUnsatisfiable: UNKNOWN }, ".whenUnsatisfiable"],
    [{ topologyKey: UNKNOWN }, ".topologyKey"],
    [{ maxSkew: UNKNOWN }, ".maxSkew"],
    [{ minDomains: UNKNOWN }, ".minDomains"],
    [{ nodeAffinityPolicy: UNKNOWN }, ".nodeAffinityPolicy"],
    [{ nodeTaintsPolicy: UNKNOWN }, ".nodeTaintsPolicy"],
    [{ labelSelector: UNKNOWN }, ".labelSelector"],
  ])("with %o are left out", (more, path) => {
    const constraints = [spreadOver("zone", more as TreeObject), spreadOver("host")];
    const [spread, unknown] = readingOf("spread", { topologySpreadConstraints: constraints });
    expect(spread).toMatchObject([{ topologyKey: "host" }]);
    expect(unknown).toEqual([`${PATH}[0]${path}`]);
  });

  it("that are not known are left out", () => {
    expect(readingOf("spread", { topologySpreadConstraints: UNKNOWN })).toEqual([[], [PATH]]);
    expect(readingOf("spread", { topologySpreadConstraints: [UNKNOWN] })).toEqual([[], [`${PATH}[0]`]]);
  });

  it("note each label of the pod that they would need", () => {
    const constraint = spreadOver("zone", { labelSelector: { matchLabels: { a: "1", b: "2" } } });
    expect(readingOf("spread", { topologySpreadConstraints: [constraint] }, { a: UNKNOWN, b: UNKNOWN })).toEqual([
      [],
      ["metadata.labels.a", "metadata.labels.b"],
    ]);
  });
});
