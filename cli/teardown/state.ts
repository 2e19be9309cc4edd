/** A resource of an exported Pulumi state; only what teardown looks at. */
export interface StateResource {
  urn: string;
  type: string;
  /** Whether a provider manages it; a component is not custom. */
  custom?: boolean;
  /** Whether the program only read it: it is never deleted. */
  external?: boolean;
  id?: string;
  parent?: string;
  /** Reference `URN::ID` of the provider that manages it. */
  provider?: string;
  dependencies?: string[] | null;
  propertyDependencies?: Record<string, string[] | null> | null;
  /** Resource whose deletion deletes this one as well. */
  deletedWith?: string;
  protect?: boolean;
  retainOnDelete?: boolean;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
}

interface Export {
  deployment?: { resources?: StateResource[] | null } | null;
}

/** The resources that `pulumi stack export` printed, each after all that it depends on. */
export function resourcesOf(exported: string): StateResource[] {
  return (JSON.parse(exported) as Export).deployment?.resources ?? [];
}

/** The logical name of a resource: the part of its URN behind the types. */
export function nameOf({ urn }: StateResource): string {
  return urn.split("::").slice(3).join("::");
}

/** The types of the components that a resource lies in, the outermost first. */
export function ancestorTypes({ urn }: StateResource): string[] {
  return (urn.split("::")[2] ?? "").split("$").slice(0, -1);
}

/** Whether something exists outside of Pulumi that destroy deletes: no component, no provider, nothing that was only read. */
export function isDeleted({ custom, external, type }: StateResource): boolean {
  return custom === true && external !== true && !type.startsWith("pulumi:");
}

/** The EKS cluster that the stack itself made; undefined where it has none, or only uses one. */
export function eksClusterOf(resources: StateResource[]): StateResource | undefined {
  return resources.find((resource) => resource.type === "aws:eks/cluster:Cluster" && isDeleted(resource));
}

/** Whether anything in the state is AWS's. */
export function usesAws(resources: StateResource[]): boolean {
  return resources.some((resource) => resource.type.startsWith("aws:") && isDeleted(resource));
}

/** What a resource says of itself: what was asked for, overlaid with what came of it. */
export function propertiesOf({ inputs, outputs }: StateResource): Record<string, unknown> {
  return { ...inputs, ...outputs };
}

/** Every name that AWS may know a resource of the state by: its id and its ARN. */
export function awsNamesOf(resource: StateResource): string[] {
  const { arn } = propertiesOf(resource);
  return [resource.id, arn].filter((name) => typeof name === "string");
}
