import { checkExactVersion, type InputProblem, inputProblem, problemAt } from "../../internal";
import { DEFAULT_KUBERNETES, TENANT_LABEL } from "../../model";
import { checkVersions, PART_VERSIONS, type VersionedPart } from "../../model/version-matrix";
import { gpuOperatorConflicts } from "../accelerators/gpu-operator-args";
import { KUBEFLOW_NAMESPACE } from "../kubeflow/kubeflow-args";
import { checkJobOperators } from "../operators/job-operators";
import { validateTenant } from "../tenants/tenant-validation";
import { chosenParts, completedArgs } from "./completed-parts";
import type { MlPlatformArgs, PlatformPart } from "./ml-platform-args";
import { inPlatform, moved, withoutRepetition } from "./part-problems";
import { sourcesOfPart } from "./part-sources";
import { type PartEntry, platformParts } from "./platform-parts";

/** Parts that are of no use without another one, beside those that the version matrix knows of. */
const needs: [part: PlatformPart, other: PlatformPart, because: string][] = [
  ["queues", "kueue", "Kueue is what keeps the queues"],
  ["consoleAccess", "istio", "sign-in is enforced by the gateway of Istio"],
];

/**
 * Checks a platform: each of its parts, and what they are together.
 *
 * @param unreadable parts of which no more is known than that they are there; none by default.
 */
export function validateMlPlatform(
  name: string,
  args: MlPlatformArgs,
  unreadable: PlatformPart[] = [],
): InputProblem[] {
  return withoutRepetition([
    ...chosenParts(args)
      .filter((part) => !unreadable.includes(part))
      .flatMap((part) => checkPartOf(name, part, args)),
    ...Object.entries(args.tenants ?? {}).flatMap(([tenant, own]) =>
      validateTenant(tenant, own).map((problem) => moved(problem, `tenants["${tenant}"].${problem.propertyPath}`)),
    ),
    ...checkNamespaces(args),
    ...checkTogether(args),
    ...checkPartVersions(args),
  ]);
}

function checkPartOf(name: string, part: PlatformPart, args: MlPlatformArgs): InputProblem[] {
  const { validate } = platformParts[part] as unknown as PartEntry<Record<string, unknown>>;
  return validate(name, completedArgs(part, args)).map((problem) => inPlatform(part, problem, args));
}

/** Parts and tenants make their namespaces, and nothing else may make the same ones. */
function checkNamespaces(args: MlPlatformArgs): InputProblem[] {
  const made = [
    ...chosenParts(args).flatMap((part) => namespaceMadeBy(part, args) ?? []),
    ...Object.entries(args.tenants ?? {}).map(([tenant, { namespace = tenant }]) => {
      return { owner: `tenant ${tenant}`, path: `tenants["${tenant}"].namespace`, namespace };
    }),
  ];
  return made.flatMap(({ path, namespace }, index) => {
    const other = made.slice(0, index).find((each) => each.namespace === namespace);
    if (other === undefined) return [];
    const allowed = `a namespace of its own, and ${other.owner} has this one`;
    return [inputProblem(path, namespace, allowed, "Name another one.")];
  });
}

/** A namespace that a part is told to make; those that parts make by default are no one else's. */
function namespaceMadeBy(part: PlatformPart, args: MlPlatformArgs) {
  const { namespace } = args[part] as { namespace?: string };
  const { existingNamespace, createNamespace } = completedArgs(part, args);
  if (namespace === undefined || existingNamespace === true || createNamespace === false) return undefined;
  return { owner: part, path: `${part}.namespace`, namespace };
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
    ...checkPipelinesStore(args),
    ...checkSparkNamespaces(args),
  ];
}

function checkStores({ artifactStore, seaweedFs, versityGateway, minio }: MlPlatformArgs): InputProblem[] {
  const named = Object.entries({ artifactStore, seaweedFs, versityGateway, minio }).filter(
    ([, given]) => given !== undefined,
  );
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

/** Pods of pipelines do not start without the keys of a store in the cluster, and get these by a grant alone. */
function checkPipelinesStore({ pipelines, ...stores }: MlPlatformArgs): InputProblem[] {
  if (pipelines === undefined) return [];
  const { namespace = KUBEFLOW_NAMESPACE } = pipelines;
  return (["seaweedFs", "versityGateway", "minio"] as const).flatMap((store) => {
    const { grants = [] } = stores[store] ?? {};
    if (stores[store] === undefined || grants.some((grant) => grant.namespace === namespace)) return [];
    const allowed = "a grant for the pipelines' own namespace";
    const remedy = `Grant ${namespace}/ml-pipeline the access read-write.`;
    return [problemAt(`${store}.grants`, `without the namespace ${namespace} of pipelines`, allowed, remedy)];
  });
}

/** Namespaces that the operator is given must be there before it, and those of tenants come after. */
function checkSparkNamespaces({ sparkOperator, tenants = {} }: MlPlatformArgs): InputProblem[] {
  const { jobNamespaces = [] } = sparkOperator ?? {};
  const ofTenants = Object.entries(tenants).map(([tenant, { namespace = tenant }]) => namespace);
  return jobNamespaces.flatMap((namespace, index) => {
    if (!ofTenants.includes(namespace)) return [];
    const path = `sparkOperator.jobNamespaces[${index}]`;
    const remedy = `Set jobNamespaceSelector in place of jobNamespaces: tenants have the label ${TENANT_LABEL}.`;
    return [inputProblem(path, namespace, "namespaces that are there before, and no tenant's", remedy)];
  });
}

function checkPartVersions(args: MlPlatformArgs): InputProblem[] {
  const parts = chosenParts(args).flatMap((part) => {
    const { version } = args[part] as { version?: string };
    const versioned = sourcesOfPart(part).filter((key): key is VersionedPart => key in PART_VERSIONS);
    // What is no version is told of the part itself.
    const isExact = checkExactVersion("version", version).length === 0;
    return versioned.map((key) => [key, (isExact ? version : undefined) ?? PART_VERSIONS[key]] as const);
  });
  const { certManager = false, kubernetesVersion: kubernetes = DEFAULT_KUBERNETES, simulated } = args.platform ?? {};
  // Where cert-manager was there before, or nothing asks for certificates, its version is nobody's concern.
  const isMoot = (path: string) => path === "certManager" && (certManager || simulated === true);
  return checkVersions({ kubernetes, parts: Object.fromEntries(parts) })
    .filter(({ path }) => !isMoot(path))
    .map(({ object, path, observed, allowed, remedy }) => {
      return problemAt(versionPath(path, args), `${observed} beside ${object}`, allowed, remedy);
    });
}

/** Where a version is said: that of a chart by the part that is made from it. */
function versionPath(key: string, args: MlPlatformArgs): string {
  if (key === "kubernetes") return "platform.kubernetesVersion";
  const part = chosenParts(args).find((each) => sourcesOfPart(each).includes(key));
  return part === undefined ? key : `${part}.version`;
}
