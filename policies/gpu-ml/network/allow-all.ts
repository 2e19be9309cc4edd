import { arrayAt, childAt, isUnknown, nodeAt, UNKNOWN, type Tree } from "../../../components/model";
import { patternList } from "../../engine/parameters";
import { undecided, type Judgement, type ResourceRule } from "../../engine/rule";
import type { Subject } from "../../engine/subject";
import { allOf, isOneOf, type Truth } from "../../engine/truth";
import { unlessNamed } from "../names";

/**
 * NET-04: an AuthorizationPolicy that allows says who may call, or what.
 *
 * A rule without `from`, `to` and `when` holds for every request. Policies that deny, audit or ask another service are
 * free to have one.
 *
 * @see https://istio.io/latest/docs/reference/config/security/authorization-policy/ "allow-all", v1.30
 */
export const allowAll: ResourceRule<{ policies: string[] }> = {
  id: "NET-04",
  title: "Authorization policies say whom they allow",
  why: "A rule that fits every request lets anybody in, and undoes every narrower policy for the same workload.",
  remediation: "Say in `from` who may call, or in `to` what; a policy without rules allows nothing.",
  url: "https://istio.io/latest/docs/ops/best-practices/security/#use-default-deny-patterns",
  severity: "high",
  level: "advisory",
  family: "platform",
  parameters: {
    policies: patternList(
      "a list of the AuthorizationPolicies that may allow everything, by name or as namespace/name",
      [],
    ),
  },
  examples: {
    bad: `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: serving, namespace: ml }
spec:
  action: ALLOW
  rules: [{}]
`,
    good: `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: serving, namespace: ml }
spec:
  action: ALLOW
  rules: [{ from: [{ source: { namespaces: [ml] } }] }]
`,
  },
  judge(subject, { policies }) {
    if (!subject.is("security.istio.io/AuthorizationPolicy")) return [];
    return unlessNamed(subject, policies, judgeRules(subject));
  },
};

function* judgeRules({ tree }: Subject): Iterable<Judgement> {
  const allows = isOneOf(nodeAt(tree, "spec.action") ?? "ALLOW", "ALLOW");
  const rules = nodeAt(tree, "spec.rules");
  if (allows === false) return;
  if (isUnknown(rules)) yield undecided("spec.rules");
  for (const [index, rule] of arrayAt({ rules }, "rules").entries()) {
    const path = `spec.rules[${index}]`;
    const fitsAll = fitsEveryRequest(rule);
    if (isUnknown(fitsAll)) yield undecided(path);
    if (fitsAll !== true) continue;
    if (isUnknown(allows)) {
      yield undecided("spec.action");
    } else {
      yield {
        path,
        observed: "a rule without from, to and when, which allows every request",
        allowed: "rules that say who may call, or what",
        remedy: "Name the callers under from, for example their namespaces.",
      };
    }
  }
}

function fitsEveryRequest(rule: Tree): Truth {
  if (isUnknown(rule)) return UNKNOWN;
  return allOf(
    ["from", "to", "when"].map((field) => {
      const condition = childAt(rule, field);
      return isUnknown(condition) ? UNKNOWN : arrayAt(rule, field).length === 0;
    }),
  );
}
