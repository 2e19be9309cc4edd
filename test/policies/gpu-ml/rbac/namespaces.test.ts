import { describe, expect, it } from "vitest";
import { judgementsOf } from "../../judgements";
import type { Rule } from "../../../../policies/engine/rule";
import { Subject } from "../../../../policies/engine/subject";
import { podSecurityLevel } from "../../../../policies/gpu-ml/rbac/pod-security-level";
import { podSecurityVersion } from "../../../../policies/gpu-ml/rbac/pod-security-version";
import { TENANTS } from "../../../../policies/gpu-ml/rbac/tenants";
import { tenantQuota } from "../../../../policies/gpu-ml/rbac/tenant-quota";
import { workloadNamespace } from "../../../../policies/gpu-ml/rbac/workload-namespace";
import { analyze, analyzeStack, job, lines, UNKNOWN_STRING, urnOf, type TestResource } from "../../analyzer";
import { configured, configuredStack, object, undecidedLine, undecidedStackLine } from "../network/objects";

const LEVEL = "pod-security.kubernetes.io/enforce";
const VERSION = "pod-security.kubernetes.io/enforce-version";
const TENANT = { "mlstack.dev/tenant": "vision" };
const PROFILE = { "app.kubernetes.io/part-of": "kubeflow-profile" };

function namespace(labels: unknown, name: unknown = "ml"): TestResource {
  return object("v1/Namespace", "ml", undefined, { metadata: labels === undefined ? { name } : { name, labels } });
}

const judgeBy = (judged: unknown, id: string) => (resource: TestResource, entry?: object) =>
  lines(analyze([judged as Rule], resource, configured(id, entry)));

/** What a rule would change in a namespace. */
function fixesOf(rule: unknown, resource: TestResource): unknown[] {
  const judged = rule as Rule;
  const subject = new Subject({ type: resource.type, name: "ml", urn: "urn", props: resource.props });
  const defaults = Object.fromEntries(Object.entries(judged.parameters).map(([name, one]) => [name, one.default]));
  return judgementsOf(judged, [subject], defaults).map(([, one]) => ("fix" in one ? one.fix : undefined));
}

describe("RBAC-02 levels of Pod Security", () => {
  const judge = judgeBy(podSecurityLevel, "RBAC-02");
  const PATH = `metadata.labels["${LEVEL}"]`;
  const message = (observed: string, allowed = "baseline or restricted", level = "baseline") =>
    `mandatory [RBAC-02] Namespace ml: ${PATH} is ${observed}; allowed: ${allowed}. Set it to ${level}.`;
  const ofTenant = (observed: string) => message(observed, "restricted in namespaces of tenants", "restricted");

  it.each<[string, TestResource]>([
    ["baseline", namespace({ [LEVEL]: "baseline" })],
    ["restricted", namespace({ [LEVEL]: "restricted" })],
    ["restricted for a tenant", namespace({ [LEVEL]: "restricted", ...TENANT })],
    ["baseline for what is no profile", namespace({ [LEVEL]: "baseline", "app.kubernetes.io/part-of": "kubeflow" })],
    ["a namespace of Kubernetes", namespace({}, "kube-system")],
    ["a namespace of agents on nodes", namespace({ [LEVEL]: "privileged" }, "gpu-operator")],
    ["other kinds", object("v1/ConfigMap", "a", "ml")],
  ])("accepts %s", (_case, resource) => {
    expect(judge(resource)).toEqual([]);
  });

  it.each<[string, unknown, string]>([
    ["without labels", undefined, message("absent")],
    ["without the label", {}, message("absent")],
    ["with an empty label", { [LEVEL]: null }, message("absent")],
    ["that holds nothing back", { [LEVEL]: "privileged" }, message('"privileged"')],
    ["with a level that there is not", { [LEVEL]: "strict" }, message('"strict"')],
    ["of a tenant that holds little back", { [LEVEL]: "baseline", ...TENANT }, ofTenant('"baseline"')],
    ["of a tenant without the label", TENANT, ofTenant("absent")],
    ["of a profile that holds little back", { [LEVEL]: "baseline", ...PROFILE }, ofTenant('"baseline"')],
  ])("refuses a namespace %s", (_case, labels, expected) => {
    expect(judge(namespace(labels))).toEqual([expected]);
  });

  it("sets the level that is asked for", () => {
    expect(fixesOf(podSecurityLevel, namespace({}))).toEqual([[{ path: PATH, value: "baseline" }]]);
    expect(fixesOf(podSecurityLevel, namespace(TENANT))).toEqual([[{ path: PATH, value: "restricted" }]]);
  });

  it("knows tenants and exceptions from configuration", () => {
    expect(judge(namespace({ [LEVEL]: "baseline", ...TENANT }), { tenants: ["team"] })).toEqual([]);
    expect(judge(namespace({ [LEVEL]: "baseline", team: "a" }), { tenants: ["team"] })).toEqual([
      ofTenant('"baseline"'),
    ]);
    expect(judge(namespace({}), { namespaces: ["ml"] })).toEqual([]);
  });

  it.each<[string, TestResource, string]>([
    ["the labels", namespace(UNKNOWN_STRING), PATH],
    ["the level", namespace({ [LEVEL]: UNKNOWN_STRING }), PATH],
    [
      "whether it is a profile",
      namespace({ [LEVEL]: "baseline", "app.kubernetes.io/part-of": UNKNOWN_STRING }),
      "metadata.labels",
    ],
  ])("cannot decide without knowing %s", (_case, resource, path) => {
    expect(judge(resource)).toEqual([
      undecidedLine("RBAC-02", "Namespace ml", path, "Namespaces are held to the Pod Security Standards"),
    ]);
  });

  it("refuses a level that is wrong for all, and fixes it once it is known for whom", () => {
    const resource = namespace({ [LEVEL]: "privileged", "app.kubernetes.io/part-of": UNKNOWN_STRING });
    expect(judge(resource)).toEqual([ofTenant('"privileged"')]);
  });

  it("takes lists of labels only", () => {
    expect([["a", "a=b"], [], "a", [1]].map((value) => TENANTS.accepts(value))).toEqual([true, true, false, false]);
  });
});

