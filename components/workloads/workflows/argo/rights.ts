import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { isPlain } from "../../../internal";
import { type Manifest, objectMetadata, workloadMetadata } from "../../object";
import { ResourceVerb, type StepTemplate, type WorkflowDefinition } from "../definition";
import { WorkflowArtifactCleanup, type WorkflowSettings } from "../workflow-settings";
import { groupOf, kindOf, pluralOf } from "./resource-kinds";
import { awaitedBy, verbOf } from "./resource-template";

/** A ServiceAccount as it is sent to the cluster. */
export type AccountManifest = Pick<Manifest, "apiVersion" | "kind" | "metadata">;

/** A Role as it is sent to the cluster. */
export interface RoleManifest extends AccountManifest {
  rules: Rule[];
}

/** A RoleBinding as it is sent to the cluster. */
export interface BindingManifest extends AccountManifest {
  roleRef: k8s.types.input.rbac.v1.RoleRef;
  subjects: k8s.types.input.rbac.v1.Subject[];
}

/** A rule of a Role. */
export interface Rule {
  apiGroups: string[];
  resources: string[];
  verbs: string[];
}

/** What rights follow from. */
export type RightsArgs = WorkflowSettings & { definition?: WorkflowDefinition };

/** Service accounts of a workflow's pods; undefined where the cluster's default for workflows is left to hold. */
export interface WorkflowAccounts {
  /** Of pods that run programs. */
  runner: pulumi.Input<string> | undefined;
  /** Of pods that create objects. */
  resources: pulumi.Input<string> | undefined;
}

const API_GROUP = "rbac.authorization.k8s.io";

/**
 * What every pod of a workflow must be allowed: Argo's container in it reports results. Programs in the pod can read the
 * same token, so it has no other right. Argo could hide it from them, but only with a token that never expires, in a Secret
 * that whoever reads Secrets can take; the one that is mounted lives an hour.
 *
 * @see https://argo-workflows.readthedocs.io/en/release-4.0/workflow-rbac/
 * @see https://argo-workflows.readthedocs.io/en/release-4.0/service-account-secrets/
 */
const reporting: Rule = { apiGroups: ["argoproj.io"], resources: ["workflowtaskresults"], verbs: ["create", "patch"] };

/** @see https://argo-workflows.readthedocs.io/en/release-4.0/walk-through/artifacts/#service-accounts-and-annotations */
const cleaning: Rule[] = [
  { apiGroups: ["argoproj.io"], resources: ["workflowartifactgctasks"], verbs: ["list", "watch"] },
  { apiGroups: ["argoproj.io"], resources: ["workflowartifactgctasks/status"], verbs: ["patch"] },
];

/** What `kubectl`, which Argo carries, does for each verb: it reads what it wrote, and Argo reads until it is done. */
const VERBS: Record<ResourceVerb, string[]> = {
  [ResourceVerb.create]: ["create", "get"],
  [ResourceVerb.apply]: ["create", "get", "patch"],
};

/** Service accounts of a workflow's pods. */
export function workflowAccounts(objectName: string, args: RightsArgs): WorkflowAccounts {
  const isCreated = createsRights(args);
  const runner = args.serviceAccountName ?? (isCreated ? objectName : undefined);
  if (!createsObjects(args)) return { runner, resources: undefined };
  const own = isCreated ? resourcesName(objectName) : args.serviceAccountName;
  return { runner, resources: args.resourceServiceAccountName ?? own };
}

/** The service accounts that are created. */
export function accountManifests(objectName: string, args: RightsArgs): AccountManifest[] {
  if (!createsRights(args)) return [];
  const names = [
    ...(args.serviceAccountName === undefined ? [objectName] : []),
    ...(createsObjects(args) && args.resourceServiceAccountName === undefined ? [resourcesName(objectName)] : []),
  ];
  return names.map((name) => ({
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: metadata(name, objectName, args),
  }));
}

/** The Roles that are created: of programs, and of steps that create objects. */
export function roleManifests(objectName: string, args: RightsArgs): RoleManifest[] {
  if (!createsRights(args)) return [];
  const { artifactCleanup = WorkflowArtifactCleanup.never } = args;
  const runner = [reporting, ...(artifactCleanup === WorkflowArtifactCleanup.never ? [] : cleaning)];
  const creator = [reporting, ...resourceRules(args.definition?.templates ?? [])];
  const roles = [[objectName, runner] as const, [resourcesName(objectName), creator] as const];
  return roles
    .slice(0, createsObjects(args) ? 2 : 1)
    .map(([name, rules]) => ({ ...head("Role", name, objectName, args), rules }));
}

/** Who has these Roles. `namespace` is that of the workflow. */
export function bindingManifests(
  objectName: string,
  args: RightsArgs,
  namespace: pulumi.Input<string>,
): BindingManifest[] {
  if (!createsRights(args)) return [];
  const { runner, resources } = workflowAccounts(objectName, args);
  const runners = distinct([runner!, ...accountsOfSteps(args)]);
  const bindings = [
    [objectName, runners] as const,
    ...(resources === undefined ? [] : [[resourcesName(objectName), [resources]] as const]),
  ];
  return bindings.map(([name, accounts]) => ({
    ...head("RoleBinding", name, objectName, args),
    roleRef: { apiGroup: API_GROUP, kind: "Role", name },
    subjects: accounts.map((account) => ({ kind: "ServiceAccount", name: account, namespace })),
  }));
}

/** Rights to exactly the kinds that steps create, and in exactly the ways that they do. */
export function resourceRules(templates: StepTemplate[]): Rule[] {
  const verbs = new Map<string, Set<string>>();
  const allow = (apiVersion: string, resources: string, more: string[]) => {
    const key = `${groupOf(apiVersion)}/${resources}`;
    verbs.set(key, new Set([...(verbs.get(key) ?? []), ...more]));
  };
  for (const { resource } of templates) {
    if (resource === undefined) continue;
    const { apiVersion, kind } = resource.manifest as { apiVersion: string; kind: string };
    const plural = resource.resources ?? kindOf({ apiVersion, kind })?.resources ?? pluralOf(kind);
    allow(apiVersion, plural, VERBS[verbOf(resource)]);
    const awaits = awaitedBy(resource);
    if (awaits !== undefined) allow(awaits.apiVersion, awaits.resources, ["get"]);
  }
  return [...verbs].sort(byKey).map(([key, allowed]) => {
    const [group = "", resources = ""] = key.split("/");
    return { apiGroups: [group], resources: [resources], verbs: [...allowed].sort() };
  });
}

function byKey([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : 1;
}

function createsRights({ createsRights: isCreated = true, definition }: RightsArgs): boolean {
  return isCreated && definition !== undefined;
}

function createsObjects({ definition }: RightsArgs): boolean {
  return (definition?.templates ?? []).some(({ resource }) => resource !== undefined);
}

function accountsOfSteps({ definition }: RightsArgs): pulumi.Input<string>[] {
  return (definition?.templates ?? []).flatMap(({ container }) => container?.serviceAccountName ?? []);
}

function distinct(names: pulumi.Input<string>[]): pulumi.Input<string>[] {
  return names.filter((name, index) => !isPlain(name) || names.indexOf(name) === index);
}

function resourcesName(objectName: string): string {
  return `${objectName}-resources`;
}

function head(kind: string, name: string, objectName: string, args: RightsArgs): AccountManifest {
  return { apiVersion: `${API_GROUP}/v1`, kind, metadata: metadata(name, objectName, args) };
}

function metadata(name: string, objectName: string, args: RightsArgs) {
  return { ...objectMetadata(args, workloadMetadata(objectName, args)), name };
}
