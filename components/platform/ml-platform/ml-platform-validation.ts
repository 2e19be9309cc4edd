import { type InputProblem, problemAt } from "../../internal";
import { DEFAULT_KUBERNETES } from "../../model";
import { checkVersions, PART_VERSIONS, type VersionedPart } from "../../model/version-matrix";
import { gpuOperatorConflicts } from "../accelerators/gpu-operator-args";
import { checkJobOperators } from "../operators/job-operators";
import { validateTenant } from "../tenants/tenant-validation";
import { chosenParts, completedArgs } from "./completed-parts";
import type { MlPlatformArgs, PlatformPart } from "./ml-platform-args";
import { sourcesOfPart } from "./part-sources";
import { type PartEntry, platformParts } from "./platform-parts";

/** Parts that are of no use without another one. */
const needs: [part: PlatformPart, other: PlatformPart, because: string][] = [
  ["trainer", "jobSet", "Trainer makes every job from a JobSet"],
  ["queues", "kueue", "Kueue is what keeps the queues"],
  ["consoleAccess", "istio", "sign-in is enforced by the gateway of Istio"],
];

/** Checks a platform: each of its parts, and what they are together. */
export function validateMlPlatform(name: string, args: MlPlatformArgs): InputProblem[] {
  return [
    ...chosenParts(args).flatMap((part) => checkPartOf(name, part, args)),
    ...Object.entries(args.tenants ?? {}).flatMap(([tenant, own]) =>
      under(`tenants["${tenant}"]`, validateTenant(tenant, own)),
    ),
    ...checkTogether(args),
    ...checkPartVersions(args),
  ];
}

function checkPartOf(name: string, part: PlatformPart, args: MlPlatformArgs): InputProblem[] {
  const { validate } = platformParts[part] as unknown as PartEntry<Record<string, unknown>>;
  return under(part, validate(name, completedArgs(part, args)));
}

/** Puts the problems of a part under its name. */
function under(path: string, problems: InputProblem[]): InputProblem[] {
  return problems.map(({ propertyPath, reason }) => ({
    propertyPath: `${path}.${propertyPath}`,
    reason: `${path}.${reason}`,
  }));
}

function checkTogether(args: MlPlatformArgs): InputProblem[] {
  const { gpuOperator, devicePlugin, dcgmExporter, trainingOperator, mpiOperator } = args;
  const beside = { devicePlugin: devicePlugin !== undefined, dcgmExporter: dcgmExporter !== undefined };
  return [
    ...needs.flatMap(([part, other, because]) =>
      args[part] === undefined || args[other] !== undefined
        ? []
        : [problemAt(other, `missing beside ${part}`, `${other} beside ${part}`, `Add ${other}: {}; ${because}.`)],
    ),
    ...(gpuOperator === undefined ? [] : gpuOperatorConflicts("gpuOperator", gpuOperator, beside)),
    ...checkJobOperators(trainingOperator, mpiOperator),
    ...checkStores(args),
    ...checkArgo(args),
  ];
}

function checkStores({ artifactStore, seaweedFs, minio }: MlPlatformArgs): InputProblem[] {
  const named = Object.entries({ artifactStore, seaweedFs, minio }).filter(([, given]) => given !== undefined);
  if (named.length <= 1) return [];
  const names = named.map(([name]) => name).join(" and ");
  return [problemAt("artifactStore", `given as ${names}`, "one store", "Keep one of them.")];
}

/** Two controllers that see the same workflows run each of them twice. */
function checkArgo({ pipelines, argoWorkflows }: MlPlatformArgs): InputProblem[] {
  if (pipelines === undefined || pipelines.ownArgo === true || argoWorkflows !== undefined) return [];
  const remedy = "Add argoWorkflows: {}, or set pipelines.ownArgo.";
  return [problemAt("argoWorkflows", "missing beside pipelines", "a controller for the pipelines' workflows", remedy)];
}

function checkPartVersions(args: MlPlatformArgs): InputProblem[] {
  const parts = chosenParts(args).flatMap((part) => {
    const { version } = args[part] as { version?: string };
    const versioned = sourcesOfPart(part).filter((key): key is VersionedPart => key in PART_VERSIONS);
    return versioned.map((key) => [key, version ?? PART_VERSIONS[key]] as const);
  });
  const kubernetes = args.platform?.kubernetesVersion ?? DEFAULT_KUBERNETES;
  const simulated = args.platform?.simulated === true;
  return checkVersions({ kubernetes, parts: Object.fromEntries(parts) })
    .filter(({ path }) => !(simulated && path === "certManager"))
    .map(({ object, path, observed, allowed, remedy }) => {
      return problemAt(path, `${observed} beside ${object}`, allowed, remedy);
    });
}
