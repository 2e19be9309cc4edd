import { AppsV1Api, CoreV1Api } from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { efaDevicePluginManifest } from "../../../../components/cluster/network";
import {
  persistentVolumeClaimManifest,
  persistentVolumeManifest,
  type StaticVolume,
} from "../../../../components/cluster/storage/static-volume";
import { EFA_LABEL } from "../../../../components/model";
import { eventually, TestCluster } from "../../../support/cluster";

const namespace = "default";

describe("manifests for AWS on a cluster", { timeout: 60_000 }, () => {
  let cluster: TestCluster;
  let core: CoreV1Api;
  beforeAll(async () => {
    cluster = await TestCluster.start();
    core = cluster.api(CoreV1Api);
  });
  afterAll(() => cluster.remove());

  async function createNode(name: string, labels: Record<string, string>): Promise<void> {
    const resources = { cpu: "16", memory: "64Gi", pods: "110" };
    await cluster.create({
      apiVersion: "v1",
      kind: "Node",
      metadata: { name, labels, annotations: { "kwok.x-k8s.io/node": "fake" } },
      spec: { taints: [{ key: "nvidia.com/gpu", value: "present", effect: "NoSchedule" }] },
      status: { capacity: resources, allocatable: resources },
    });
  }

  it.each<StaticVolume["accessMode"]>(["ReadWriteMany", "ReadOnlyMany"])(
    "a %s claim is bound to its own volume and shows all of it",
    async (accessMode) => {
      const claimName = accessMode.toLowerCase();
      const volume = {
        namespace,
        claimName,
        accessMode,
        sizeGib: 1200,
        driver: "example.test",
        volumeHandle: claimName,
      };
      const name = `volume-of-${claimName}`;
      await cluster.create({ ...persistentVolumeManifest(volume), metadata: { name } });
      await cluster.create(persistentVolumeClaimManifest(volume, name));
      const claim = await eventually("the claim is bound", async () => {
        const found = await core.readNamespacedPersistentVolumeClaim({ name: claimName, namespace });
        return found.status?.phase === "Bound" && found;
      });
      expect(claim.spec?.volumeName).toBe(name);
      expect(claim.status?.capacity).toEqual({ storage: "1200Gi" });
    },
  );

  it("the EFA device plugin runs on tainted nodes with EFA, and on no others", async () => {
    await createNode("with-efa", { [EFA_LABEL]: "true" });
    await createNode("without-efa", {});
    await cluster.create(efaDevicePluginManifest({}, "kube-system"));
    const status = await eventually("the plugin is scheduled", async () => {
      const daemonSets = await cluster.api(AppsV1Api).listNamespacedDaemonSet({ namespace: "kube-system" });
      const found = daemonSets.items[0]?.status;
      return found?.numberReady === 1 && found;
    });
    expect(status.desiredNumberScheduled).toBe(1);
    const pods = await core.listNamespacedPod({ namespace: "kube-system" });
    expect(pods.items.map(({ spec }) => spec?.nodeName)).toEqual(["with-efa"]);
  });
});
