import { describe, expect, it } from "vitest";
import type { Rule } from "../../../../policies/engine/rule";
import { escalation } from "../../../../policies/gpu-ml/rbac/escalation";
import { namespaceRights } from "../../../../policies/gpu-ml/rbac/namespace-rights";
import { podAccess } from "../../../../policies/gpu-ml/rbac/pod-access";
import { secretReader } from "../../../../policies/gpu-ml/rbac/secret-reader";
import { tokenCreator } from "../../../../policies/gpu-ml/rbac/token-creator";
import { wildcardRole } from "../../../../policies/gpu-ml/rbac/wildcard-role";
import { analyze, lines, UNKNOWN_STRING, type TestResource } from "../../analyzer";
import { configured, object, undecidedLine } from "../network/objects";

type RoleRule = Record<string, unknown>;

const RBAC = "rbac.authorization.k8s.io";

function clusterRole(rules: unknown, name = "support"): TestResource {
  return object(`${RBAC}/v1/ClusterRole`, name, undefined, { rules });
}

function role(rules: unknown, name = "support"): TestResource {
  return object(`${RBAC}/v1/Role`, name, "ml", { rules });
}

const rule = (group: unknown, resource: unknown, ...verbs: unknown[]): RoleRule => ({
  apiGroups: [group],
  resources: [resource],
  verbs,
});

const judgeBy = (judged: unknown) => (resource: TestResource, entry?: object) =>
  lines(analyze([judged as Rule], resource, configured("RBAC-01", entry)));

describe("RBAC-01 wildcards", () => {
  const judge = judgeBy(wildcardRole);
  const message = (path: string, everything: string) =>
    `mandatory [RBAC-01] ClusterRole support: ${path} is a wildcard, which stands for ${everything}; allowed: a list of ` +
    "what is needed. Name what is needed.";

  it.each<[string, RoleRule]>([
    ["names", rule("", "pods", "get", "list")],
    ["everything in a group of an operator", rule("kubeflow.org", "*", "*")],
    ["everything in a group that only sounds like one of Kubernetes", rule("sparkoperator.k8s.io", "*", "get")],
    ["everything in a group of a sub-project", rule("jobset.x-k8s.io", "*", "*")],
    ["everything with a resource by name", { ...rule("", "configmaps", "*"), resourceNames: ["a"] }],
    ["a path of the API server", { nonResourceURLs: ["/metrics"], verbs: ["get"] }],
    ["nothing", {}],
  ])("accepts %s", (_case, one) => {
    expect(judge(clusterRole([one]))).toEqual([]);
  });

  it.each<[RoleRule, string, string]>([
    [rule("*", "pods", "get"), "rules[0].apiGroups", "every API group"],
    [rule("", "*", "get"), "rules[0].resources", "every resource"],
    [rule("apps", "*", "get"), "rules[0].resources", "every resource"],
    [rule("storage.k8s.io", "*", "get"), "rules[0].resources", "every resource"],
    [rule("rbac.authorization.k8s.io", "roles", "*"), "rules[0].verbs", "every verb"],
    [rule("", "pods", "*"), "rules[0].verbs", "every verb"],
    [{ apiGroups: ["kubeflow.org", ""], resources: ["*"], verbs: ["get"] }, "rules[0].resources", "every resource"],
    [{ nonResourceURLs: ["*"], verbs: ["get"] }, "rules[0].nonResourceURLs", "every path of the API server"],
    [{ nonResourceURLs: ["/*"], verbs: ["get"] }, "rules[0].nonResourceURLs", "every path of the API server"],
  ])("refuses %o", (one, path, everything) => {
    expect(judge(clusterRole([one]))).toEqual([message(path, everything)]);
  });

  it("refuses each wildcard by itself, in Roles as well", () => {
    expect(judge(clusterRole([rule("", "pods", "get"), rule("*", "*", "*")]))).toEqual([
      message("rules[1].apiGroups", "every API group"),
      message("rules[1].resources", "every resource"),
      message("rules[1].verbs", "every verb"),
    ]);
    expect(judge(role([rule("", "pods", "*")]))).toHaveLength(1);
  });

  it("leaves out roles of operators that are known, and those that configuration names", () => {
    expect(judge(clusterRole([rule("", "*", "*")], "katib-ui"))).toEqual([]);
    expect(judge(clusterRole([rule("", "*", "*")], "argo-workflows-server"))).toEqual([]);
    expect(judge(clusterRole([rule("", "pods", "*")]), { roles: ["supp*"] })).toEqual([]);
    expect(judge(clusterRole([rule("", "pods", "*")], "katib-ui"), { roles: [] })).toHaveLength(1);
    expect(judge(object("v1/ConfigMap", "a", "ml", { rules: [rule("", "pods", "*")] }))).toEqual([]);
  });

  it.each<[string, unknown, string]>([
    ["the rules", UNKNOWN_STRING, "rules"],
    ["a rule", [UNKNOWN_STRING], "rules[0]"],
    ["the groups", [{ apiGroups: UNKNOWN_STRING, resources: ["pods"], verbs: ["get"] }], "rules[0].apiGroups"],
    ["a group", [rule(UNKNOWN_STRING, "pods", "*")], "rules[0].apiGroups[0]"],
    ["the resources", [{ apiGroups: [""], resources: UNKNOWN_STRING, verbs: ["get"] }], "rules[0].resources"],
    ["a resource", [rule("", UNKNOWN_STRING, "get")], "rules[0].resources[0]"],
    ["the verbs", [{ apiGroups: [""], resources: ["pods"], verbs: UNKNOWN_STRING }], "rules[0].verbs"],
    ["a verb", [rule("", "pods", "get", UNKNOWN_STRING)], "rules[0].verbs[1]"],
    ["the names", [{ ...rule("", "pods", "*"), resourceNames: UNKNOWN_STRING }], "rules[0].resourceNames"],
    ["the paths", [{ nonResourceURLs: UNKNOWN_STRING }], "rules[0].nonResourceURLs"],
  ])("cannot decide without knowing %s", (_case, rules, path) => {
    expect(judge(clusterRole(rules))).toEqual([
      undecidedLine("RBAC-01", "ClusterRole support", path, "Roles name the resources and verbs that they allow"),
    ]);
  });
});

