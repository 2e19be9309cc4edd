import { AREAS } from "./areas";

/** What of the checkout's `package.json` goes into that of the package. */
export interface CheckoutManifest {
  version: string;
  description: string;
  license: string;
  engines: Record<string, string>;
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
 * Ranges begin with the version that the checkout pins. `typesVersions` says again what `exports` says, for programs whose
 * `moduleResolution` is the `node` of Pulumi's older templates, which knows no `exports`.
 */
export function packageManifest({ version, description, license, engines, dependencies }: CheckoutManifest): object {
  const areas = Object.entries(AREAS);
  const ranges = (names: string[]) =>
    Object.fromEntries(names.map((name) => [name, `^${dependencies[name] ?? missing(name)}`]));
  return {
    name: "mlstack",
    version,
    description,
    keywords: ["pulumi", "kubernetes", "gpu", "eks", "machine-learning"],
    license,
    engines,
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
    peerDependencies: ranges(SHARED),
    dependencies: ranges(OWN),
  };
}

function missing(name: string): never {
  throw new Error(`package.json of the checkout pins no ${name}`);
}
