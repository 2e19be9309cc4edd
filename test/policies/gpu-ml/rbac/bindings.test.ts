import { describe, expect, it } from "vitest";
import type { Rule } from "../../../../policies/engine/rule";
import { anonymousBinding } from "../../../../policies/gpu-ml/rbac/anonymous-binding";
import { clusterAdminBinding } from "../../../../policies/gpu-ml/rbac/cluster-admin-binding";
import { analyze, lines, UNKNOWN_STRING, type TestResource } from "../../analyzer";
import { configured, object, undecidedLine } from "../network/objects";

const RBAC = "rbac.authorization.k8s.io/v1";

const judgeBy = (judged: unknown) => (resource: TestResource, entry?: object) =>
  lines(analyze([judged as Rule], resource, configured("RBAC-01", entry)));

describe("RBAC-01 cluster-admin", () => {
  const judge = judgeBy(clusterAdminBinding);
  const binding = (roleRef: unknown, name = "trainer"): TestResource =>
    object(`${RBAC}/ClusterRoleBinding`, name, undefined, { roleRef });
  const ADMIN = { kind: "ClusterRole", name: "cluster-admin" };

  it("is bound to nobody", () => {
    expect(judge(binding(ADMIN))).toEqual([
      "mandatory [RBAC-01] ClusterRoleBinding trainer: roleRef.name is cluster-admin, which allows everything in the " +
        "cluster; allowed: a role with the rights that are needed. Bind such a role instead.",
    ]);
    expect(judge(object(`${RBAC}/RoleBinding`, "trainer", "ml", { roleRef: ADMIN }))).toEqual([
      "mandatory [RBAC-01] RoleBinding ml/trainer: roleRef.name is cluster-admin, which allows everything in the " +
        "namespace; allowed: a role with the rights that are needed. Bind such a role instead.",
    ]);
  });

  it("is not every role", () => {
    expect(judge(binding({ ...ADMIN, name: "view" }))).toEqual([]);
    expect(judge(object(`${RBAC}/RoleBinding`, "a", "ml", { roleRef: { ...ADMIN, kind: "Role" } }))).toEqual([]);
    expect(judge(object("v1/ConfigMap", "a", "ml", { roleRef: ADMIN }))).toEqual([]);
  });

  it("may be bound by bindings that are known or configured", () => {
    expect(judge(binding(ADMIN, "profiles-cluster-rolebinding"))).toEqual([]);
    expect(judge(binding(ADMIN), { bindings: ["trainer"] })).toEqual([]);
    expect(judge(binding(ADMIN, "profiles-cluster-rolebinding"), { bindings: [] })).toHaveLength(1);
  });

  it.each<[string, unknown, string]>([
    ["the role", UNKNOWN_STRING, "roleRef.name"],
    ["its name", { ...ADMIN, name: UNKNOWN_STRING }, "roleRef.name"],
    ["its kind", { ...ADMIN, kind: UNKNOWN_STRING }, "roleRef.kind"],
  ])("cannot be told without knowing %s", (_case, roleRef, path) => {
    expect(judge(binding(roleRef))).toEqual([
      undecidedLine("RBAC-01", "ClusterRoleBinding trainer", path, "Nobody is bound to cluster-admin"),
    ]);
  });
});

describe("RBAC-01 callers without a login", () => {
  const judge = judgeBy(anonymousBinding);
  const binding = (subjects: unknown, kind = "ClusterRoleBinding"): TestResource =>
    object(`${RBAC}/${kind}`, "all", undefined, { subjects });

  it.each(["system:anonymous", "system:unauthenticated"])("have no rights as %s", (name) => {
    expect(
      judge(
        binding([
          { kind: "Group", name: "a" },
          { kind: "Group", name },
        ]),
      ),
    ).toEqual([
      `mandatory [RBAC-01] ClusterRoleBinding all: subjects[1].name is ${name}, which stands for callers without a ` +
        "login; allowed: users, groups and service accounts that are known. Remove this subject.",
    ]);
    expect(judge(binding([{ kind: "Group", name }], "RoleBinding"))).toHaveLength(1);
  });

  it("are not all callers", () => {
    expect(judge(binding([{ kind: "Group", name: "system:authenticated" }]))).toEqual([]);
    expect(judge(binding(undefined))).toEqual([]);
    expect(judge(object("v1/ConfigMap", "a", "ml", { subjects: [{ name: "system:anonymous" }] }))).toEqual([]);
  });

  it.each<[string, unknown, string]>([
    ["the subjects", UNKNOWN_STRING, "subjects"],
    ["a subject", [UNKNOWN_STRING], "subjects[0].name"],
    ["a name", [{ kind: "Group", name: UNKNOWN_STRING }], "subjects[0].name"],
  ])("cannot be told without knowing %s", (_case, subjects, path) => {
    expect(judge(binding(subjects))).toEqual([
      undecidedLine("RBAC-01", "ClusterRoleBinding all", path, "Callers without a login have no rights"),
    ]);
  });
});
