import * as fc from "fast-check";
import { expect, test } from "vitest";
import { ConfigurationError, readEnvironment } from "../../stacks/config";
import { handedOver, localConfig, mistaken, planted, spelled, validConfig, type Written } from "./configurations";
import { eksConfig, mistakenOnEks, validEksConfig } from "./eks-configurations";
import { anyPlatform, wellTypedParts } from "./platform-configurations";

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

test.each([
  { what: "arguments of the right types", platform: wellTypedParts.map((parts) => ({ parts })) },
  { what: "anything", platform: anyPlatform },
])("accepts or refuses $what as a platform, and never fails over it", ({ platform }) => {
  fc.assert(
    fc.property(platform, (written) => {
      for (const config of [localConfig, eksConfig]) outcome({ ...config, platform: written });
    }),
    { numRuns: 150 },
  );
});

/** Nothing where the configuration is accepted. @throws whatever is no refusal. */
function outcome(config: Written): ConfigurationError | undefined {
  try {
    readEnvironment(handedOver(config), source);
  } catch (error) {
    if (error instanceof ConfigurationError) return error;
    throw error;
  }
  return undefined;
}

function rejection(config: Written): ConfigurationError {
  const error = outcome(config);
  if (error === undefined) throw new Error(`This was accepted: ${JSON.stringify(config)}`);
  return error;
}
