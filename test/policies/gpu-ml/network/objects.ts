import { STACK_POLICY } from "../../../../policies/engine/policy-name";
import type { TestConfig, TestResource } from "../../analyzer";

/** A Kubernetes object of a kind given as `apiVersion/Kind`; fields may replace its name and namespace as well. */
export function object(kind: string, name: string, namespace: string | undefined, fields: object = {}): TestResource {
  const [apiVersion, ofKind] = [kind.slice(0, kind.lastIndexOf("/")), kind.slice(kind.lastIndexOf("/") + 1)];
  const version = apiVersion.includes("/") ? apiVersion : `core/${apiVersion}`;
  const metadata = namespace === undefined ? { name } : { name, namespace };
  return { type: `kubernetes:${version}:${ofKind}`, name, props: { apiVersion, kind: ofKind, metadata, ...fields } };
}

/** The advice that a rule gives while a value of a single resource is not known. */
export function undecidedLine(id: string, subject: string, path: string, title: string): string {
  return (
    `advisory [${id}] ${subject}: ${path} is not known yet; allowed: a value that keeps "${title}". ` +
    "It is judged at update, before the object is created."
  );
}

/** The same for rules about the stack. */
export function undecidedStackLine(id: string, subject: string, path: string, title: string): string {
  return (
    `advisory [${id}] ${subject}: ${path} is not known yet; allowed: a value that keeps "${title}". ` +
    "It is judged at the end of the update, when the object is there already."
  );
}

/** The configuration of a rule about single resources. */
export function configured(id: string, entry?: object): TestConfig {
  return entry === undefined ? {} : { platform: { rules: { [id]: entry } } };
}

/** The configuration of a rule about the stack. */
export function configuredStack(id: string, entry?: object): TestConfig {
  return entry === undefined ? {} : { [STACK_POLICY]: { rules: { [id]: entry } } };
}
