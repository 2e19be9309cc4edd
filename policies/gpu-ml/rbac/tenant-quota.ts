import { GPU_RESOURCE, arrayAt, isUnknown, nodeAt, UNKNOWN, type Tree } from "../../../components/model";
import { undecided, type Judgement, type StackRule } from "../../engine/rule";
import type { Subject } from "../../engine/subject";
import { allOf, anyOf, isOneOf, type Truth } from "../../engine/truth";
import { entriesOf } from "../names";
import { isTenant, TENANTS } from "./tenants";

/** How a ResourceQuota spells the GPUs of a namespace; for such resources there are quotas of requests only. */
const GPU_QUOTA = "requests.nvidia.com/";

/** What a tenant's namespace wants beside it. */
interface Bound {
  kind: string;
  /** The part of the bound's object that decides, with its path. */
  path: string;
  bounds: (value: Tree) => Truth;
  missing: string;
  remedy: string;
}

const BOUNDS: Bound[] = [
  {
    kind: "/ResourceQuota",
    path: "spec.hard",
    bounds: (hard) => (isUnknown(hard) ? UNKNOWN : entriesOf(hard).some(([key]) => isGpuQuota(key))),
    missing: "no ResourceQuota of the stack bounds the GPUs",
    remedy: `Add a ResourceQuota with "requests.${GPU_RESOURCE}".`,
  },
  {
    kind: "/LimitRange",
    path: "spec.limits",
    bounds: (limits) => (isUnknown(limits) ? UNKNOWN : arrayAt({ limits }, "limits").length > 0),
    missing: "no LimitRange of the stack gives containers what they leave out",
    remedy: "Add a LimitRange with defaults for containers.",
  },
];

/**
 * RBAC-03: what a tenant takes has a bound, its GPUs above all, and what its containers leave out has a default.
 *
 * A profile of Kubeflow makes a namespace with the quota that it names itself.
 *
 * @see https://kubernetes.io/docs/concepts/policy/resource-quotas/ "Quota for extended resources", v1.36
 */
export const tenantQuota: StackRule<{ tenants: string[] }> = {
  id: "RBAC-03",
  title: "Namespaces of tenants have a quota of GPUs and defaults for containers",
  why: "Without a quota one tenant can take every GPU, and without defaults a quota refuses pods that say nothing.",
  remediation: 'Add a ResourceQuota with "requests.nvidia.com/gpu" and a LimitRange to the namespace.',
  url: "https://kubernetes.io/docs/concepts/policy/resource-quotas/",
  severity: "medium",
  level: "advisory",
  family: "platform",
  parameters: { tenants: TENANTS },
  examples: {
    bad: `
apiVersion: v1
kind: Namespace
metadata: { name: vision, labels: { mlstack.dev/tenant: vision } }
---
apiVersion: v1
kind: ResourceQuota
metadata: { name: tenant, namespace: vision }
spec: { hard: { pods: "200" } }
`,
    good: `
apiVersion: v1
kind: Namespace
metadata: { name: vision, labels: { mlstack.dev/tenant: vision } }
---
apiVersion: v1
kind: ResourceQuota
metadata: { name: tenant, namespace: vision }
spec: { hard: { pods: "200", requests.nvidia.com/gpu: "8" } }
---
apiVersion: v1
kind: LimitRange
metadata: { name: tenant, namespace: vision }
spec: { limits: [{ type: Container, default: { memory: 512Mi } }] }
`,
  },
  *judgeStack(subjects, { tenants }) {
    for (const subject of subjects) {
      const isOne = isTenantNamespace(subject, tenants);
      if (isOne !== false) yield* judgeTenant(subject, isOne, subjects);
    }
  },
};

function* judgeTenant(subject: Subject, isOne: Truth, subjects: Subject[]): Iterable<[Subject, Judgement]> {
  const name = nodeAt(subject.tree, "metadata.name");
  const own = subject.is("kubeflow.org/Profile") ? nodeAt(subject.tree, "spec.resourceQuotaSpec.hard") : undefined;
  for (const { kind, path, bounds, missing, remedy } of BOUNDS) {
    const candidates = subjects
      .filter((one) => one.is(kind))
      .map((one): { one: Subject; bounds: Truth } => ({
        one,
        bounds: allOf([isHere(one, name), bounds(nodeAt(one.tree, path))]),
      }));
    const ofProfile: Truth = kind === "/ResourceQuota" ? bounds(own) : false;
    const isBound = anyOf([ofProfile, ...candidates.map((candidate) => candidate.bounds)]);
    if (isBound === true) continue;
    if (isUnknown(isOne)) yield [subject, undecided("metadata.labels")];
    else if (isUnknown(ofProfile)) yield [subject, undecided("spec.resourceQuotaSpec.hard")];
    else if (isUnknown(name)) yield [subject, undecided("metadata.name")];
    else if (isUnknown(isBound)) {
      for (const { one, bounds } of candidates) {
        if (isUnknown(bounds)) yield [one, undecided(one.namespace === undefined ? "metadata.namespace" : path)];
      }
    } else {
      yield [
        subject,
        {
          path: "metadata.name",
          observed: `${typeof name === "string" ? JSON.stringify(name) : "absent"}, a tenant's namespace where ${missing}`,
          allowed: "a namespace with a quota of GPUs and defaults for containers",
          remedy,
        },
      ];
    }
  }
}

function isTenantNamespace(subject: Subject, tenants: string[]): Truth {
  if (subject.is("kubeflow.org/Profile")) return true;
  return subject.is("/Namespace") ? isTenant(subject.tree, tenants) : false;
}

function isHere(one: Subject, name: Tree): Truth {
  return isOneOf(one.namespace ?? UNKNOWN, name);
}

function isGpuQuota(key: string): boolean {
  return key.startsWith(GPU_QUOTA);
}
