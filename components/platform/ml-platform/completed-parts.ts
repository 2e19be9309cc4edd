import { compact } from "../../internal";
import { GPU_RESOURCE, type Taint } from "../../model";
import type { PlatformFacts } from "../../rendering";
import type { ArtifactStoreFacts } from "../artifact-store/artifact-store-facts";
import { minioFacts } from "../artifact-store/minio";
import { seaweedFsFacts } from "../artifact-store/seaweed-fs";
import { versityGatewayFacts } from "../artifact-store/versity-gateway";
import { KUBEFLOW_NAMESPACE } from "../kubeflow/kubeflow-args";
import { defaultTrainingJobs, type TrainingJobKind } from "../operators/training-operator-args";
import type { PartArgs } from "../part/part-args";
import { JobFramework } from "../queues/kueue-args";
import { tenantQuota } from "../tenants/tenant-manifests";
import type { MlPlatformArgs, PlatformPart } from "./ml-platform-args";
import { PLATFORM_PARTS } from "./platform-parts";

/** Name of the Argo controller beside the one that Pipelines bring: each runs the workflows that carry its name. */
const ARGO_INSTANCE = "mlstack";

/** Parts that share the namespace `kubeflow`, and how each is told that it is there already. */
const kubeflowParts: Partial<Record<PlatformPart, object>> = {
  trainingOperator: { createNamespace: false },
  katib: { existingNamespace: true },
  pipelines: { existingNamespace: true },
  profiles: { existingNamespace: true },
  notebooks: { existingNamespace: true },
  tensorBoards: { existingNamespace: true },
  modelRegistry: { existingNamespace: true },
  dashboard: { existingNamespace: true },
};

/** Parts that come before the Prometheus operator, and so can only use its types where these were there before. */
const beforePrometheus: PlatformPart[] = ["certManager", "monitoring"];

/** Names of the parts that a platform has, in the order in which they are created. */
export function chosenParts(args: MlPlatformArgs): PlatformPart[] {
  return PLATFORM_PARTS.filter((part) => args[part] !== undefined);
}

/** Parts that share the namespace `kubeflow`, which the platform makes for them. */
export function partsInKubeflow(args: MlPlatformArgs): PlatformPart[] {
  return chosenParts(args).filter((part) => usesKubeflow(part, args));
}

/** Whether Istio adds its proxy to the pods of the namespace `kubeflow`: it tells web pages there who asks. */
export function hasConsoleInKubeflow(args: MlPlatformArgs): boolean {
  return partsInKubeflow(args).some((part) => (args[part] as { console?: unknown }).console !== undefined);
}

/** Whether a part lives in the shared namespace `kubeflow`, rather than in one of its own. */
export function usesKubeflow(part: PlatformPart, args: MlPlatformArgs): boolean {
  const own = args[part] as { namespace?: string } | undefined;
  if (own === undefined || kubeflowParts[part] === undefined) return false;
  return (own.namespace ?? KUBEFLOW_NAMESPACE) === KUBEFLOW_NAMESPACE;
}

/** What a part can count on: what the platform is told, and what the parts before it bring. */
function factsFor(part: PlatformPart, { platform = {}, certManager, monitoring }: MlPlatformArgs): PlatformFacts {
  const prometheus = platform.prometheus ?? (monitoring !== undefined && !beforePrometheus.includes(part));
  const certificates = platform.certManager ?? (certManager !== undefined && part !== "certManager");
  return { ...platform, certManager: certificates, prometheus };
}

/** Where artifacts are kept: what stores of the platform tell of themselves is known before they are there. */
export function storeOf(args: MlPlatformArgs): ArtifactStoreFacts | undefined {
  const { artifactStore, seaweedFs, versityGateway, minio } = args;
  const told = <Own extends PartArgs>(part: PlatformPart, own: Own) => ({
    ...own,
    platform: { ...factsFor(part, args), ...own.platform },
  });
  return (
    artifactStore ??
    (seaweedFs && seaweedFsFacts(told("seaweedFs", seaweedFs))) ??
    (versityGateway && versityGatewayFacts(told("versityGateway", versityGateway))) ??
    (minio && minioFacts(told("minio", minio)))
  );
}

