import { type Policies, unknownCheckingProxy } from "@pulumi/policy";
import { policiesOf } from "../../policies/engine/family";
import type { Rule } from "../../policies/engine/rule";

/** What CrossGuard puts in place of a string that is not known during a preview. */
export const UNKNOWN_STRING = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** CrossGuard's own proxy, which throws when an unknown value is read; its declaration is left out of the package. */
export const asProxy = unknownCheckingProxy as (props: object) => object;

/** A resource as the engine sends it. */
export interface TestResource {
  type: string;
  props: object;
  name?: string;
}

/** A violation as CrossGuard receives it. */
export interface Diagnostic {
  name: string;
  message: string;
  enforcementLevel: string | undefined;
  severity: string;
  urn: string | undefined;
}

/** A violation as CrossGuard is given it: what it leaves out, CrossGuard takes from the policy. */
export interface RawViolation extends Partial<Diagnostic> {
  toString(): string;
}

/** Configuration by policy name, as in the file given with --policy-pack-config. */
export type TestConfig = Record<string, object>;

/** Lets the resource policies built from rules judge one resource, with unknown values behind CrossGuard's own proxy. */
export function analyze(rules: Rule[], resource: TestResource, config?: TestConfig): Diagnostic[] {
  return reportedBy(rules, "validateResource", asSent(resource), config).map(asDiagnostic);
}

/** Lets the stack policies built from rules judge the resources of a stack. */
export function analyzeStack(rules: Rule[], resources: TestResource[], config?: TestConfig): Diagnostic[] {
  return reportedBy(rules, "validateStack", { resources: resources.map(asSent) }, config).map(asDiagnostic);
}

/** What the resource policies built from rules hand to CrossGuard, before it fills in the facts of the policy. */
export function rawViolations(rules: Rule[], resource: TestResource, config?: TestConfig): RawViolation[] {
  return reportedBy(rules, "validateResource", asSent(resource), config).map(({ violation }) => violation);
}

/** Diagnostics as one line each: level and message. */
export function lines(diagnostics: Diagnostic[]): string[] {
  return diagnostics.map(({ enforcementLevel, message }) => `${enforcementLevel ?? "level of the policy"} ${message}`);
}

/** A Job `ml/mnist` with one well-behaved container, changed as the test wants it. */
export function job(container: object = {}, podSpec: object = {}): TestResource {
  const main = { name: "main", image: "registry.example/mnist:1.4", ...container };
  return {
    type: "kubernetes:batch/v1:Job",
    name: "mnist",
    props: {
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: { name: "mnist", namespace: "ml" },
      spec: { template: { spec: { containers: [main], restartPolicy: "Never", ...podSpec } } },
    },
  };
}

/** URN that {@link analyze} and {@link analyzeStack} give a resource. */
export function urnOf({ type, name = "it" }: TestResource): string {
  return `urn:pulumi:dev::test::${type}::${name}`;
}

function asSent(resource: TestResource): object {
  const { type, name = "it", props } = resource;
  return { type, name, urn: urnOf(resource), props: asProxy(props) };
}

interface Reported {
  policyLevel: string | undefined;
  violation: RawViolation;
}

/** Policies by their rules: what judges single resources keeps nothing of them. */
const POLICIES = new WeakMap<Rule[], Policies>();

function policiesFor(rules: Rule[], kind: "validateResource" | "validateStack"): Policies {
  if (kind === "validateStack") return policiesOf(rules);
  const policies = POLICIES.get(rules) ?? policiesOf(rules);
  POLICIES.set(rules, policies);
  return policies;
}

function reportedBy(
  rules: Rule[],
  kind: "validateResource" | "validateStack",
  args: object,
  config: TestConfig = {},
): Reported[] {
  return policiesFor(rules, kind).flatMap((policy) => {
    const reported: Reported[] = [];
    const validate = (policy as unknown as Partial<Record<string, Validation>>)[kind];
    const getConfig = () => config[policy.name] ?? {};
    validate?.({ ...args, getConfig }, (violation) =>
      reported.push({ policyLevel: policy.enforcementLevel, violation }),
    );
    return reported;
  });
}

type Validation = (args: object, reportViolation: (violation: RawViolation) => void) => void;

function asDiagnostic({ policyLevel, violation }: Reported): Diagnostic {
  const { name = "", message = "", enforcementLevel = policyLevel, severity = "", urn } = violation;
  return { name, message, enforcementLevel, severity, urn };
}
