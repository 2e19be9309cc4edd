import * as pulumi from "@pulumi/pulumi";
import type { IamStatement } from "../../../../components/cluster/identity/iam-policy";
import { valueOf } from "../../../support/mocks";

/** A right as a row: action, `resource[, resource …]`, and keys of the conditions that it is under. */
export type Right = [action: string, resources: string, conditions: string];

/** Every action that statements grant, one row for each. */
export async function rightsOf(statements: IamStatement[]): Promise<Right[]> {
  const resources = await Promise.all(statements.map((statement) => valueOf(pulumi.all(statement.resources))));
  return statements.flatMap(({ actions, conditions = {} }, index) => {
    const keys = Object.values(conditions).flatMap((condition) => Object.keys(condition));
    return actions.map((action): Right => [action, resources[index]!.join(", "), keys.join(", ")]);
  });
}

/** Names of the statements that have a wildcard without a reason, or a reason without a wildcard, once ARNs are known. */
export async function unreasonedWildcards(statements: IamStatement[]): Promise<string[]> {
  const resources = await Promise.all(statements.map((statement) => valueOf(pulumi.all(statement.resources))));
  return statements
    .filter(({ actions, wildcardReason }, index) => {
      const hasWildcard = [...actions, ...resources[index]!].some((each) => each.includes("*"));
      return hasWildcard !== (wildcardReason !== undefined);
    })
    .map(({ sid }) => sid);
}
