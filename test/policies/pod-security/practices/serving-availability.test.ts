import { describe, expect, it } from "vitest";
import { servingAvailability } from "../../../../policies/pod-security/practices/serving-availability";
import { analyze } from "../../analyzer";
import { saidOfStack, written } from "./said";

const SERVES = "containers: [{ name: main, ports: [{ containerPort: 8080 }] }]";
const SPREAD = "topologySpreadConstraints: [{ maxSkew: 1 }]";

function workload(spec: string, pod = `${SERVES}, ${SPREAD}`, kind = "Deployment"): string {
  return `
---
apiVersion: apps/v1
kind: ${kind}
metadata: { name: embedder, namespace: ml }
spec: { ${spec}${spec === "" ? "" : ","} template: { metadata: { labels: { app: embedder, tier: web } }, spec: { ${pod} } } }
`;
}

function budget(selector = "{ matchLabels: { app: embedder } }", namespace = "ml", more = "maxUnavailable: 1"): string {
  return `
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: budget, namespace: ${namespace} }
spec: { ${more}, selector: ${selector} }
`;
}

function autoscaler(target: string, more = "", namespace = "ml"): string {
  return `
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: scaler, namespace: ${namespace} }
spec: { scaleTargetRef: ${target}${more} }
`;
}

function service(predictor: string): string {
  return `
---
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata: { name: churn, namespace: ml, labels: { team: a } }
spec: { predictor: { ${predictor} } }
`;
}

const TARGET = "{ kind: Deployment, name: embedder }";

function tooFew(object = "Deployment ml/embedder", path = "spec.replicas"): string {
  return (
    `advisory [POD-26] ${object}: ${path} is 1, set or by default; allowed: 2 or more for what serves. ` +
    "Run a second replica, with a PodDisruptionBudget for both."
  );
}

function unselected(object = "Deployment ml/embedder", path = "spec.template.metadata.labels"): string {
  return (
    `advisory [POD-26] ${object}: ${path} is selected by no PodDisruptionBudget of the stack; ` +
    "allowed: labels that one selects. Add a PodDisruptionBudget with maxUnavailable 1 for these pods."
  );
}

function together(object = "Deployment ml/embedder", path = "spec.template.spec.topologySpreadConstraints"): string {
  return (
    `advisory [POD-26] ${object}: ${path} is absent, as is an anti-affinity of the pods; ` +
    "allowed: a constraint that spreads the pods over nodes or zones. " +
    "Add one with topologyKey kubernetes.io/hostname and whenUnsatisfiable ScheduleAnyway."
  );
}

function drained(kept: number, least: number, object = "Deployment ml/embedder"): string {
  return (
    `advisory [POD-26] PodDisruptionBudget ml/budget: spec.minAvailable is ${kept}, of the ${least} that ${object} ` +
    "runs at least; allowed: fewer pods than there are, so that one may go. Set maxUnavailable to 1 instead."
  );
}

function waiting(object: string, path: string): string {
  return (
    `advisory [POD-26] ${object}: ${path} is not known yet; allowed: a value that keeps ` +
    `"What serves outlives the loss of a node". ` +
    "It is judged at the end of the update, when the object is there already."
  );
}

