import * as pulumi from "@pulumi/pulumi";
import { ArtifactBucket, Dataset, type EksFacts, SharedVolume } from "../components";
import type { Ground } from "./ground";
import type { Namespaces } from "./namespaces";
import type { StoragePlan } from "./storage-plan";

/** What the storage of an environment yields. */
export interface Storage {
  /** The bucket for what comes out of machine learning. */
  artifacts: ArtifactBucket | undefined;
  /** Names of the claims that pods mount, volume by volume. */
  claims: pulumi.Output<string[]>[];
  /** What there is to wait for. */
  resources: pulumi.Resource[];
}

/** Creates the storage of an environment on EKS. */
export function createStorage(
  plan: StoragePlan,
  { providers, eks }: Ground & { eks: EksFacts },
  namespaces: Namespaces,
  dependsOn: pulumi.Resource[],
): Storage {
  const within = (namespace: string) => ({ providers, dependsOn: [...dependsOn, namespaces.get(namespace)!] });
  const roles = new Map<string, pulumi.Output<string>>();
  const remember = (identities: string[], roleNames: pulumi.Output<Record<string, string>>) => {
    for (const identity of identities)
      roles.set(
        identity,
        roleNames.apply((names) => names[identity] ?? ""),
      );
  };

  const artifacts =
    plan.artifacts &&
    new ArtifactBucket(plan.artifacts.name, { ...plan.artifacts.args, eks }, { providers, dependsOn });
  if (artifacts) remember(plan.artifacts!.identities, artifacts.roleNames);
  const volumes = plan.volumes.map(
    ({ name, args }) => new SharedVolume(name, { ...args, eks }, within(args.namespace)),
  );
  const datasets = plan.datasets.map(({ name, args, identities, sharedIdentities }) => {
    const roleNames = Object.fromEntries(sharedIdentities.map((identity) => [identity, roles.get(identity)!]));
    const shared = sharedIdentities.length === 0 ? {} : { roleNames };
    const dataset = new Dataset(name, { ...args, ...shared, eks }, within(args.namespace));
    remember(identities, dataset.roleNames);
    return dataset;
  });
  return {
    artifacts,
    claims: [
      ...volumes.map(({ claimName }) => pulumi.all([claimName])),
      ...datasets.map(({ claimNames }) => claimNames),
    ],
    resources: [...(artifacts === undefined ? [] : [artifacts]), ...volumes, ...datasets],
  };
}
