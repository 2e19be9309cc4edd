import { arrayAt, childAt, isUnknown, UNKNOWN, type Tree } from "../../components/model";
import type { Subject } from "../engine/subject";

/** One statement of an IAM policy; unknown where the policy is. */
export interface StatementAt {
  /** Path from the resource's root; a `#` leads into the JSON text of a policy. */
  path: string;
  statement: Tree;
}

/** Resources whose `policy` says what someone may do. */
const WITH_POLICY = [
  "aws:iam/policy:Policy",
  "aws:iam/rolePolicy:RolePolicy",
  "aws:iam/userPolicy:UserPolicy",
  "aws:iam/groupPolicy:GroupPolicy",
];

/** The statements of all IAM policies that a resource writes; none where their text is no JSON, as AWS refuses it. */
export function statementsOf({ type, tree }: Subject): StatementAt[] {
  if (WITH_POLICY.includes(type)) return statementsIn(childAt(tree, "policy"), "policy");
  if (type !== "aws:iam/role:Role") return [];
  if (isUnknown(childAt(tree, "inlinePolicies"))) return [{ path: "inlinePolicies", statement: UNKNOWN }];
  return arrayAt(tree, "inlinePolicies").flatMap((each, index) =>
    statementsIn(childAt(each, "policy"), `inlinePolicies[${index}].policy`),
  );
}

/** What a field of a statement lists; IAM lets a single item stand without a list around it. */
export function itemsOf(field: Tree): Tree[] {
  if (field === undefined || field === null) return [];
  return Array.isArray(field) ? field : [field];
}

function statementsIn(policy: Tree, path: string): StatementAt[] {
  const isText = typeof policy === "string";
  const document = isText ? parsed(policy) : policy;
  const at = `${path}${isText ? "#" : "."}Statement`;
  const statements = childAt(document, "Statement");
  if (isUnknown(statements)) return [{ path: isUnknown(document) ? path : at, statement: UNKNOWN }];
  return Array.isArray(statements)
    ? statements.map((statement: Tree, index) => ({ path: `${at}[${index}]`, statement }))
    : itemsOf(statements).map((statement) => ({ path: at, statement }));
}

function parsed(text: string): Tree {
  try {
    return JSON.parse(text) as Tree;
  } catch {
    return undefined;
  }
}