describe("POD-26 replicas of what serves", () => {
  it.each([
    ["two replicas, spread, with a budget", workload("replicas: 2") + budget()],
    ["one pod that serves nothing", workload("replicas: 1", "containers: [{ name: main }]")],
    [
      "one pod with a port for metrics",
      workload("replicas: 1", "containers: [{ name: main, ports: [{ name: metrics }] }]"),
    ],
    ["a single pod of a StatefulSet", workload("replicas: 1", SERVES, "StatefulSet")],
    ["a single pod that is replaced at once", workload("replicas: 1, strategy: { type: Recreate }")],
    ["a DaemonSet", workload("", SERVES, "DaemonSet")],
    ["no pod", workload("replicas: 0", SERVES)],
    ["replicas that are no number", workload('replicas: "1"', SERVES)],
    ["containers that are no list", workload("replicas: 1", "containers: 1")],
    ["a floor of two by an autoscaler", workload("") + autoscaler(TARGET, ", minReplicas: 2") + budget()],
    ["a service scaled to zero", service("minReplicas: 0, model: { modelFormat: { name: sklearn } }")],
    [
      "a Deployment that KEDA scales to zero",
      `${workload("")}
---
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata: { name: scaler, namespace: ml }
spec: { scaleTargetRef: { name: embedder } }
`,
    ],
  ])("accepts %s", (_case, yaml) => {
    expect(saidOfStack(servingAvailability, yaml)).toEqual([]);
  });

  it.each([
    ["one replica", workload("replicas: 1"), tooFew()],
    ["the default", workload(""), tooFew()],
    ["null", workload("replicas: null"), tooFew()],
    ["a rolling update of one", workload("replicas: 1, strategy: { type: RollingUpdate }"), tooFew()],
    [
      "one server of several containers",
      workload("", "containers: [{ name: a }, { name: b, ports: [{ containerPort: 1 }] }]"),
      tooFew(),
    ],
    [
      "the floor of an autoscaler",
      workload("replicas: 3") + autoscaler(TARGET, ", minReplicas: 1"),
      tooFew("HorizontalPodAutoscaler ml/scaler", "spec.minReplicas"),
    ],
    [
      "the default of an autoscaler",
      workload("replicas: 3") + autoscaler(TARGET),
      tooFew("HorizontalPodAutoscaler ml/scaler", "spec.minReplicas"),
    ],
    [
      "an autoscaler of another name",
      workload("") + autoscaler("{ kind: Deployment, name: other }", ", minReplicas: 2"),
      tooFew(),
    ],
    [
      "an autoscaler of another kind",
      workload("") + autoscaler("{ kind: StatefulSet, name: embedder }", ", minReplicas: 2"),
      tooFew(),
    ],
    ["an autoscaler of another namespace", workload("") + autoscaler(TARGET, ", minReplicas: 2", "other"), tooFew()],
    [
      "the floor of KEDA",
      `${workload("")}
---
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata: { name: scaler, namespace: ml }
spec: { scaleTargetRef: { name: embedder }, minReplicaCount: 1 }
`,
      tooFew("ScaledObject ml/scaler", "spec.minReplicaCount"),
    ],
    [
      "one predictor",
      service("minReplicas: 1, containers: [{ name: kserve-container }]"),
      tooFew("InferenceService ml/churn", "spec.predictor.minReplicas"),
    ],
    [
      "one predictor by default",
      service("model: { modelFormat: { name: sklearn } }"),
      tooFew("InferenceService ml/churn", "spec.predictor.minReplicas"),
    ],
  ])("refuses %s", (_case, yaml, message) => {
    expect(saidOfStack(servingAvailability, yaml)).toEqual([message]);
  });
});

