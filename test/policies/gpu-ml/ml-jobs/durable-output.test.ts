import { describe, expect, it } from "vitest";
import { durableOutput } from "../../../../policies/gpu-ml/ml-jobs/durable-output";
import { analyze, job, lines, UNKNOWN_STRING, type TestResource } from "../../analyzer";

const SPEC = "spec.template.spec";
const FOUND =
  "is without one that outlives the pods, and no address outside is in arguments or variables; allowed: somewhere to keep " +
  "checkpoints and results. Mount a PersistentVolumeClaim, or tell the program the address of an object store.";

function gpus(number: unknown): object {
  return { resources: { limits: { "nvidia.com/gpu": number } } };
}

function training(container: object = {}, podSpec: object = {}): TestResource {
  return job({ ...gpus(2), ...container }, podSpec);
}

function storing(volume: unknown): TestResource {
  return training({}, { volumes: [{ name: "config", configMap: {} }, volume] });
}

function pyTorchJob(roles: Record<string, { replicas?: unknown; container?: object; podSpec?: object }>): TestResource {
  const specs = Object.entries(roles).map(([role, { replicas = 1, container = gpus(1), podSpec = {} }]) => [
    role,
    { replicas, template: { spec: { containers: [{ name: "pytorch", image: "a:1", ...container }], ...podSpec } } },
  ]);
  const spec = { pytorchReplicaSpecs: Object.fromEntries(specs) as object };
  const props = {
    apiVersion: "kubeflow.org/v1",
    kind: "PyTorchJob",
    metadata: { name: "chat", namespace: "ml" },
    spec,
  };
  return { type: "kubernetes:kubeflow.org/v1:PyTorchJob", props };
}

