import { describe, expect, it } from "vitest";
import { disagreementsIn } from "./judgement";
import { REGRESSIONS } from "./regressions";
import { nodeWith, podWith } from "./regressions/regression";
import type { Decision, World } from "./world";

describe("what preflight says of a pod", () => {
  it.each(REGRESSIONS)("is what kube-scheduler said: $title", (record) => {
    expect(disagreementsIn(record)).toEqual([]);
  });
});

describe("the comparison with kube-scheduler", () => {
  const exclusive = podWith(
    {
      affinity: {
        podAntiAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [
            { topologyKey: "kubernetes.io/hostname", labelSelector: { matchLabels: { app: "trainer" } } },
          ],
        },
      },
    },
    { app: "trainer" },
  );
  const nodes = ["node-0", "node-1"].map((name) => nodeWith(name, { labels: { "kubernetes.io/hostname": name } }));
  const world = (grows: boolean, placed: World["placed"] = []): World => ({
    nodes,
    placed,
    pods: [exclusive, exclusive],
    grows,
  });

  const cases: [what: string, World, Decision[], { index: number; scheduler: string; ours: string }[]][] = [
    ["pods go to different nodes", world(true), [{ node: "node-1" }, { node: "node-0" }], []],
    [
      "a pod goes where another one keeps it away",
      world(true),
      [{ node: "node-1" }, { node: "node-1" }],
      [{ index: 1, scheduler: "runs on node-1", ours: "node-1: node(s) didn't match pod anti-affinity rules" }],
    ],
    ["pods do not stay", world(false), [{ node: "node-1" }, { node: "node-1" }], []],
    [
      "a pod waits that finds a node",
      world(true),
      [{ node: "node-1" }, { message: "0/2 nodes are available: 2 Too many pods. not found" }],
      [
        {
          index: 1,
          scheduler: "0/2 nodes are available: 2 Too many pods.",
          ours: "0/2 nodes are available: 1 cannot allocate all claims, 1 node(s) didn't match pod anti-affinity rules.",
        },
      ],
    ],
    [
      "a pod finds a node that is the only one",
      world(false, [{ node: "node-0", pod: exclusive }]),
      [{ node: "node-1", everywhere: "0/2 nodes are available: 2 cannot allocate all claims." }],
      [
        {
          index: 0,
          scheduler: "0/2 nodes are available: 2 cannot allocate all claims.",
          ours: "0/2 nodes are available: 1 cannot allocate all claims, 1 node(s) didn't match pod anti-affinity rules.",
        },
      ],
    ],
  ];

  it.each(cases)("notices where %s", (_, world, decisions, expected) => {
    expect(disagreementsIn({ world, decisions })).toEqual(expected);
  });
});
