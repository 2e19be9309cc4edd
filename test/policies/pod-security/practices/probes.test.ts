import { describe, expect, it } from "vitest";
import { probes } from "../../../../policies/pod-security/practices/probes";
import { job } from "../../analyzer";
import { said, waiting } from "./said";

const SERVES = "{ name: main, ports: [{ name: http, containerPort: 8080 }]";

function deployment(container: string, kind = "Deployment", more = ""): string {
  return `
apiVersion: apps/v1
kind: ${kind}
metadata: { name: embedder, namespace: ml }
spec: { template: { spec: { containers: [${container}]${more} } } }
`;
}

function readiness(object: string, path: string): string {
  return (
    `advisory [POD-25] ${object}: ${path} is absent from a container that serves; ` +
    "allowed: a probe that succeeds once requests can be answered. " +
    "Add one, for example an httpGet of the path by which the server says that its model is loaded."
  );
}

function liveness(object: string, path: string): string {
  return (
    `advisory [POD-25] ${object}: ${path} is set on a container that works to an end; allowed: no liveness probe. ` +
    "Remove it; let activeDeadlineSeconds or the time-out of the framework end what hangs."
  );
}

describe("POD-25 readiness of what serves", () => {
  it.each([
    ["a readiness probe", deployment(`${SERVES}, readinessProbe: { tcpSocket: { port: http } } }`)],
    ["no port", deployment("{ name: main }")],
    ["an empty list of ports", deployment("{ name: main, ports: [] }")],
    ...["metrics", "http-prom", "telemetry", "profiling", "pprof", "debug", "healthz"].map((name): [string, string] => [
      `a port for ${name} alone`,
      deployment(`{ name: main, ports: [{ name: ${name}, containerPort: 9090 }] }`),
    ]),
    [
      "a port in an init container",
      deployment("{ name: main }", "Deployment", ", initContainers: [{ name: a, ports: [{ containerPort: 1 }] }]"),
    ],
    ["pods of a DaemonSet", deployment(`${SERVES} }`, "DaemonSet")],
    [
      "a model whose server is that of a runtime",
      `
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata: { name: churn }
spec: { predictor: { model: { modelFormat: { name: sklearn } , ports: [{ containerPort: 8080 }] } } }
`,
    ],
  ])("accepts %s", (_case, object) => {
    expect(said(probes, object)).toEqual([]);
  });

  it.each(["Deployment", "StatefulSet"])("refuses a %s that serves without a probe", (kind) => {
    expect(said(probes, deployment(`${SERVES} }`, kind))).toEqual([
      readiness(`${kind} ml/embedder`, "spec.template.spec.containers[0].readinessProbe"),
    ]);
  });

  it.each([
    ["a port without a name", "{ name: main, ports: [{ containerPort: 8080 }] }"],
    ["one port of several", "{ name: main, ports: [{ name: metrics }, { name: grpc }] }"],
    ["a probe that is null", `${SERVES}, readinessProbe: null }`],
    ["a liveness probe alone", `${SERVES}, livenessProbe: { tcpSocket: { port: http } } }`],
  ])("refuses %s", (_case, container) => {
    expect(said(probes, deployment(container))).toEqual([
      readiness("Deployment ml/embedder", "spec.template.spec.containers[0].readinessProbe"),
    ]);
  });

  it("reaches the server of an InferenceService that is written out", () => {
    const service = `
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata: { name: churn }
spec: { predictor: { containers: [${SERVES} }] } }
`;

    expect(said(probes, service)).toEqual([
      readiness("InferenceService churn", "spec.predictor.containers[0].readinessProbe"),
    ]);
  });

  it.each([
    ["the probe", `${SERVES}, readinessProbe: ? }`, "readinessProbe"],
    ["the ports", "{ name: main, ports: ? }", "ports"],
    ["the name of a port", "{ name: main, ports: [{ name: ?, containerPort: 80 }] }", "ports"],
  ])("waits for %s", (_case, container, field) => {
    expect(said(probes, deployment(container))).toEqual([
      waiting(probes, "Deployment ml/embedder", `spec.template.spec.containers[0].${field}`),
    ]);
  });
});

describe("POD-25 liveness of what trains", () => {
  const probe = { exec: { command: ["pgrep", "python"] } };

  it.each([
    ["a Job without one", job()],
    ["a Job with one that is null", job({ livenessProbe: null })],
    ["a Job with a readiness probe and ports", job({ readinessProbe: probe, ports: [{ containerPort: 1 }] })],
    ["a Job that would serve", job({ ports: [{ containerPort: 8080 }] })],
    [
      "a sidecar that has one",
      job({}, { initContainers: [{ name: "proxy", restartPolicy: "Always", livenessProbe: probe }] }),
    ],
    ["a Deployment that has one", deployment("{ name: main, livenessProbe: { exec: { command: [a] } } }")],
  ])("accepts %s", (_case, object) => {
    expect(said(probes, object)).toEqual([]);
  });

  it("refuses one in a Job, and in a trial of an experiment", () => {
    const experiment = `
apiVersion: kubeflow.org/v1beta1
kind: Experiment
metadata: { name: rate }
spec:
  trialTemplate:
    trialSpec:
      apiVersion: kubeflow.org/v1
      kind: PyTorchJob
      spec: { pytorchReplicaSpecs: { Worker: { template: { spec: { containers: [{ name: a, livenessProbe: { exec: {} } }] } } } } }
`;
    const path =
      "spec.trialTemplate.trialSpec.spec.pytorchReplicaSpecs.Worker.template.spec.containers[0].livenessProbe";

    expect(said(probes, job({ livenessProbe: probe }))).toEqual([
      liveness("Job ml/mnist", "spec.template.spec.containers[0].livenessProbe"),
    ]);
    expect(said(probes, experiment)).toEqual([liveness("Experiment rate", path)]);
  });

  it("waits for it", () => {
    const object =
      "{ apiVersion: batch/v1, kind: Job, metadata: { name: a }, spec: { template: { spec: { containers: [{ livenessProbe: ? }] } } } }";

    expect(said(probes, object)).toEqual([waiting(probes, "Job a", "spec.template.spec.containers[0].livenessProbe")]);
  });
});
