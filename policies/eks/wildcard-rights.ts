import { childAt, isUnknown, UNKNOWN, type Tree } from "../../components/model";
import { textList } from "../engine/parameters";
import { undecided, type Judgement, type ResourceRule } from "../engine/rule";
import { allOf, anyOf, isOneOf, not, type Truth } from "../engine/truth";
import { isAnyText } from "./leaf";
import { itemsOf, statementsOf, type StatementAt } from "./policy-document";

const EVERYTHING = /^\*(:\*)?$/;
const WHOLE_SERVICE = /^[\w-]+:\*+$/;

const actions = textList('a list of actions, such as "ec2:*", that policies may grant on all resources');

/**
 * EKS-06: policies grant neither everything nor a whole service on all resources.
 *
 * What the documented controllers ask for passes: lists of actions on all resources, and whole services on some.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html "Apply least-privilege permissions"
 */
export const wildcardRights: ResourceRule<{ actions: string[] }> = {
  id: "EKS-06",
  title: "Policies grant no whole services on all resources",
  why: "Whoever takes over a pod or a node has all its rights, and with these the account.",
  remediation: "List the actions that the program calls, and the ARNs of what it works on.",
  url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
  severity: "high",
  level: "mandatory",
  family: "eks",
  parameters: { actions },
  examples: {
    bad: `
type: aws:iam/rolePolicy:RolePolicy
name: trainer
properties:
  policy: '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:*"],"Resource":["*"]}]}'
`,
    good: `
type: aws:iam/rolePolicy:RolePolicy
name: trainer
properties:
  policy: '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:GetObject"],"Resource":["arn:aws:s3:::runs/*"]}]}'
`,
  },
  *judge(subject, { actions }) {
    for (const at of statementsOf(subject)) {
      if (isUnknown(at.statement)) yield undecided(at.path);
      else yield* judgeStatement(at, actions);
    }
  },
};

function* judgeStatement({ path, statement }: StatementAt, allowedActions: string[]): Iterable<Judgement> {
  const isAllowing = isOneOf(childAt(statement, "Effect"), "Allow");
  const resources = itemsOf(childAt(statement, "Resource")).map((resource) => isOneOf(resource, "*"));
  const isForAll = anyOf([isPresent(childAt(statement, "NotResource")), ...resources]);
  for (const { field, isWide, observed } of grantsOf(statement, allowedActions)) {
    const isBroken = allOf([isAllowing, isForAll, isWide]);
    if (isUnknown(isBroken)) yield undecided(`${path}.${field}`);
    if (isBroken === true) {
      yield {
        path: `${path}.${field}`,
        observed: `${observed} on all resources`,
        allowed: "single actions, or a service on named resources",
        remedy: "List the actions that the program calls, and the ARNs of what it works on.",
      };
    }
  }
}

/** What a statement grants, each with whether that is too much to be granted on all resources. */
interface Grant {
  field: "Action" | "NotAction";
  isWide: Truth;
  observed: string;
}

/** A condition narrows the rights on a service; whoever may do everything may also do what meets it. */
function grantsOf(statement: Tree, allowedActions: string[]): Grant[] {
  const isUnbound = not(isPresent(childAt(statement, "Condition")));
  const actions = itemsOf(childAt(statement, "Action")).filter((action) => !isAnyText(action, allowedActions));
  return [
    { field: "NotAction", isWide: isPresent(childAt(statement, "NotAction")), observed: "all but some actions" },
    ...actions.map((action): Grant => {
      const isWide = anyOf([matches(action, EVERYTHING), allOf([isUnbound, matches(action, WHOLE_SERVICE)])]);
      return { field: "Action", isWide, observed: JSON.stringify(action) };
    }),
  ];
}

function matches(leaf: Tree, pattern: RegExp): Truth {
  return isUnknown(leaf) ? UNKNOWN : typeof leaf === "string" && pattern.test(leaf);
}

/** What is empty is not there. */
function isPresent(node: Tree): Truth {
  if (isUnknown(node)) return UNKNOWN;
  return typeof node === "object" && node !== null ? Object.keys(node).length > 0 : node !== undefined && node !== null;
}
