import type * as pulumi from "@pulumi/pulumi";
import { type ArtifactStoreFacts, type GpuNodePool, MlPlatform, type SystemNodePool } from "../components";
import { karpenterTypes } from "../components/cluster/autoscaling/karpenter";
import { RenderedObjects } from "../components/rendering";
import type { Environment } from "./config";
import type { Ground } from "./ground";
import type { Storage } from "./storage";

/** Creates the platform of an environment; nothing where it has none. */
export function createPlatform(
  { platform }: Pick<Environment, "platform">,
  { providers, eks }: Ground,
  pools: (GpuNodePool | SystemNodePool)[],
  storage: Storage | undefined,
  dependsOn: pulumi.Resource[],
): pulumi.Resource[] {
  if (platform === undefined) return [];
  const { facts, parts } = platform;
  const opts = { providers, dependsOn };
  // On EKS Karpenter brings its types; elsewhere pools of its kind can at least be declared and checked.
  const types = facts.simulated === true ? [createKarpenterTypes(platform, opts)] : [];
  const bucket = storage?.artifacts;
  const artifactStore: ArtifactStoreFacts | undefined =
    bucket && eks ? { kind: "s3", bucket: bucket.bucketName, region: eks.region } : undefined;
  const shapes = pools.map(({ shape }) => shape);
  const args = { ...parts, platform: facts, pools: shapes, ...(artifactStore && { artifactStore }) };
  return [...types, new MlPlatform("platform", args, opts)];
}

function createKarpenterTypes(
  { facts }: NonNullable<Environment["platform"]>,
  opts: pulumi.ComponentResourceOptions,
): pulumi.Resource {
  return new RenderedObjects("karpenter-types", karpenterTypes("kube-system", facts), opts);
}