describe("RBAC-01 single rights", () => {
  const EVERYWHERE = " in every namespace that it is bound for";

  it.each<[string, unknown, RoleRule, string, string]>([
    [
      "reads secrets",
      secretReader,
      rule("", "secrets", "get"),
      `get secrets${EVERYWHERE}`,
      "secrets by name, or a Role in a single namespace. Name the secrets in resourceNames, or use a Role.",
    ],
    [
      "lists secrets",
      secretReader,
      rule("", "secrets", "list", "watch"),
      `list and watch secrets${EVERYWHERE}`,
      "secrets by name, or a Role in a single namespace. Name the secrets in resourceNames, or use a Role.",
    ],
    [
      "does all with secrets",
      secretReader,
      rule("*", "secrets", "*"),
      `get, list and watch secrets${EVERYWHERE}`,
      "secrets by name, or a Role in a single namespace. Name the secrets in resourceNames, or use a Role.",
    ],
    ...["pods/exec", "pods/attach", "pods/portforward", "nodes/proxy"].flatMap((resource) =>
      ["create", "get"].map((verb): [string, unknown, RoleRule, string, string] => [
        `may ${verb} ${resource}`,
        podAccess,
        rule("", resource, verb),
        `${verb} ${resource}${EVERYWHERE}`,
        "such rights in single namespaces only. Remove it, or use a Role in the namespace where it is needed.",
      ]),
    ),
    ...["update", "patch"].map((verb): [string, unknown, RoleRule, string, string] => [
      `may ${verb} the containers of pods`,
      podAccess,
      rule("", "pods/ephemeralcontainers", verb),
      `${verb} pods/ephemeralcontainers${EVERYWHERE}`,
      "such rights in single namespaces only. Remove it, or use a Role in the namespace where it is needed.",
    ]),
    ...[
      [RBAC, "roles", "bind"],
      [RBAC, "roles", "escalate"],
      [RBAC, "clusterroles", "bind"],
      [RBAC, "clusterroles", "escalate"],
      ["", "users", "impersonate"],
      ["", "groups", "impersonate"],
      ["", "serviceaccounts", "impersonate"],
    ].map(([group, resource, verb]): [string, unknown, RoleRule, string, string] => [
      `may ${verb!} ${resource!}`,
      escalation,
      rule(group, resource, verb),
      `${verb!} ${resource!}`,
      "such rights over single roles, users or groups by name. Remove it, or name the roles, users or groups in resourceNames.",
    ]),
    [
      "makes tokens",
      tokenCreator,
      rule("", "serviceaccounts/token", "create"),
      "create serviceaccounts/token",
      "tokens of single service accounts by name. Name the service accounts in resourceNames.",
    ],
  ])("refuses a ClusterRole that %s", (_case, judged, one, right, rest) => {
    expect(judgeBy(judged)(clusterRole([one]))).toEqual([
      `mandatory [RBAC-01] ClusterRole support: rules[0] is a right to ${right}; allowed: ${rest}`,
    ]);
  });

  it.each<[string, unknown, RoleRule]>([
    ["a secret by name", secretReader, { ...rule("", "secrets", "get"), resourceNames: ["a"] }],
    ["secrets that it only makes", secretReader, rule("", "secrets", "create", "delete")],
    ["other things", secretReader, rule("", "configmaps", "get")],
    ["secrets of another group", secretReader, rule("example.com", "secrets", "get")],
    ["all resources, which is a wildcard", secretReader, rule("", "*", "get")],
    ["logs", podAccess, rule("", "pods/log", "get")],
    ["pods", podAccess, rule("", "pods", "create")],
    ["to end a command", podAccess, rule("", "pods/exec", "delete")],
    ["ephemeral containers to read", podAccess, rule("", "pods/ephemeralcontainers", "get")],
    ["the numbers of nodes", podAccess, rule("", "nodes/metrics", "get")],
    ["roles to read", escalation, rule(RBAC, "roles", "get", "list")],
    ["a role by name to bind", escalation, { ...rule(RBAC, "clusterroles", "bind"), resourceNames: ["view"] }],
    ["bindings", escalation, rule(RBAC, "rolebindings", "create")],
    ["service accounts to read", escalation, rule("", "serviceaccounts", "get")],
    ["service accounts", tokenCreator, rule("", "serviceaccounts", "create")],
    ["tokens to read", tokenCreator, rule("", "serviceaccounts/token", "get")],
  ])("accepts %s", (_case, judged, one) => {
    expect(judgeBy(judged)(clusterRole([one]))).toEqual([]);
    expect(judgeBy(judged)(role([one]))).toEqual([]);
  });

  it("leaves secrets and commands in Roles to the rule about them", () => {
    expect(judgeBy(secretReader)(role([rule("", "secrets", "get")]))).toEqual([]);
    expect(judgeBy(podAccess)(role([rule("", "pods/exec", "create")]))).toEqual([]);
  });

  it("refuses further rights and tokens in Roles as well", () => {
    expect(judgeBy(escalation)(role([rule(RBAC, "roles", "bind")]))).toHaveLength(1);
    expect(judgeBy(tokenCreator)(role([rule("", "serviceaccounts/token", "create")]))).toHaveLength(1);
  });

  it.each([
    [secretReader, rule("", "secrets", "get")],
    [podAccess, rule("", "pods/exec", "create")],
    [escalation, rule(RBAC, "roles", "bind")],
    [tokenCreator, rule("", "serviceaccounts/token", "create")],
  ])("leaves out roles that are known or configured", (judged, one) => {
    expect(judgeBy(judged)(clusterRole([one], "training-operator"))).toEqual([]);
    expect(judgeBy(judged)(clusterRole([one]), { roles: ["support"] })).toEqual([]);
  });

  it("counts the rules of a role", () => {
    const [line] = judgeBy(secretReader)(clusterRole([rule("", "pods", "get"), rule("", "secrets", "get")]));
    expect(line).toContain("ClusterRole support: rules[1] is a right to get secrets");
  });

  it.each<[string, unknown, string]>([
    ["the rules", UNKNOWN_STRING, "rules"],
    ["a rule", [UNKNOWN_STRING], "rules[0]"],
    ["a group", [rule(UNKNOWN_STRING, "secrets", "get")], "rules[0].apiGroups[0]"],
    ["a resource", [rule("", UNKNOWN_STRING, "get")], "rules[0].resources[0]"],
    ["a verb", [rule("", "secrets", UNKNOWN_STRING)], "rules[0].verbs[0]"],
    ["the names", [{ ...rule("", "secrets", "get"), resourceNames: UNKNOWN_STRING }], "rules[0].resourceNames"],
  ])("cannot decide without knowing %s", (_case, rules, path) => {
    expect(judgeBy(secretReader)(clusterRole(rules))).toEqual([
      undecidedLine("RBAC-01", "ClusterRole support", path, "Cluster roles do not read secrets"),
    ]);
  });
});

