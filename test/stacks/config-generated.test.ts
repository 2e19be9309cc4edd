import * as fc from "fast-check";
import { expect, test } from "vitest";
import { ConfigurationError, readEnvironment } from "../../stacks/config";
import { handedOver, mistaken, planted, spelled, validConfig, type Written } from "./configurations";
import { mistakenOnEks, validEksConfig } from "./eks-configurations";

const source = { stack: "test" };

/** Configurations of every kind of cluster. */
const kinds = [
  { kind: "local and existing clusters", valid: validConfig, broken: mistaken },
  { kind: "clusters on EKS", valid: validEksConfig, broken: mistakenOnEks },
];

test.each(kinds)("accepts every valid configuration of $kind and keeps its pools in order", ({ valid }) => {
  fc.assert(
    fc.property(valid, (config) => {
      const environment = readEnvironment(handedOver(config), source);
      const pools = (config["gpuPools"] ?? []) as { name: string }[];
      expect(environment.gpuPools.map(({ name }) => name)).toEqual(pools.map(({ name }) => name));
      expect(environment.scenarios).toEqual(config["scenarios"] ?? []);
    }),
    { numRuns: 500 },
  );
});

test.each(kinds)("rejects every planted mistake of $kind and names its path", ({ broken }) => {
  fc.assert(
    fc.property(broken, (mistake) => {
      const error = rejection(planted(mistake));
      expect(error.problems.map(({ path }) => path)).toContain(spelled(mistake.path));
      expect(error.message).toContain(`\n  ${spelled(mistake.path)} is `);
    }),
    { numRuns: 500 },
  );
});

test.each(kinds)("reports mistakes of $kind under several keys at once", ({ broken }) => {
  fc.assert(
    fc.property(broken, broken, (first, second) => {
      fc.pre(first.path[0] !== second.path[0]);
      // Whether a pool's name is taken depends on the other pools, so those of such a mistake are kept.
      const { config } = second.path[0] === "gpuPools" ? second : first;
      const { problems } = rejection(planted({ ...second, config: planted({ ...first, config }) }));
      const paths = [spelled(first.path), spelled(second.path)];
      expect(problems.map(({ path }) => path)).toEqual(expect.arrayContaining(paths));
    }),
    { numRuns: 500 },
  );
});

function rejection(config: Written): ConfigurationError {
  try {
    readEnvironment(handedOver(config), source);
  } catch (error) {
    if (error instanceof ConfigurationError) return error;
    throw error;
  }
  throw new Error(`This was accepted: ${JSON.stringify(config)}`);
}
