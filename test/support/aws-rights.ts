import * as pulumi from "@pulumi/pulumi";
import type { IamStatement } from "../../components/cluster/identity/iam-policy";
import { type MockedProgram, type Registered, valueOf } from "./mocks";

/** A policy as AWS is given it. */
export interface PolicyDocument {
  Version: string;
  Statement: Record<string, unknown>[];
}

/** The policy of a resource, by the names of the resource and of the input that holds it. */
export async function policyOf(program: MockedProgram, name: string, input = "policy"): Promise<PolicyDocument> {
  return JSON.parse((await program.inputsOf(name))[input] as string) as PolicyDocument;
}

/**
 * Every right that a program hands out, by what holds it: names of policies that AWS maintains, then actions that are
 * allowed, each list sorted and without repetitions.
 *
 * Holders are roles, and resources with a policy of their own; a role that the program does not create is named as it is.
 */
export async function rightsByHolder(program: MockedProgram): Promise<Record<string, string[]>> {
  const resources = await program.resources();
  const roles = resources.filter(({ type }) => type === "aws:iam/role:Role");
  const roleNames = new Map(roles.map(({ name, inputs }) => [inputs["name"] ?? `${name}-auto`, name]));
  const holders = new Map<string, string[]>(roles.map(({ name }) => [name, []]));
  for (const resource of resources) {
    const role = resource.inputs["role"] as string | undefined;
    const rights = rightsIn(resource);
    if (rights === undefined) continue;
    const holder = role === undefined ? resource.name : (roleNames.get(role) ?? role);
    holders.set(holder, [...(holders.get(holder) ?? []), ...rights]);
  }
  return Object.fromEntries([...holders].map(([holder, rights]) => [holder, [...new Set(rights)].sort()]));
}

/** The policies that resources carry or hand to roles, as they are written. */
export function policiesIn(resources: Registered[]): string[] {
  return resources.map(({ inputs }) => inputs["policy"]).filter((policy) => typeof policy === "string");
}

function rightsIn(resource: Registered): string[] | undefined {
  if (resource.type === "aws:iam/rolePolicyAttachment:RolePolicyAttachment") {
    return [(resource.inputs["policyArn"] as string).split(":policy/")[1]!];
  }
  const [policy] = policiesIn([resource]);
  if (policy === undefined) return undefined;
  const { Statement } = JSON.parse(policy) as PolicyDocument;
  return Statement.filter(({ Effect }) => Effect === "Allow").flatMap(({ Action }) => Action as string[]);
}

/** A right as a row: action, `resource[, resource …]`, and keys of the conditions that it is under. */
export type Right = [action: string, resources: string, conditions: string];

/** Every action that statements grant, one row for each. */
export async function rightsOf(statements: IamStatement[]): Promise<Right[]> {
  const resources = await resourcesOf(statements);
  return statements.flatMap(({ actions, conditions = {} }, index) => {
    const keys = Object.values(conditions).flatMap((condition) => Object.keys(condition));
    return actions.map((action): Right => [action, resources[index]!.join(", "), keys.join(", ")]);
  });
}

/** Names of the statements that have a wildcard without a reason, or a reason without a wildcard, once ARNs are known. */
export async function unreasonedWildcards(statements: IamStatement[]): Promise<string[]> {
  const resources = await resourcesOf(statements);
  return statements
    .filter(({ actions, wildcardReason = "" }, index) => {
      const hasWildcard = [...actions, ...resources[index]!].some((each) => each.includes("*"));
      return hasWildcard !== (wildcardReason.trim() !== "");
    })
    .map(({ sid }) => sid);
}

function resourcesOf(statements: IamStatement[]): Promise<string[][]> {
  return Promise.all(statements.map((statement) => valueOf(pulumi.all(statement.resources))));
}
