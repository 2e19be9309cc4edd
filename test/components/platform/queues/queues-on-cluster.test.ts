import { KubernetesObjectApi, PatchStrategy } from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readKubeconfig } from "../../../../rehearsal/cluster/kubeconfig";
import { gpuPoolShape } from "../../../../components/cluster/gpu-pool-shape";
import { kueueRendering } from "../../../../components/platform/queues/kueue";
import { queueManifests } from "../../../../components/platform/queues/queues-manifests";
import { tenantManifests } from "../../../../components/platform/tenants/tenant-manifests";
import { isResourceType, type KubernetesObject } from "../../../../components/rendering";
import { pool } from "../../../model/queue-plan-pools";
import { TestCluster } from "../../../support/cluster";
import { objectsOf } from "../../../support/rendering";
import { createTypes } from "../../../support/served-types";

const pools = [
  { ...pool({ name: "system", maxNodes: 4, gpusPerNode: 0 }), taints: [] },
  gpuPoolShape("train", { instanceType: "p5.48xlarge", efa: true, maxNodes: 4 }),
];
const queues = [
  {
    name: "research",
    quotas: [{ pool: "train", gpus: 24, lendingLimitGpus: 8, borrowingLimitGpus: 8 }],
    fairShareWeight: 0.5,
  },
  { name: "products", strict: true },
];
const topologyLevels = ["topology.kubernetes.io/zone", "kubernetes.io/hostname"];

/** What the API server makes of an object. */
type Applied = KubernetesObject & { metadata: { resourceVersion: string } };

describe("queues and tenants on a cluster that has Kueue's types and no controller", { timeout: 120_000 }, () => {
  let cluster: TestCluster;
  let api: KubernetesObjectApi;
  beforeAll(async () => {
    cluster = await TestCluster.start();
    const config = readKubeconfig(cluster.controlPlane.layout.kubeconfig);
    api = KubernetesObjectApi.makeApiClient(config);
    const objects = await objectsOf(kueueRendering({ platform: { simulated: true } }));
    await createTypes(config, objects.filter(isResourceType));
  }, 120_000);
  afterAll(() => cluster.remove());

  async function apply(object: KubernetesObject): Promise<Applied> {
    const strategy = PatchStrategy.ServerSideApply;
    return (await api.patch(object, undefined, undefined, "test", true, strategy)) as unknown as Applied;
  }

  it.each([{}, { requireTolerations: true }, { topologyLevels, cohort: "spare" }])(
    "queues with %j are accepted, and applied again change nothing",
    async (args) => {
      const made = queueManifests("queues", { pools, queues, platform: { simulated: true }, ...args });
      const objects = Object.values(made).flat() as KubernetesObject[];
      for (const object of objects) {
        const first = await apply(object);
        const second = await apply(object);
        expect(second.metadata.resourceVersion, `${object.kind} ${object.metadata.name}`).toBe(
          first.metadata.resourceVersion,
        );
        expect(first).toMatchObject(object);
      }
    },
  );

  it("a tenant is accepted, and applied again changes nothing", async () => {
    const manifests = tenantManifests("vision", {
      limits: { gpus: 16 },
      queues: [{ clusterQueue: "research", fairShareWeight: 2 }],
      editors: { groups: ["engineers"] },
      viewers: { users: ["ada"] },
      serviceAccounts: [{ name: "workflow", runsWorkflows: true }],
      network: {
        to: [{ cidr: "0.0.0.0/0" }, { namespace: "artifacts" }],
        from: [{ namespace: "monitoring" }],
        podIdentity: true,
      },
    });
    for (const object of manifests) {
      await apply(object);
      const { metadata } = await apply(object);
      // A controller counts what a quota bounds, and writes that down at any time.
      if (object.kind === "ResourceQuota") continue;
      expect((await apply(object)).metadata.resourceVersion, object.kind).toBe(metadata.resourceVersion);
    }
  });
});