describe("RBAC-01 rights in a namespace", () => {
  const judge = judgeBy(namespaceRights);
  const message = (right: string) =>
    `advisory [RBAC-01] Role ml/support: rules[0] is a right to ${right} in its namespace; allowed: rights over single ` +
    "secrets and pods by name. Remove it, or name the secrets or pods in resourceNames.";

  it("finds secrets that are read and pods that are entered", () => {
    expect(judge(role([rule("", "secrets", "get", "list")]))).toEqual([message("get and list secrets")]);
    expect(judge(role([rule("", "pods/exec", "create")]))).toEqual([message("create pods/exec")]);
    expect(judge(role([rule("", "pods/ephemeralcontainers", "patch")]))).toEqual([
      message("patch pods/ephemeralcontainers"),
    ]);
  });

  it("accepts less, people of the namespace, operators, and ClusterRoles, which others judge", () => {
    expect(judge(role([rule("", "pods", "get"), rule("", "nodes/proxy", "get")]))).toEqual([]);
    expect(judge(role([rule("", "secrets", "get")], "tenant-editor"))).toEqual([]);
    expect(judge(role([rule("", "secrets", "get")], "argo-role"))).toEqual([]);
    expect(judge(clusterRole([rule("", "secrets", "get")]))).toEqual([]);
    expect(judge(role([rule("", "secrets", "get")]), { members: ["ml/support"] })).toEqual([]);
    expect(judge(role([rule("", "secrets", "get")], "tenant-editor"), { members: [] })).toHaveLength(1);
  });
});
