import { isDeleted, nameOf, propertiesOf, type StateResource } from "./state";

/** Something in a state that makes destroy stop, or may. */
export interface Blocker {
  resource: StateResource;
  /** Whether destroy stops for sure; otherwise it depends on what AWS finds. */
  certain: boolean;
  because: string;
  /** What to do about it, as an imperative sentence. */
  remedy: string;
}

interface Guard {
  type: RegExp;
  property: string;
  /** Value at which the guard is up; one that was never set counts as false. */
  value: boolean;
  certain: boolean;
  because: string;
}

/** Protections of AWS itself, which Pulumi meets only when it deletes. */
const GUARDS: Guard[] = [
  {
    type: /^aws:(eks\/cluster|rds\/(cluster|instance)):/,
    property: "deletionProtection",
    value: true,
    certain: true,
    because: "AWS refuses to delete it",
  },
  {
    type: /^aws:(cloudwatch\/logGroup|dynamodb\/table):/,
    property: "deletionProtectionEnabled",
    value: true,
    certain: true,
    because: "AWS refuses to delete it",
  },
  {
    type: /^aws:a?lb\/loadBalancer:/,
    property: "enableDeletionProtection",
    value: true,
    certain: true,
    because: "AWS refuses to delete it",
  },
  {
    type: /^aws:ec2\/instance:/,
    property: "disableApiTermination",
    value: true,
    certain: true,
    because: "AWS refuses to terminate it",
  },
  {
    type: /^aws:(s3\/bucket(V2)?|backup\/vault):/,
    property: "forceDestroy",
    value: false,
    certain: false,
    because: "AWS refuses to delete it unless it is empty",
  },
  {
    type: /^aws:ecr\/repository:/,
    property: "forceDelete",
    value: false,
    certain: false,
    because: "AWS refuses to delete it while it holds images",
  },
];

/** Everything that makes a destroy of these resources stop, or may, with what to do about it. */
export function blockersOf(resources: StateResource[], stack: string): Blocker[] {
  return resources.flatMap((resource) => [...protection(resource, stack), ...guards(resource, stack)]);
}

/** How messages name a resource. */
export function titleOf(resource: StateResource): string {
  return `${resource.type.split(":").at(-1) ?? resource.type} ${nameOf(resource)}`;
}

function protection(resource: StateResource, stack: string): Blocker[] {
  if (resource.protect !== true) return [];
  const remedy = `Take the protection off in the configuration and run \`mlstack up --stack ${stack}\`, or run: pulumi state unprotect --stack ${stack} '${resource.urn}'`;
  return [{ resource, certain: true, because: "it is protected (protect: true)", remedy }];
}

function guards(resource: StateResource, stack: string): Blocker[] {
  // What is retained is dropped from the state, AWS is not asked.
  if (!isDeleted(resource) || resource.retainOnDelete === true) return [];
  const properties = propertiesOf(resource);
  return GUARDS.filter(({ type, property, value }) => {
    return type.test(resource.type) && (properties[property] === true) === value;
  }).map(({ property, value, certain, because }) => ({
    resource,
    certain,
    because: `${because} (${property}: ${value})`,
    remedy: certain
      ? `Set ${property} to ${!value} in the configuration and run \`mlstack up --stack ${stack}\`.`
      : `Save what is worth keeping and empty it, or set ${property} to ${!value} and run \`mlstack up --stack ${stack}\`.`,
  }));
}
