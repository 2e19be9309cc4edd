import { arrayAt, childAt, isUnknown, nodeAt, UNKNOWN, type Tree } from "../../../components/model";
import type { Subject } from "../../engine/subject";
import { allOf, anyOf, type Truth } from "../../engine/truth";

/** Something that asks for a login, with the hosts that it does so for; `*` stands for all. */
export interface Login {
  asks: Truth;
  hosts: Tree[];
}

const TOKENS = { ALLOW: "requestPrincipals", DENY: "notRequestPrincipals" } as const;

/** What a resource of the stack asks for before requests pass a gateway. */
export function loginsOf(subject: Subject): Login[] {
  if (subject.is("gateway.envoyproxy.io/SecurityPolicy")) return [{ asks: true, hosts: ["*"] }];
  if (subject.is("networking.istio.io/EnvoyFilter")) {
    return [{ asks: filtersByLogin(subject.tree), hosts: ["*"] }];
  }
  if (!subject.is("security.istio.io/AuthorizationPolicy")) return [];
  const rules = nodeAt(subject.tree, "spec.rules");
  const action = nodeAt(subject.tree, "spec.action") ?? "ALLOW";
  if (isUnknown(rules) || isUnknown(action)) return [{ asks: UNKNOWN, hosts: ["*"] }];
  return arrayAt({ rules }, "rules").map((rule) => ({ asks: asksForLogin(rule, action), hosts: hostsOf(rule) }));
}

/** Told by the names of Envoy's filters that ask an authorizer, read tokens or sign in. */
function filtersByLogin(filter: Tree): Truth {
  let isWhole = true;
  const text = JSON.stringify(filter, (_key, value: unknown) => {
    if (isUnknown(value)) isWhole = false;
    return value;
  });
  return /ext_authz|jwt_authn|oauth2/.test(text) || (isWhole ? false : UNKNOWN);
}

function asksForLogin(rule: Tree, action: Tree): Truth {
  if (action === "CUSTOM") return true;
  const field = action === "ALLOW" || action === "DENY" ? TOKENS[action] : undefined;
  if (field === undefined) return false;
  const from = childAt(rule, "from");
  if (isUnknown(from)) return UNKNOWN;
  return anyOf(
    arrayAt(rule, "from").map((one) => {
      const principals = childAt(childAt(one, "source"), field);
      return isUnknown(principals) ? UNKNOWN : Array.isArray(principals) && principals.length > 0;
    }),
  );
}

function hostsOf(rule: Tree): Tree[] {
  const operations: Tree[] = isUnknown(childAt(rule, "to")) ? [UNKNOWN] : arrayAt(rule, "to");
  if (operations.length === 0) return ["*"];
  return operations.flatMap((one): Tree[] => {
    const hosts = nodeAt(one, "operation.hosts");
    if (isUnknown(hosts)) return [UNKNOWN];
    return Array.isArray(hosts) ? hosts : ["*"];
  });
}

/** Whether logins are asked for at all hosts of a route; routes without hosts take those of their gateway. */
export function coversAll(covered: Tree[], hosts: Tree): Truth {
  if (isUnknown(hosts)) return covered.includes("*") ? true : UNKNOWN;
  return allOf(arrayAt({ hosts }, "hosts").map((host) => anyOf(covered.map((one) => covers(one, host)))));
}

/** A route for every host gets those of its gateway only. */
function covers(covered: Tree, host: Tree): Truth {
  if (covered === "*" || host === "*") return true;
  if (isUnknown(covered) || isUnknown(host)) return UNKNOWN;
  if (typeof covered !== "string" || typeof host !== "string") return false;
  const name = covered.replace(/:(\d+|\*)$/, "");
  return name === host || (name.startsWith("*") && host.endsWith(name.slice(1)));
}
