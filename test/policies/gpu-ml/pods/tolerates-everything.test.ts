import { describe, expect, it } from "vitest";
import { toleratesEverything } from "../../../../policies/gpu-ml/pods/tolerates-everything";
import { analyze, job, lines, UNKNOWN_STRING, type TestResource } from "../../analyzer";

const ALL = { operator: "Exists" };
const TOLERATIONS = "spec.template.spec.tolerations";
const FOUND =
  "is with a match for every taint, although the pods ask for no GPU; allowed: tolerations that name the key of a taint. " +
  "Name the taints that the pods must tolerate, or let them choose their nodes.";
const JOB = `advisory [GPU-03] Job ml/mnist: ${TOLERATIONS}`;

function tolerating(toleration: unknown, podSpec: object = {}, container: object = {}): TestResource {
  return job(container, { tolerations: [toleration], ...podSpec });
}

function requiring(...terms: unknown[]): object {
  const required = { nodeSelectorTerms: terms };
  return { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: required } } };
}

function keyed(...keys: string[]): object {
  return { matchExpressions: keys.map((key) => ({ key, operator: "Exists" })) };
}

function inNamespace(resource: TestResource, namespace: unknown): TestResource {
  return { ...resource, props: { ...resource.props, metadata: { name: "mnist", namespace } } };
}

function asDaemonSet({ props }: TestResource): TestResource {
  const type = "kubernetes:apps/v1:DaemonSet";
  return { type, props: { ...props, apiVersion: "apps/v1", kind: "DaemonSet" } };
}

describe("GPU-03 tolerations of pods without GPUs", () => {
  it.each<[string, TestResource]>([
    ["no tolerations", job()],
    ["tolerations that are no list", job({}, { tolerations: "all" })],
    ["a toleration of one key", tolerating({ key: "dedicated", operator: "Exists" })],
    ["a toleration without operator, which Kubernetes refuses", tolerating({ effect: "NoSchedule" })],
    ["a toleration of another effect", tolerating({ operator: "Exists", effect: "NoExecute" })],
    ["a GPU", tolerating(ALL, {}, { resources: { limits: { "nvidia.com/gpu": 1 } } })],
    ["a DaemonSet, which runs on each node on purpose", asDaemonSet(tolerating(ALL))],
    ["a system namespace", inNamespace(tolerating(ALL), "kube-system")],
    ["a choice of nodes", tolerating(ALL, { nodeSelector: { "mlstack.dev/pool": "cpu" } })],
    ["a required choice of nodes", tolerating(ALL, requiring(keyed("node.kubernetes.io/instance-type")))],
    ["a choice in every alternative", tolerating(ALL, requiring(keyed("kubernetes.io/os", "team"), keyed("pool")))],
  ])("accepts %s", (_case, resource) => {
    expect(analyze([toleratesEverything], resource)).toEqual([]);
  });

  it.each<[string, TestResource]>([
    ["tolerates everything", tolerating(ALL)],
    ["tolerates everything that keeps pods off", tolerating({ operator: "Exists", effect: "NoSchedule" })],
    ["spells absent fields as empty ones", tolerating({ key: "", operator: "Exists", effect: "" })],
    ["has other tolerations beside", job({}, { tolerations: [{ key: "a", operator: "Exists" }, ALL] })],
    ["chooses what GPU nodes have too", tolerating(ALL, { nodeSelector: { "kubernetes.io/os": "linux" } })],
    ["chooses the instruction set", tolerating(ALL, { nodeSelector: { "kubernetes.io/arch": "amd64" } })],
    ["chooses the region", tolerating(ALL, { nodeSelector: { "topology.kubernetes.io/region": "us-east-1" } })],
    ["requires the zone", tolerating(ALL, requiring(keyed("topology.kubernetes.io/zone")))],
    ["chooses in one alternative only", tolerating(ALL, requiring(keyed("team"), keyed("kubernetes.io/os")))],
    ["has no alternatives", tolerating(ALL, requiring())],
    ["has a selector that is no object", tolerating(ALL, { nodeSelector: "cpu" })],
    ["has a requirement whose key is no text", tolerating(ALL, requiring({ matchExpressions: [{ key: 7 }] }))],
  ])("refuses a pod without GPU that %s", (_case, resource) => {
    expect(lines(analyze([toleratesEverything], resource))).toEqual([`${JOB} ${FOUND}`]);
  });

  it("reaches into the roles of a training job", () => {
    const launcher = { template: { spec: { tolerations: [ALL], containers: [{ name: "main" }] } } };
    const spec = { mpiReplicaSpecs: { Launcher: launcher } };
    const props = { apiVersion: "kubeflow.org/v2beta1", kind: "MPIJob", metadata: { name: "bert" }, spec };

    expect(lines(analyze([toleratesEverything], { type: "kubernetes:kubeflow.org/v2beta1:MPIJob", props }))).toEqual([
      `advisory [GPU-03] MPIJob bert: spec.mpiReplicaSpecs.Launcher.template.spec.tolerations ${FOUND}`,
    ]);
  });

  it.each<[string, TestResource, string]>([
    ["the tolerations", job({}, { tolerations: UNKNOWN_STRING }), TOLERATIONS],
    ["the key of a toleration", tolerating({ key: UNKNOWN_STRING, operator: "Exists" }), TOLERATIONS],
    ["the resources", tolerating(ALL, {}, { resources: UNKNOWN_STRING }), "spec.template.spec.containers[0].resources"],
    ["the selector", tolerating(ALL, { nodeSelector: UNKNOWN_STRING }), "spec.template.spec.nodeSelector"],
    ["the affinity", tolerating(ALL, { affinity: UNKNOWN_STRING }), "spec.template.spec.affinity"],
    ["an alternative", tolerating(ALL, requiring(UNKNOWN_STRING)), "spec.template.spec.affinity"],
    [
      "the requirements",
      tolerating(ALL, requiring({ matchExpressions: UNKNOWN_STRING })),
      "spec.template.spec.affinity",
    ],
    ["a required key", tolerating(ALL, requiring(keyed(UNKNOWN_STRING))), "spec.template.spec.affinity"],
    ["the namespace", inNamespace(tolerating(ALL), UNKNOWN_STRING), "metadata.namespace"],
  ])("leaves it to the update while %s is not known", (_case, resource, path) => {
    const [message, ...others] = lines(analyze([toleratesEverything], resource));

    expect(others).toEqual([]);
    expect(message).toContain(`: ${path} is not known yet; allowed: a value that keeps `);
  });

  it("lets the namespaces tolerate everything that configuration names", () => {
    const config = { gpu: { rules: { "GPU-03": { namespaces: ["ml"] } } } };

    expect(analyze([toleratesEverything], tolerating(ALL), config)).toEqual([]);
    expect(analyze([toleratesEverything], inNamespace(tolerating(ALL), "kube-system"), config)).toHaveLength(1);
  });

  it.each(["ml", [1]])("takes no %j for a list of namespaces", (namespaces) => {
    expect(toleratesEverything.parameters.namespaces.accepts(namespaces)).toBe(false);
  });
});
