import { Problem } from "../rehearsal/problem";
import { AREAS } from "./areas";

/** What of the checkout's `package.json` goes into that of the package. */
export interface CheckoutManifest {
  version: string;
  description: string;
  license: string;
  engines: Record<string, string>;
  publishConfig: Record<string, unknown>;
  /** Exact versions, with which the tests ran. */
  dependencies: Record<string, string>;
}

/** What programs share with the package: with a second copy, outputs and resources of the one are none to the other. */
const SHARED = ["@pulumi/pulumi"];

/**
 * What the package brings along. Providers are among it, in a range, so that a program that pins one of the same major
 * version has one copy, and one default provider.
 *
 * @see https://www.pulumi.com/docs/iac/languages-sdks/javascript/provider-package-versions/ read on 2026-11-27
 */
const OWN = [
  "@pulumi/aws",
  "@pulumi/eks",
  "@pulumi/kubernetes",
  "@pulumi/policy",
  "fastest-levenshtein",
  "semver",
  "yaml",
];

/**
 * The `package.json` of the package.
 *
 * It names a repository only where one is told: npm accepts a provenance only from the repository that stands here, and whoever
 * packs a checkout by hand has none to name. Ranges begin with the version that the checkout pins. `typesVersions` says again
 * what `exports` says, for programs whose `moduleResolution` is the `node` of Pulumi's older templates, which knows no `exports`.
 *
 * @param repository address of the repository, for example `https://github.com/acme/mlstack`; by default none is named.
 * @throws {Problem} when the address is no such one.
 * @see https://docs.npmjs.com/generating-provenance-statements (read 2026-11-27)
 */
export function packageManifest(checkout: CheckoutManifest, repository?: string): object {
  const { version, description, license, engines, publishConfig } = checkout;
  const areas = Object.entries(AREAS);
  return {
    name: "mlstack",
    version,
    description,
    keywords: ["pulumi", "kubernetes", "gpu", "eks", "machine-learning"],
    license,
    ...(repository === undefined ? {} : placesOf(repository)),
    engines,
    publishConfig,
    type: "commonjs",
    sideEffects: false,
    main: `./${AREAS["."]}.js`,
    types: `./${AREAS["."]}.d.ts`,
    exports: {
      ...Object.fromEntries(
        areas.map(([area, module]) => [area, { types: `./${module}.d.ts`, default: `./${module}.js` }]),
      ),
      "./package.json": "./package.json",
    },
    typesVersions: {
      "*": Object.fromEntries(
        areas.filter(([area]) => area !== ".").map(([area, module]) => [area.slice(2), [`${module}.d.ts`]]),
      ),
    },
    peerDependencies: rangesOf(checkout, SHARED),
    dependencies: rangesOf(checkout, OWN),
  };
}

/**
 * The range of each package, from the version on that the checkout pins.
 *
 * @throws {Error} when the checkout pins none.
 */
export function rangesOf({ dependencies }: CheckoutManifest, names: string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, `^${dependencies[name] ?? missing(name)}`]));
}

/** Where the package comes from, and where its users read and report. */
function placesOf(repository: string): object {
  if (!/^https:\/\/[\w.-]+\/[\w.-]+\/[\w.-]+$/.test(repository) || repository.endsWith(".git")) {
    throw new Problem(
      `"${repository}" is no address of a repository`,
      "Write it as its page has it, for example https://github.com/acme/mlstack.",
    );
  }
  return {
    homepage: `${repository}#readme`,
    repository: { type: "git", url: `git+${repository}.git` },
    bugs: { url: `${repository}/issues` },
  };
}

function missing(name: string): never {
  throw new Error(`package.json of the checkout pins no ${name}`);
}
