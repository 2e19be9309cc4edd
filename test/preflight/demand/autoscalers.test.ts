import { describe, expect, it } from "vitest";
import { UNKNOWN, type TreeObject } from "../../../components/model";
import { workloadsOf } from "../../../preflight/demand";
import { goldenStack, stackOf } from "../pools/written-stack";

const deployment = (replicas: string, name = "web") => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: ml }
spec:
  replicas: ${replicas}
  template: { spec: { containers: [{ name: main }] } }
`;

describe("autoscalers", () => {
  const scaler = (spec: string, kind = "HorizontalPodAutoscaler", apiVersion = "autoscaling/v2", namespace = "ml") => `
apiVersion: ${apiVersion}
kind: ${kind}
metadata: { name: web, namespace: ${namespace} }
spec: ${spec}
`;
  const target = "scaleTargetRef: { kind: Deployment, name: web }";
  const countOf = (...documents: string[]) => workloadsOf(stackOf(documents.join("\n---\n")))[0]?.podSets[0]?.count;

  it.each<[by: string, document: string, count: number]>([
    ["an HPA", scaler(`{ ${target}, maxReplicas: 10 }`), 10],
    ["one that goes no further", scaler(`{ ${target}, maxReplicas: 1 }`), 2],
    ["KEDA", scaler("{ scaleTargetRef: { name: web }, maxReplicaCount: 7 }", "ScaledObject", "keda.sh/v1alpha1"), 7],
    ["KEDA by default", scaler("{ scaleTargetRef: { name: web } }", "ScaledObject", "keda.sh/v1alpha1"), 100],
    [
      "KEDA by requests",
      scaler("{ scaleTargetRef: { name: web }, replicas: { max: 5 } }", "HTTPScaledObject", "http.keda.sh/v1alpha1"),
      5,
    ],
    ["one of another kind", scaler("{ scaleTargetRef: { kind: StatefulSet, name: web }, maxReplicas: 10 }"), 2],
    ["one of another name", scaler("{ scaleTargetRef: { kind: Deployment, name: api }, maxReplicas: 10 }"), 2],
    ["one of another namespace", scaler(`{ ${target}, maxReplicas: 10 }`, undefined, undefined, "other"), 2],
    ["one of nobody", scaler("{ maxReplicas: 10 }"), 2],
    ["one that says nothing", scaler(`{ ${target}, maxReplicas: many }`), 2],
  ])("raise 2 pods as far as they may: %s", (_, document, count) => {
    expect(countOf(deployment("2"), document)).toBe(count);
  });

  const KEDA = ["ScaledObject", "keda.sh/v1alpha1"] as const;
  const HTTP = ["HTTPScaledObject", "http.keda.sh/v1alpha1"] as const;
  const web = "scaleTargetRef: { name: web }";
  it.each<[by: string, documents: string[], least: number | undefined]>([
    ["an HPA", [scaler(`{ ${target}, minReplicas: 2, maxReplicas: 10 }`)], 2],
    ["an HPA by default", [scaler(`{ ${target}, maxReplicas: 10 }`)], 1],
    ["KEDA", [scaler(`{ ${web}, minReplicaCount: 3 }`, ...KEDA)], 3],
    ["KEDA by default", [scaler(`{ ${web} }`, ...KEDA)], 0],
    ["KEDA where nothing is to be done", [scaler(`{ ${web}, minReplicaCount: 3, idleReplicaCount: 0 }`, ...KEDA)], 0],
    ["KEDA that says null", [scaler(`{ ${web}, minReplicaCount: 3, idleReplicaCount: null }`, ...KEDA)], 3],
    ["KEDA by requests", [scaler(`{ ${web}, replicas: { min: 4, max: 5 } }`, ...HTTP)], 4],
    ["KEDA by requests by default", [scaler(`{ ${web} }`, ...HTTP)], 0],
    ["the highest of several", [5, 6, 4].map((min) => scaler(`{ ${target}, minReplicas: ${min}, maxReplicas: 9 }`)), 6],
    ["none that says nothing", [scaler(`{ ${target}, minReplicas: few, maxReplicas: 9 }`)], undefined],
    ["none that asks for less than nothing", [scaler(`{ ${target}, minReplicas: -1, maxReplicas: 9 }`)], undefined],
    ["none of another name", [scaler("{ scaleTargetRef: { name: api }, maxReplicas: 10 }")], undefined],
  ])("lower pods as far as they may: %s", (_, documents, least) => {
    const [service] = workloadsOf(stackOf([deployment("2"), ...documents].join("\n---\n")));
    expect(service!.podSets[0]!.leastCount).toBe(least);
  });

  it("lower pods as far as is not known yet", () => {
    const [service, hpa] = stackOf(`${deployment("2")}\n---\n${scaler(`{ ${target}, maxReplicas: 10 }`)}`);
    const spec: TreeObject = { ...(hpa!.properties["spec"] as TreeObject), minReplicas: UNKNOWN };
    const hidden = { ...hpa!, properties: { ...hpa!.properties, spec } };
    for (const stack of [
      [service!, hidden],
      [service!, hidden, hpa!],
      [service!, hpa!, hidden],
    ]) {
      expect(workloadsOf(stack)[0]!.podSets[0]!.leastCount).toBe(UNKNOWN);
    }
  });

  it("go as far as the one that goes furthest", () => {
    const small = scaler("{ scaleTargetRef: { name: web }, maxReplicaCount: 7 }", "ScaledObject", "keda.sh/v1alpha1");
    const large = scaler(`{ ${target}, maxReplicas: 10 }`);
    expect(countOf(deployment("2"), small, large)).toBe(10);
    expect(countOf(deployment("2"), large, small)).toBe(10);
  });

  it("start what runs no pods by itself", () => {
    const some = scaler("{ scaleTargetRef: { name: web }, maxReplicaCount: 4 }", "ScaledObject", "keda.sh/v1alpha1");
    expect(countOf(deployment("0"), some)).toBe(4);
  });

  it("bound a number that is not known yet", () => {
    const [web] = stackOf(deployment("2"));
    const spec: TreeObject = { ...(web!.properties["spec"] as TreeObject), replicas: UNKNOWN };
    const resources = [
      { ...web!, properties: { ...web!.properties, spec } },
      ...stackOf(scaler(`{ ${target}, maxReplicas: 10 }`)),
    ];
    expect(workloadsOf(resources)[0]!.podSets[0]!.count).toBe(10);
  });

  it("leave alone objects with several sets of pods, as they do not say which they mean", () => {
    const job = goldenStack("workload-py-torch-job-several-nodes");
    const some = scaler(
      "{ scaleTargetRef: { kind: PyTorchJob, name: example }, maxReplicas: 9 }",
      undefined,
      undefined,
      "default",
    );
    const [workload] = workloadsOf([...job, ...stackOf(some)]);
    expect(workload!.podSets.map(({ count, leastCount }) => [count, leastCount])).toEqual([
      [1, undefined],
      [3, undefined],
    ]);
  });
});