describe("RBAC-02 versions of Pod Security", () => {
  const judge = judgeBy(podSecurityVersion, "RBAC-02");
  const PATH = `metadata.labels["${VERSION}"]`;
  const message = (observed: string, version = "v1.35") =>
    `mandatory [RBAC-02] Namespace ml: ${PATH} is ${observed}; allowed: a version such as v1.35. Set it to the version ` +
    `that was tested, for example ${version}.`;

  it.each<[string, TestResource]>([
    ["a version", namespace({ [LEVEL]: "baseline", [VERSION]: "v1.35" })],
    ["another version", namespace({ [LEVEL]: "baseline", [VERSION]: "v1.9" })],
    ["a namespace that holds nothing back", namespace({ [LEVEL]: "privileged" })],
    ["a namespace of Kubernetes", namespace({}, "kube-system")],
    ["other kinds", object("v1/ConfigMap", "a", "ml")],
  ])("accepts %s", (_case, resource) => {
    expect(judge(resource)).toEqual([]);
  });

  it.each<[string, unknown, string]>([
    ["without one", { [LEVEL]: "baseline" }, message("absent, which stands for latest")],
    ["without labels", undefined, message("absent, which stands for latest")],
    ["with the latest", { [LEVEL]: "baseline", [VERSION]: "latest" }, message('"latest"')],
    ["with half a version", { [LEVEL]: "baseline", [VERSION]: "1.35" }, message('"1.35"')],
    ["with more than a version", { [LEVEL]: "baseline", [VERSION]: "v1.35.1" }, message('"v1.35.1"')],
  ])("refuses a namespace %s", (_case, labels, expected) => {
    expect(judge(namespace(labels))).toEqual([expected]);
  });

  it("pins the version of the configuration", () => {
    expect(fixesOf(podSecurityVersion, namespace({}))).toEqual([[{ path: PATH, value: "v1.35" }]]);
    expect(judge(namespace({}), { version: "v1.36" })).toEqual([message("absent, which stands for latest", "v1.36")]);
    expect(judge(namespace({}), { namespaces: ["ml"] })).toEqual([]);
    const { version } = podSecurityVersion.parameters;
    expect(["v1.36", "latest", 1.36].map((value) => version.accepts(value))).toEqual([true, false, false]);
  });

  it.each<[string, unknown, string]>([
    ["the labels", UNKNOWN_STRING, PATH],
    ["the version", { [LEVEL]: "baseline", [VERSION]: UNKNOWN_STRING }, PATH],
    ["the level", { [LEVEL]: UNKNOWN_STRING }, `metadata.labels["${LEVEL}"]`],
  ])("cannot decide without knowing %s", (_case, labels, path) => {
    expect(judge(namespace(labels))).toEqual([
      undecidedLine("RBAC-02", "Namespace ml", path, "Namespaces pin the version of the Pod Security Standards"),
    ]);
  });

  it("needs not know the level where the version is pinned", () => {
    expect(judge(namespace({ [LEVEL]: UNKNOWN_STRING, [VERSION]: "v1.35" }))).toEqual([]);
  });
});

