import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Rule } from "../../policies/engine/rule";
import { gpuQuantity } from "../../policies/gpu-ml/pods/gpu-quantity";
import { gpuToleration } from "../../policies/gpu-ml/pods/gpu-toleration";
import { imageTag } from "../../policies/pod-security/practices/image-tag";
import { privilegedContainer } from "../../policies/pod-security/standards/privileged-container";
import { analyze, job, UNKNOWN_STRING, type Diagnostic, type TestResource } from "./analyzer";

/** A few rules of different kinds; every-rule.test.ts makes each leaf unknown for every rule. */
const RULES: Rule[] = [privilegedContainer, imageTag, gpuQuantity, gpuToleration];

type Path = (string | number)[];

const TYPE_PATHS = ["apiVersion", "kind"];

/** A job that breaks every rule about pods, beside much that breaks none. */
const badJob = job(
  {
    image: "registry.example:5000/mnist",
    env: [{ name: "TOKEN", value: "hunter2" }],
    securityContext: { privileged: true, runAsUser: 0 },
    resources: { limits: { "nvidia.com/gpu": 0.5, cpu: 4 }, requests: { cpu: 4 } },
  },
  {
    initContainers: [{ name: "fetch", image: "registry.example/fetch:2", resources: { limits: { cpu: 1 } } }],
    tolerations: [{ key: "team", operator: "Equal", value: "a", effect: "NoSchedule" }],
    volumes: [{ name: "data", emptyDir: { medium: "Memory" } }],
  },
);

/** For each broken rule the field that breaks it; where this is known, so is the violation. */
const BREAKING_PATHS: [string, string][] = [
  ["POD-01", "spec.template.spec.containers.0.securityContext.privileged"],
  ["POD-22", "spec.template.spec.containers.0.image"],
  ["GPU-01", "spec.template.spec.containers.0.resources.limits.nvidia.com/gpu"],
];

function pathsOf(node: unknown, at: Path = []): Path[] {
  if (typeof node !== "object" || node === null) return [at];
  const inside = Object.entries(node).flatMap(([key, child]) => pathsOf(child, [...at, key]));
  return at.length === 0 ? inside : [at, ...inside];
}

function withUnknowns(resource: TestResource, paths: Path[]): TestResource {
  const props = structuredClone(resource.props);
  for (const path of paths) {
    const holder = path
      .slice(0, -1)
      .reduce<unknown>((node, key) => (node as Record<string, unknown> | undefined)?.[key], props);
    if (typeof holder === "object" && holder !== null)
      (holder as Record<string, unknown>)[path.at(-1)!] = UNKNOWN_STRING;
  }
  return { ...resource, props };
}

function mandatory(diagnostics: Diagnostic[]): string[] {
  return diagnostics.filter(({ enforcementLevel }) => enforcementLevel === "mandatory").map(({ name }) => name);
}

const unknownPaths = fc.subarray(
  pathsOf(badJob.props).filter((path) => !TYPE_PATHS.includes(path.join("."))),
  { maxLength: 12 },
);

describe("unknown values", () => {
  it("meet rules that refuse the fully known job", () => {
    expect(mandatory(analyze(RULES, badJob)).sort()).toEqual(["GPU-01", "GPU-02", "POD-01", "POD-22"]);
  });

  it.each(BREAKING_PATHS)("never hide a violation of %s at %s that is known", (rule, breaking) => {
    const elsewhere = unknownPaths.map((paths) => paths.filter((path) => !breaking.startsWith(path.join("."))));
    fc.assert(
      fc.property(elsewhere, (paths) => {
        expect(mandatory(analyze(RULES, withUnknowns(badJob, paths)))).toContain(rule);
      }),
    );
  });

  it("make a violation undecided at most, and never make one up", () => {
    const known = mandatory(analyze(RULES, badJob));
    fc.assert(
      fc.property(unknownPaths, (paths) => {
        const diagnostics = analyze(RULES, withUnknowns(badJob, paths));

        expect(known).toEqual(expect.arrayContaining(mandatory(diagnostics)));
        expect(diagnostics.map(({ name }) => name)).toEqual(expect.arrayContaining(known));
      }),
    );
  });

  it("never refuse a job that is fine once everything is known", () => {
    const goodJob = job({ resources: { limits: { "nvidia.com/gpu": 1 } } }, { tolerations: [{ operator: "Exists" }] });
    const paths = pathsOf(goodJob.props).filter((path) => !TYPE_PATHS.includes(path.join(".")));
    fc.assert(
      fc.property(fc.subarray(paths), (unknown) => {
        expect(mandatory(analyze(RULES, withUnknowns(goodJob, unknown)))).toEqual([]);
      }),
    );
  });
});

describe("messages", () => {
  it("never show the value of an environment variable", () => {
    const messages = analyze(RULES, badJob).map(({ message }) => message);

    expect(messages.join("\n")).not.toContain("hunter2");
  });
});
