import { describe, expect, it } from "vitest";
import { secretInEnvironment } from "../../../../policies/pod-security/practices/secret-in-environment";
import { job, UNKNOWN_STRING } from "../../analyzer";
import { said, waiting } from "./said";

const CONTAINER = "spec.template.spec.containers[0]";
const SECRET = { name: "hub", key: "token" };

function message(path: string, observed = "set", object = "Job ml/mnist"): string {
  return (
    `advisory [POD-19] ${object}: ${path} is ${observed}; allowed: a volume of the secret, mounted as files. ` +
    "Mount the secret, and tell the program where the file is."
  );
}

describe("POD-19 secrets in the environment", () => {
  it.each([
    ["a plain value", { env: [{ name: "HF_TOKEN_PATH", value: "/secrets/token" }] }],
    ["a key of a ConfigMap", { env: [{ name: "MODE", valueFrom: { configMapKeyRef: SECRET } }] }],
    ["a whole ConfigMap", { envFrom: [{ configMapRef: { name: "settings" } }] }],
    ["a reference that is null", { env: [{ name: "A", valueFrom: { secretKeyRef: null } }] }],
    ["a reference that is text", { env: [{ name: "A", valueFrom: { secretKeyRef: "hub" } }] }],
    ["no list", { env: "HF_TOKEN", envFrom: null }],
  ])("accepts %s", (_case, container) => {
    expect(said(secretInEnvironment, job(container))).toEqual([]);
  });

  it("refuses a key of a Secret, and a whole one", () => {
    const container = {
      env: [
        { name: "MODE", value: "fast" },
        { name: "HF_TOKEN", valueFrom: { secretKeyRef: SECRET } },
      ],
      envFrom: [{ secretRef: { name: "hub" } }],
    };

    expect(said(secretInEnvironment, job(container))).toEqual([
      message(`${CONTAINER}.env[1].valueFrom.secretKeyRef`),
      message(`${CONTAINER}.envFrom[0].secretRef`, "set, so that every key of the secret becomes a variable"),
    ]);
  });

  it("reaches the worker of a PyTorchJob", () => {
    const workers = `
apiVersion: kubeflow.org/v1
kind: PyTorchJob
metadata: { name: bert }
spec:
  pytorchReplicaSpecs:
    Worker:
      template:
        spec: { containers: [{ name: pytorch, env: [{ name: A, valueFrom: { secretKeyRef: { name: a, key: b } } }] }] }
`;
    const path = "spec.pytorchReplicaSpecs.Worker.template.spec.containers[0].env[0].valueFrom.secretKeyRef";

    expect(said(secretInEnvironment, workers)).toEqual([message(path, "set", "PyTorchJob bert")]);
  });

  it("lets pass the variables of its list, though not whole Secrets", () => {
    const container = {
      env: [{ name: "HF_TOKEN", valueFrom: { secretKeyRef: SECRET } }],
      envFrom: [{ name: "HF_TOKEN", secretRef: { name: "hub" } }],
    };

    expect(said(secretInEnvironment, job(container), { variables: ["WANDB_API_KEY", "HF_TOKEN"] })).toEqual([
      message(`${CONTAINER}.envFrom[0].secretRef`, "set, so that every key of the secret becomes a variable"),
    ]);
  });

  it.each([
    ["the variables", { env: UNKNOWN_STRING }, "env"],
    ["where more variables come from", { envFrom: UNKNOWN_STRING }, "envFrom"],
    ["a variable", { env: [UNKNOWN_STRING] }, "env[0].valueFrom.secretKeyRef"],
    ["its source", { env: [{ name: "A", valueFrom: UNKNOWN_STRING }] }, "env[0].valueFrom.secretKeyRef"],
    ["the secret", { envFrom: [{ secretRef: UNKNOWN_STRING }] }, "envFrom[0].secretRef"],
    [
      "the name of a variable that may be in the list",
      { env: [{ name: UNKNOWN_STRING, valueFrom: { secretKeyRef: SECRET } }] },
      "env[0].valueFrom.secretKeyRef",
    ],
  ])("waits for %s", (_case, container, path) => {
    expect(said(secretInEnvironment, job(container), { variables: ["HF_TOKEN"] })).toEqual([
      waiting(secretInEnvironment, "Job ml/mnist", `${CONTAINER}.${path}`),
    ]);
  });
});