describe("RBAC-03 bounds of tenants", () => {
  const TITLE = "Namespaces of tenants have a quota of GPUs and defaults for containers";
  const judge = (resources: TestResource[], entry?: object) =>
    lines(analyzeStack([tenantQuota], resources, configuredStack("RBAC-03", entry)));
  const tenant = namespace(TENANT);
  const quota = (hard: unknown = { "requests.nvidia.com/gpu": "8" }, inNamespace = "ml") =>
    object("v1/ResourceQuota", "tenant", inNamespace, { spec: { hard } });
  const limits = (ranges: unknown = [{ type: "Container" }], inNamespace = "ml") =>
    object("v1/LimitRange", "tenant", inNamespace, { spec: { limits: ranges } });
  const profile = (hard?: unknown) =>
    object("kubeflow.org/v1/Profile", "ml", undefined, {
      spec: hard === undefined ? {} : { resourceQuotaSpec: { hard } },
    });
  const message = (what: string, remedy: string, kind = "Namespace") =>
    `advisory [RBAC-03] ${kind} ml: metadata.name is "ml", a tenant's namespace where ${what}; allowed: a namespace with ` +
    `a quota of GPUs and defaults for containers. ${remedy}`;
  const NO_QUOTA: [string, string] = [
    "no ResourceQuota of the stack bounds the GPUs",
    'Add a ResourceQuota with "requests.nvidia.com/gpu".',
  ];
  const NO_LIMITS: [string, string] = [
    "no LimitRange of the stack gives containers what they leave out",
    "Add a LimitRange with defaults for containers.",
  ];

  it.each<[string, TestResource[]]>([
    ["a tenant with both", [tenant, quota(), limits()]],
    ["a tenant with a quota of slices", [tenant, quota({ "requests.nvidia.com/mig-1g.5gb": "4" }), limits()]],
    ["a tenant with a second quota", [tenant, quota({ pods: "9" }), quota(), limits()]],
    ["a namespace of no tenant", [namespace({})]],
    ["a profile with its own quota", [profile({ "requests.nvidia.com/gpu": "1" }), limits()]],
    ["a profile with a quota beside it", [profile(), quota(), limits()]],
    ["other kinds", [object("v1/ConfigMap", "a", "ml", { metadata: { labels: TENANT } })]],
  ])("accepts %s", (_case, resources) => {
    expect(judge(resources)).toEqual([]);
  });

  it.each<[string, TestResource[], string[]]>([
    ["a tenant with nothing", [tenant], [message(...NO_QUOTA), message(...NO_LIMITS)]],
    ["a tenant without quota", [tenant, limits()], [message(...NO_QUOTA)]],
    ["a tenant without limits", [tenant, quota()], [message(...NO_LIMITS)]],
    ["a tenant with a quota of pods", [tenant, quota({ pods: "9" }), limits()], [message(...NO_QUOTA)]],
    ["a tenant with a quota elsewhere", [tenant, quota(undefined, "etl"), limits()], [message(...NO_QUOTA)]],
    ["a tenant with limits elsewhere", [tenant, quota(), limits(undefined, "etl")], [message(...NO_LIMITS)]],
    ["a tenant with empty limits", [tenant, quota(), limits([])], [message(...NO_LIMITS)]],
    ["a tenant of Kubeflow", [namespace(PROFILE), limits()], [message(...NO_QUOTA)]],
    ["a profile", [profile(), limits()], [message(...NO_QUOTA, "Profile")]],
    ["a profile with a quota of pods", [profile({ pods: "9" }), limits()], [message(...NO_QUOTA, "Profile")]],
    ["a profile without limits", [profile({ "requests.nvidia.com/gpu": "1" })], [message(...NO_LIMITS, "Profile")]],
  ])("finds %s", (_case, resources, expected) => {
    expect(judge(resources)).toEqual(expected);
  });

  it("knows tenants from configuration, and files findings under the namespace", () => {
    expect(judge([tenant], { tenants: [] })).toEqual([]);
    expect(judge([namespace({ team: "a" }), limits()], { tenants: ["team=a"] })).toEqual([message(...NO_QUOTA)]);
    expect(judge([namespace({ team: "b" })], { tenants: ["team=a"] })).toEqual([]);
    expect(analyzeStack([tenantQuota as Rule], [tenant, quota()])).toMatchObject([{ urn: urnOf(tenant) }]);
    expect(judge([object("v1/Namespace", "ml", undefined, { metadata: { labels: TENANT } }), limits()])[0]).toContain(
      "metadata.name is absent, a tenant's namespace",
    );
  });

  it.each<[string, TestResource[], string, string]>([
    ["its labels", [namespace(UNKNOWN_STRING), limits()], "Namespace ml", "metadata.labels"],
    ["the quota of a profile", [profile(UNKNOWN_STRING), limits()], "Profile ml", "spec.resourceQuotaSpec.hard"],
    ["the quota", [tenant, quota(UNKNOWN_STRING), limits()], "ResourceQuota ml/tenant", "spec.hard"],
    ["the limits", [tenant, quota(), limits(UNKNOWN_STRING)], "LimitRange ml/tenant", "spec.limits"],
    [
      "where the quota is",
      [tenant, quota(undefined, UNKNOWN_STRING), limits()],
      "ResourceQuota tenant",
      "metadata.namespace",
    ],
  ])("cannot decide without knowing %s", (_case, resources, subject, path) => {
    expect(judge(resources)).toEqual([undecidedStackLine("RBAC-03", subject, path, TITLE)]);
  });

  it("cannot decide without knowing the name", () => {
    const unnamed = namespace(TENANT, UNKNOWN_STRING);
    expect(judge([unnamed, quota(), limits()])).toEqual([
      undecidedStackLine("RBAC-03", "Namespace ml", "metadata.name", TITLE),
    ]);
  });

  it("asks only for the objects that may decide", () => {
    expect(judge([tenant, quota(UNKNOWN_STRING, "etl"), quota(UNKNOWN_STRING), limits()])).toEqual([
      undecidedStackLine("RBAC-03", "ResourceQuota ml/tenant", "spec.hard", TITLE),
    ]);
  });
});