/** The arguments of a part, with what the platform knows; what the part is given itself goes first. */
export function completedArgs(part: PlatformPart, args: MlPlatformArgs): Record<string, unknown> {
  const own = args[part] as { platform?: PlatformFacts };
  const artifactStore = storeOf(args);
  const known: Partial<Record<PlatformPart, object>> = {
    argoWorkflows: compact({ artifactStore, instanceId: args.pipelines?.ownArgo === true ? ARGO_INSTANCE : undefined }),
    kserve: compact({ artifactStore }),
    pipelines: compact({ artifactStore }),
    kueue: { additionalFrameworks: frameworksOf(args) },
    dcgmExporter: { tolerations: gpuTolerations(args) },
    gpuOperator: { tolerations: gpuTolerations(args) },
    queues: { pools: args.pools ?? [], tenants: tenantQuotas(args) },
  };
  const kubeflow = usesKubeflow(part, args) ? kubeflowParts[part] : {};
  const platform = { ...factsFor(part, args), ...own.platform };
  return {
    ...known[part],
    ...kubeflow,
    ...own,
    ...joined[part]?.(args),
    ...(part === "devicePlugin" ? {} : { platform }),
  };
}

/** What the platform knows and a part is given itself, where both count. */
const joined: Partial<Record<PlatformPart, (args: MlPlatformArgs) => object>> = {
  argoWorkflows: ({ argoWorkflows = {}, pipelines }) => {
    // Steps of pipelines are images of any user, and Pipelines set a user of their own where they are told one.
    const runsPipelines = pipelines !== undefined && pipelines.ownArgo !== true;
    return runsPipelines ? { workflowDefaults: { runsAsAnyUser: true, ...argoWorkflows.workflowDefaults } } : {};
  },
  kueue: ({ kueue = {}, ...others }) => {
    const excludedNamespaces = [...new Set([...(kueue.excludedNamespaces ?? []), ...ownNamespaces(others)])];
    return excludedNamespaces.length === 0 ? {} : { excludedNamespaces };
  },
};

/** Namespaces that parts are given by name: nobody else knows that they are the platform's. */
function ownNamespaces(args: MlPlatformArgs): string[] {
  return chosenParts(args).flatMap((part) => {
    const { namespace, nodeNamespace } = args[part] as { namespace?: string; nodeNamespace?: string };
    return [namespace, nodeNamespace].filter((name) => name !== undefined);
  });
}

/** What runs on every GPU node tolerates whatever keeps others away from it. */
function gpuTolerations({ pools = [] }: MlPlatformArgs): Taint[] {
  const taints = pools
    .filter(({ gpusPerNode }) => gpusPerNode > 0)
    .flatMap((pool) => pool.taints)
    .filter(({ key }) => key !== GPU_RESOURCE);
  return [...new Map(taints.map((taint) => [`${taint.key}=${taint.value ?? ""}:${taint.effect}`, taint])).values()];
}

/** Kinds of the training operator as Kueue names them; it has no MPIJob of version v1. */
const frameworkOfJob: Partial<Record<TrainingJobKind, JobFramework>> = {
  PyTorchJob: JobFramework.pyTorchJob,
  TFJob: JobFramework.tfJob,
  XGBoostJob: JobFramework.xgBoostJob,
  PaddleJob: JobFramework.paddleJob,
  JAXJob: JobFramework.jaxJob,
};

/** Jobs of the training operator wait only where Kueue is told so. */
function frameworksOf({ trainingOperator }: MlPlatformArgs): JobFramework[] {
  if (trainingOperator === undefined) return [];
  return (trainingOperator.jobs ?? defaultTrainingJobs).flatMap((kind) => frameworkOfJob[kind] ?? []);
}

/** What the tenants of a platform are to have. */
function tenantQuotas({ tenants = {} }: MlPlatformArgs) {
  return Object.entries(tenants).map(([name, tenant]) => tenantQuota(name, tenant));
}