describe("POD-26 budgets for what serves", () => {
  it.each([
    ["by its labels", "{ matchLabels: { app: embedder } }"],
    ["by all", "{}"],
    ["by a list of values", "{ matchExpressions: [{ key: app, operator: In, values: [other, embedder] }] }"],
    ["by what it is not", "{ matchExpressions: [{ key: app, operator: NotIn, values: [other] }] }"],
    ["by a key", "{ matchExpressions: [{ key: tier, operator: Exists }] }"],
    ["by the lack of a key", "{ matchExpressions: [{ key: canary, operator: DoesNotExist }] }"],
  ])("accepts a budget that selects %s", (_case, selector) => {
    expect(saidOfStack(servingAvailability, workload("replicas: 2") + budget(selector))).toEqual([]);
  });

  it.each([
    ["no budget", ""],
    ["one of another namespace", budget("{}", "other")],
    ["one without a selector", budget("null")],
    ["one for other labels", budget("{ matchLabels: { app: other } }")],
    ["one for more labels", budget("{ matchLabels: { app: embedder, canary: yes } }")],
    ["one for other values", budget("{ matchExpressions: [{ key: app, operator: In, values: [other] }] }")],
    [
      "one for all values but this",
      budget("{ matchExpressions: [{ key: app, operator: NotIn, values: [embedder] }] }"),
    ],
    ["one for another key", budget("{ matchExpressions: [{ key: canary, operator: Exists }] }")],
    ["one for the lack of a key", budget("{ matchExpressions: [{ key: app, operator: DoesNotExist }] }")],
    [
      "one with an operator of its own",
      budget("{ matchExpressions: [{ key: app, operator: Like, values: [embedder] }] }"),
    ],
    ["one for the lack of what is no key", budget("{ matchExpressions: [{ key: 4, operator: DoesNotExist }] }")],
    [
      "one that fits in part",
      budget("{ matchLabels: { app: embedder }, matchExpressions: [{ key: canary, operator: Exists }] }"),
    ],
    ["another object that looks like one", budget().replace("PodDisruptionBudget", "Budget")],
  ])("refuses two replicas and %s", (_case, yaml) => {
    expect(saidOfStack(servingAvailability, workload("replicas: 2") + yaml)).toEqual([unselected()]);
  });

  it("asks a budget of StatefulSets with several pods too", () => {
    expect(saidOfStack(servingAvailability, workload("replicas: 2", undefined, "StatefulSet"))).toEqual([
      unselected("StatefulSet ml/embedder"),
    ]);
  });

  it.each([
    "{ matchLabels: { serving.kserve.io/inferenceservice: churn } }",
    "{ matchLabels: { app: isvc.churn-predictor, component: predictor } }",
    "{ matchLabels: { team: a, tier: gpu } }",
  ])("knows the labels of an InferenceService: %s", (selector) => {
    const yaml = service("minReplicas: 2, labels: { tier: gpu }, model: { modelFormat: { name: sklearn } }");

    expect(saidOfStack(servingAvailability, yaml + budget(selector))).toEqual([]);
    expect(saidOfStack(servingAvailability, yaml)).toEqual([unselected("InferenceService ml/churn", "spec.predictor")]);
  });

  it.each([
    ["as many as there are", workload("replicas: 2"), "minAvailable: 2", drained(2, 2)],
    ["more than there are", workload("replicas: 2"), "minAvailable: 3", drained(3, 2)],
    [
      "the floor of the autoscaler",
      workload("replicas: 9") + autoscaler(TARGET, ", minReplicas: 2"),
      "minAvailable: 2",
      drained(2, 2),
    ],
    [
      "what a StatefulSet has",
      workload("replicas: 1", SERVES, "StatefulSet"),
      "minAvailable: 1",
      drained(1, 1, "StatefulSet ml/embedder"),
    ],
  ])("refuses one that keeps %s", (_case, yaml, more, message) => {
    expect(saidOfStack(servingAvailability, yaml + budget(undefined, "ml", more))).toEqual([message]);
  });

  it("refuses one that keeps every predictor", () => {
    const yaml = service("minReplicas: 2, model: { modelFormat: { name: sklearn } }");

    expect(saidOfStack(servingAvailability, yaml + budget("{}", "ml", "minAvailable: 2"))).toEqual([
      drained(2, 2, "InferenceService ml/churn"),
    ]);
  });

  it.each([
    ["objects that have no pods", "{ apiVersion: v1, kind: ConfigMap, metadata: { name: a, namespace: ml } }", "{}"],
    ["pods of others", workload("replicas: 0").replaceAll("embedder", "second"), "{ matchLabels: { app: embedder } }"],
  ])("counts no %s", (_case, other, selector) => {
    const yaml = `${workload("replicas: 2")}\n---\n${other}${budget(selector, "ml", "minAvailable: 2")}`;

    expect(saidOfStack(servingAvailability, yaml)).toEqual([drained(2, 2)]);
  });

  it.each([
    ["fewer than there are", workload("replicas: 2"), "minAvailable: 1"],
    ["a share", workload("replicas: 2"), "minAvailable: 50%"],
    ["pods of a Deployment without any", workload("replicas: 0"), "minAvailable: 1"],
    [
      "pods of several Deployments",
      workload("replicas: 2") + workload("replicas: 2").replace("name: embedder", "name: second"),
      "minAvailable: 2",
    ],
    ["pods that the stack has not", "", "minAvailable: 2"],
  ])("accepts one that keeps %s", (_case, yaml, more) => {
    expect(saidOfStack(servingAvailability, yaml + budget(undefined, "ml", more))).toEqual([]);
  });
});

describe("POD-26 spread of what serves", () => {
  it.each([
    ["a constraint", SPREAD],
    [
      "an anti-affinity",
      "affinity: { podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1 }] } }",
    ],
  ])("accepts %s", (_case, spread) => {
    expect(saidOfStack(servingAvailability, workload("replicas: 2", `${SERVES}, ${spread}`) + budget())).toEqual([]);
  });

  it.each([
    ["nothing", SERVES],
    ["an empty list", `${SERVES}, topologySpreadConstraints: []`],
    ["an affinity to nodes", `${SERVES}, affinity: { nodeAffinity: {} }`],
  ])("refuses %s", (_case, pod) => {
    expect(saidOfStack(servingAvailability, workload("replicas: 2", pod) + budget())).toEqual([together()]);
  });

  it("asks it of a server that is written out", () => {
    const yaml = service("minReplicas: 2, containers: [{ name: kserve-container }]");

    expect(saidOfStack(servingAvailability, yaml + budget("{}"))).toEqual([
      together("InferenceService ml/churn", "spec.predictor.topologySpreadConstraints"),
    ]);
  });
});