describe("RBAC-04 shared namespaces", () => {
  const judge = judgeBy(workloadNamespace, "RBAC-04");
  const placed = (inNamespace: unknown, name = "mnist"): TestResource => {
    const { type, props } = job();
    const metadata = inNamespace === undefined ? { name } : { name, namespace: inNamespace };
    return { type, name, props: { ...props, metadata } };
  };
  const message = (subject: string, inNamespace: string) =>
    `mandatory [RBAC-04] ${subject}: metadata.namespace is ${inNamespace}; allowed: a namespace of the workload's team or ` +
    "part of the platform. Put it into such a namespace.";

  it.each(["default", "kube-system", "kube-public", "kube-node-lease"])("refuses a workload in %s", (inNamespace) => {
    expect(judge(placed(inNamespace))).toEqual([message(`Job ${inNamespace}/mnist`, inNamespace)]);
  });

  it("reaches jobs of operators", () => {
    const spec = { pytorchReplicaSpecs: { Master: { template: { spec: { containers: [{ name: "pytorch" }] } } } } };
    expect(judge(object("kubeflow.org/v1/PyTorchJob", "mnist", "default", { spec }))).toEqual([
      message("PyTorchJob default/mnist", "default"),
    ]);
  });

  it.each<[string, TestResource]>([
    ["a namespace of a team", placed("ml")],
    ["no namespace, which Pulumi fills in", placed(undefined)],
    ["an add-on of EKS", placed("kube-system", "ebs-csi-controller")],
    ["a controller of the platform", placed("kube-system", "karpenter")],
    ["objects without pods", object("v1/ConfigMap", "a", "default")],
    [
      "a runtime for the whole cluster",
      object("trainer.kubeflow.org/v1alpha1/ClusterTrainingRuntime", "torch", "default", {
        spec: {
          template: {
            spec: {
              replicatedJobs: [
                { name: "node", template: { spec: { template: { spec: { containers: [{ name: "node" }] } } } } },
              ],
            },
          },
        },
      }),
    ],
    [
      "what only looks like pods",
      object("example.com/v1/Thing", "a", "default", { spec: { containers: [{ name: "a", image: "a:1" }] } }),
    ],
  ])("accepts %s", (_case, resource) => {
    expect(judge(resource)).toEqual([]);
  });

  it("leaves out workloads that configuration names", () => {
    expect(judge(placed("default"), { workloads: ["default/mnist"] })).toEqual([]);
    expect(judge(placed("default", "karpenter"))).toHaveLength(1);
    expect(judge(placed("kube-system", "karpenter"), { workloads: [] })).toHaveLength(1);
  });

  it("cannot decide without knowing the namespace", () => {
    expect(judge(placed(UNKNOWN_STRING))).toEqual([
      undecidedLine(
        "RBAC-04",
        "Job mnist",
        "metadata.namespace",
        "Workloads stay out of the default and system namespaces",
      ),
    ]);
  });
});