describe("ML-12 output of training", () => {
  it.each<[string, TestResource]>([
    ["no GPUs", job()],
    ["one GPU", job(gpus(1))],
    ["a claim", storing({ name: "out", persistentVolumeClaim: { claimName: "out" } })],
    ["a volume of a driver", storing({ name: "out", csi: { driver: "s3.csi.aws.com" } })],
    ["a directory of the node", storing({ name: "out", hostPath: { path: "/data" } })],
    ["an address in arguments", training({ args: ["--output=s3://models/chat"] })],
    ["an address in the command", training({ command: ["sh", "-c", "train && aws s3 cp out s3://models/chat"] })],
    ["an address in a variable", training({ env: [{ name: "OUTPUT", value: "gs://models/chat" }] })],
    ["an address of a tracker", training({ env: [{ name: "MLFLOW_TRACKING_URI", value: "https://mlflow.example" }] })],
    ["a variable from a ConfigMap", training({ env: [{ name: "OUTPUT", valueFrom: { configMapKeyRef: {} } }] })],
    ["a variable from a Secret", training({ env: [{ name: "OUTPUT", valueFrom: { secretKeyRef: {} } }] })],
    ["variables from a ConfigMap", training({ envFrom: [{ configMapRef: { name: "output" } }] })],
    ["variables from a Secret", training({ envFrom: [{ secretRef: { name: "output" } }] })],
    [
      "an address in another role",
      pyTorchJob({ Master: { container: { args: ["s3://models"] } }, Worker: { replicas: 4 } }),
    ],
    [
      "a kind that does not train",
      { ...training(), props: { ...training().props, apiVersion: "apps/v1", kind: "Deployment" } },
    ],
  ])("accepts %s", (_case, resource) => {
    expect(analyze([durableOutput], resource)).toEqual([]);
  });

  it.each<[string, TestResource]>([
    ["nothing", training()],
    ...["emptyDir", "ephemeral", "secret", "downwardAPI", "projected", "image", "gitRepo"].map(
      (source): [string, TestResource] => [`a volume of kind ${source}`, storing({ name: "out", [source]: {} })],
    ),
    ["a volume without source", storing({ name: "out" })],
    ["a volume that is no object", storing("out")],
    ["an address of another pod", training({ args: ["--init-method=tcp://master:23456"] })],
    ["an address on its own disk", training({ args: ["--output=file:///tmp/out"] })],
    ["variables for its rendezvous", training({ args: ["--init-method=env://"] })],
    ["a variable without address", training({ env: [{ name: "OUTPUT", value: "/tmp/out" }] })],
    ["a variable of its own fields", training({ env: [{ name: "POD", valueFrom: { fieldRef: {} } }] })],
    ["a variable that is no text", training({ env: [{ name: "EPOCHS", value: 4 }] })],
    ["arguments that are lists", training({ args: [["s3://models/chat"]] })],
    ["a variable that is a list", training({ env: [{ name: "OUTPUT", value: ["s3://models/chat"] }] })],
    ["arguments that are no text", training({ args: [7] })],
  ])("refuses training with %s", (_case, resource) => {
    expect(lines(analyze([durableOutput], resource))).toEqual([
      `advisory [ML-12] Job ml/mnist: ${SPEC}.volumes ${FOUND}`,
    ]);
  });

  it("adds up the GPUs of all pods, and names the first that has some", () => {
    const resource = pyTorchJob({ Launcher: { container: {} }, Worker: { replicas: 2 } });

    expect(lines(analyze([durableOutput], resource))).toEqual([
      `advisory [ML-12] PyTorchJob ml/chat: spec.pytorchReplicaSpecs.Worker.template.spec.volumes ${FOUND}`,
    ]);
    expect(analyze([durableOutput], pyTorchJob({ Launcher: { container: {} }, Worker: {} }))).toEqual([]);
  });

  it.each<[string, TestResource, string]>([
    ["the volumes", training({}, { volumes: UNKNOWN_STRING }), `${SPEC}.volumes`],
    ["a volume", training({}, { volumes: [UNKNOWN_STRING] }), `${SPEC}.volumes[0]`],
    ["an argument", training({ args: ["a", UNKNOWN_STRING] }), `${SPEC}.containers[0].args[1]`],
    ["the arguments", training({ args: UNKNOWN_STRING }), `${SPEC}.containers[0].args`],
    ["the command", training({ command: UNKNOWN_STRING }), `${SPEC}.containers[0].command`],
    ["the variables", training({ env: UNKNOWN_STRING }), `${SPEC}.containers[0].env`],
    ["variables from elsewhere", training({ envFrom: UNKNOWN_STRING }), `${SPEC}.containers[0].envFrom`],
    [
      "the value of a variable",
      training({ env: [{ name: "A", value: UNKNOWN_STRING }] }),
      `${SPEC}.containers[0].env[0]`,
    ],
    [
      "where a variable comes from",
      training({ env: [{ name: "A", valueFrom: UNKNOWN_STRING }] }),
      `${SPEC}.containers[0].env[0]`,
    ],
    ["the number of GPUs", job(gpus(UNKNOWN_STRING)), `${SPEC}.containers[0].resources.limits["nvidia.com/gpu"]`],
    ["another container", training({}, { initContainers: [UNKNOWN_STRING] }), `${SPEC}.initContainers[0]`],
  ])("leaves it to the update while %s is not known", (_case, resource, path) => {
    const [message, ...others] = lines(analyze([durableOutput], resource));

    expect(others).toEqual([]);
    expect(message).toContain(path);
    expect(message).toContain(
      'is not known yet; allowed: a value that keeps "Training puts its output where it outlives the pods". ' +
        "It is judged at update, before the object is created.",
    );
  });

  it("leaves it to the update while the number of pods is not known", () => {
    expect(lines(analyze([durableOutput], pyTorchJob({ Worker: { replicas: UNKNOWN_STRING } })))[0]).toContain(
      "PyTorchJob ml/chat: spec.pytorchReplicaSpecs.Worker.template is not known yet",
    );
    const withoutGpus = pyTorchJob({ Launcher: { replicas: UNKNOWN_STRING, container: {} }, Worker: {} });
    expect(analyze([durableOutput], withoutGpus)).toEqual([]);
  });

  it("counts from as many GPUs as configuration says", () => {
    const config = (fromGpus: unknown) => ({ ml: { rules: { "ML-12": { fromGpus } } } });

    expect(analyze([durableOutput], job(gpus(3)), config(4))).toEqual([]);
    expect(analyze([durableOutput], job(gpus(4)), config(4))).toHaveLength(1);
    expect(analyze([durableOutput], job(gpus(1)), config(1))).toHaveLength(1);
  });

  it.each([0, 1.5, "2"])("takes no %j for a number of GPUs", (number) => {
    expect(durableOutput.parameters.fromGpus.accepts(number)).toBe(false);
  });
});