describe("POD-26 what is not known yet", () => {
  it.each([
    ["the replicas", workload("replicas: ?") + budget(), "spec.replicas"],
    ["the containers", workload("replicas: 1", "containers: ?"), "spec.replicas"],
    ["the ports", workload("replicas: 1", "containers: [{ name: a, ports: ? }]"), "spec.replicas"],
    [
      "the target of an autoscaler",
      workload("replicas: 1") + autoscaler("{ kind: Deployment, name: ? }"),
      "spec.replicas",
    ],
    ["the namespace of an autoscaler", workload("replicas: 1") + autoscaler(TARGET, "", "?"), "spec.replicas"],
    ["the selector of a budget", workload("replicas: 2") + budget("?"), "spec.template.metadata.labels"],
    [
      "labels that a budget selects",
      workload("replicas: 2") + budget("{ matchLabels: ? }"),
      "spec.template.metadata.labels",
    ],
    [
      "expressions of a budget",
      workload("replicas: 2") + budget("{ matchExpressions: ? }"),
      "spec.template.metadata.labels",
    ],
    [
      "a key of a budget",
      workload("replicas: 2") + budget("{ matchExpressions: [{ key: ?, operator: Exists }] }"),
      "spec.template.metadata.labels",
    ],
    [
      "an operator of a budget",
      workload("replicas: 2") + budget("{ matchExpressions: [{ key: app, operator: ? }] }"),
      "spec.template.metadata.labels",
    ],
    [
      "values of a budget",
      workload("replicas: 2") + budget("{ matchExpressions: [{ key: app, operator: In, values: ? }] }"),
      "spec.template.metadata.labels",
    ],
    [
      "a label, for a key",
      workload("replicas: 2").replace("tier: web", "tier: ?") +
        budget("{ matchExpressions: [{ key: tier, operator: Exists }] }"),
      "spec.template.metadata.labels",
    ],
    ["the namespace of a budget", workload("replicas: 2") + budget("{}", "?"), "spec.template.metadata.labels"],
    [
      "the spread",
      workload("replicas: 2", `${SERVES}, topologySpreadConstraints: ?`) + budget(),
      "spec.template.spec.topologySpreadConstraints",
    ],
  ])("waits for %s", (_case, yaml, path) => {
    expect(saidOfStack(servingAvailability, yaml)).toEqual([waiting("Deployment ml/embedder", path)]);
  });

  it("waits for the namespace of the workload", () => {
    const yaml = workload("replicas: 2").replace("namespace: ml", "namespace: ?");

    expect(saidOfStack(servingAvailability, yaml + budget("{}"))).toEqual([
      waiting("Deployment embedder", "spec.template.metadata.labels"),
    ]);
  });

  it("waits for the floor of an autoscaler, at the autoscaler", () => {
    const yaml = workload("") + autoscaler(TARGET, ", minReplicas: ?");

    expect(saidOfStack(servingAvailability, yaml)).toEqual([
      waiting("HorizontalPodAutoscaler ml/scaler", "spec.minReplicas"),
    ]);
  });

  it("waits for the name of an InferenceService, by which it is labelled", () => {
    const yaml = service("minReplicas: 2, model: { modelFormat: { name: sklearn } }").replace("name: churn", "name: ?");

    for (const label of ["serving.kserve.io/inferenceservice: churn", "app: isvc.churn-predictor"]) {
      const [message] = saidOfStack(servingAvailability, yaml + budget(`{ matchLabels: { ${label} } }`));

      expect(message).toContain("spec.predictor is not known yet");
    }
  });

  it.each([
    ["the replicas", workload("replicas: ?") + budget(undefined, "ml", "minAvailable: 2")],
    [
      "the labels",
      workload("replicas: 2").replace("app: embedder", "app: ?") + budget(undefined, "ml", "minAvailable: 2"),
    ],
  ])("waits with a budget for %s", (_case, yaml) => {
    expect(saidOfStack(servingAvailability, yaml)).toContain(
      waiting("PodDisruptionBudget ml/budget", "spec.minAvailable"),
    );
  });

  it("has nothing to say of single resources", () => {
    expect(analyze([servingAvailability], written(workload(""))[0]!)).toEqual([]);
  });
});
