import type * as pulumi from "@pulumi/pulumi";
import {
  type ArtifactStoreFacts,
  type GpuNodePool,
  MlPlatform,
  type SystemNodePool,
  type WorkflowArtifactStore,
} from "../components";
import { storeOf } from "../components/platform/ml-platform/completed-parts";
import { karpenterTypes } from "../components/cluster/autoscaling/karpenter";
import { RenderedObjects } from "../components/rendering";
import type { Environment } from "./config";
import type { Ground } from "./ground";
import type { Namespaces } from "./namespaces";
import type { Storage } from "./storage";

/** The bucket of an environment, as the parts of its platform know it; undefined where it has none. */
function bucketFacts(storage: Storage | undefined, { eks }: Pick<Ground, "eks">): ArtifactStoreFacts | undefined {
  const bucket = storage?.artifacts;
  return bucket && eks ? { kind: "s3", bucket: bucket.bucketName, region: eks.region } : undefined;
}

/** Where workflows of an environment keep their files; undefined where it does not say. */
export function artifactStoreOf(
  { platform, scenarioArtifactStore }: Pick<Environment, "platform" | "scenarioArtifactStore">,
  ground: Pick<Ground, "eks">,
  storage: Storage | undefined,
): WorkflowArtifactStore | undefined {
  const { parts = {}, facts = {} } = platform ?? {};
  const bucket = bucketFacts(storage, ground);
  const known = storeOf({ ...parts, platform: facts, ...(bucket && { artifactStore: bucket }) });
  return scenarioArtifactStore ?? parts.argoWorkflows?.artifactStore ?? known;
}

/** Creates the platform of an environment; nothing where it has none. */
export function createPlatform(
  { platform, localAutoscaling }: Pick<Environment, "platform" | "localAutoscaling">,
  { providers, eks }: Ground,
  pools: (GpuNodePool | SystemNodePool)[],
  storage: Storage | undefined,
  dependsOn: pulumi.Resource[],
): pulumi.Resource[] {
  if (platform === undefined) return [];
  const { facts, parts } = platform;
  const opts = { providers, dependsOn };
  // Karpenter brings its types where there is one; elsewhere pools of its kind can at least be declared and checked.
  const needsTypes = facts.simulated === true && localAutoscaling === undefined;
  const types = needsTypes ? [createKarpenterTypes(platform, opts)] : [];
  const artifactStore = bucketFacts(storage, { eks });
  const shapes = pools.map(({ shape }) => shape);
  const args = { ...parts, platform: facts, pools: shapes, ...(artifactStore && { artifactStore }) };
  return [...types, new MlPlatform("platform", args, opts)];
}

/** Namespaces of the environment in which a store of its platform keeps the keys of workloads: they are there before it. */
export function clientNamespaces(platform: Environment["platform"], namespaces: Namespaces): pulumi.Resource[] {
  const { seaweedFs, versityGateway, minio } = platform?.parts ?? {};
  const grants = [seaweedFs, versityGateway, minio].flatMap((store) => store?.grants ?? []);
  const names = new Set(grants.map(({ namespace }) => namespace));
  return [...names].flatMap((name) => namespaces.get(name) ?? []);
}

function createKarpenterTypes(
  { facts }: NonNullable<Environment["platform"]>,
  opts: pulumi.ComponentResourceOptions,
): pulumi.Resource {
  return new RenderedObjects("karpenter-types", karpenterTypes("kube-system", facts), opts);
}
