import * as fc from "fast-check";
import written from "../../stacks/config/platform-arguments.json";
import type { ArgumentType, PlatformArguments } from "../../stacks/config/platform-types";

const { fields, types } = written as unknown as PlatformArguments;

const text = fc.oneof(
  fc.stringMatching(/^[a-z]{1,12}$/),
  fc.constantFrom("", "1.2.3", "v4.0.5", "500m", "2Gi", "10.0.0.0/16", "t4", "kubeflow", "-x", "a b", "__proto__"),
  fc.string(),
);
const number = fc.oneof(fc.integer({ min: -2, max: 100 }), fc.double({ noNaN: true, noDefaultInfinity: true }));

/** Anything that YAML can say. */
const anything = fc.jsonValue({ maxDepth: 3 });

const plain: Record<string, fc.Arbitrary<unknown>> = {
  string: text,
  number,
  integer: number,
  boolean: fc.boolean(),
  any: anything,
};

const made = new Map<string, fc.Arbitrary<unknown>>();

/** Values of the right shape, mostly wrong in themselves; now and then of a wrong shape too, where `junk` says so. */
function shaped(type: ArgumentType, junk: boolean): fc.Arbitrary<unknown> {
  const right = rightly(type, junk);
  return junk ? fc.oneof({ arbitrary: right, weight: 12 }, { arbitrary: anything, weight: 1 }) : right;
}

function rightly(type: ArgumentType, junk: boolean): fc.Arbitrary<unknown> {
  if (typeof type === "string") return plain[type]!;
  if ("list" in type) return fc.array(shaped(type.list, junk), { maxLength: 3 });
  if ("map" in type) return fc.dictionary(text, shaped(type.map, junk), { maxKeys: 3 });
  const key = `${type.type} ${junk}`;
  const known = made.get(key) ?? named(type.type, junk);
  made.set(key, known);
  return known;
}

function named(name: string, junk: boolean): fc.Arbitrary<unknown> {
  const type = types[name]!;
  if ("values" in type) return fc.constantFrom(...type.values);
  return record(type.fields, junk ? [] : type.required, junk);
}

/** A few of the fields: with all of them, no two faults would be far enough apart to be told from each other. */
function record(of: Record<string, ArgumentType>, required: string[], junk: boolean): fc.Arbitrary<unknown> {
  const optional = Object.keys(of).filter((key) => !required.includes(key));
  return fc.subarray(optional, { maxLength: Math.min(6, optional.length) }).chain((chosen) => {
    const entries = [...required, ...chosen].map((key) => [key, shaped(of[key]!, junk)] as const);
    return fc.record(Object.fromEntries(entries));
  });
}

/** Parts of a platform with arguments of the right types, whatever these say. */
export const wellTypedParts = record(fields, [], false);

/** What somebody might write for a platform, with anything anywhere. */
export const anyPlatform = fc.oneof(
  anything,
  fc.record({ parts: anything }),
  fc.record({ parts: record(fields, [], true) }),
  fc.record({ parts: record(fields, [], true), chartMirror: anything, certManager: anything }, { requiredKeys: [] }),
);

/** Platforms that every cluster with at least one pool can have. */
export const validPlatform = fc.record(
  {
    fullTypes: fc.boolean(),
    parts: fc.record(
      {
        verticalPodAutoscaling: fc.constant({}),
        jobSet: fc.record({ replicas: fc.integer({ min: 1, max: 3 }) }, { requiredKeys: [] }),
        mpiOperator: fc.record({ resources: fc.record({ cpu: fc.constantFrom("100m", "1") }) }, { requiredKeys: [] }),
        argoWorkflows: fc.constant({}),
        kueue: fc.record({ requeueLimit: fc.integer({ min: 1, max: 20 }) }, { requiredKeys: [] }),
        queues: fc.record({ systemPoolPercent: fc.integer({ min: 0, max: 100 }) }, { requiredKeys: [] }),
        tenants: fc.dictionary(
          fc.stringMatching(/^team-[a-z]{1,8}$/),
          fc.record(
            {
              limits: fc.record({ pods: fc.integer({ min: 1, max: 500 }) }, { requiredKeys: [] }),
              serviceAccounts: fc.constant([{ name: "trainer" }]),
            },
            { requiredKeys: [] },
          ),
          { maxKeys: 3 },
        ),
      },
      { requiredKeys: ["jobSet", "kueue"] },
    ),
  },
  { requiredKeys: ["parts"] },
);
