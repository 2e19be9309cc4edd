import { ApiextensionsV1Api, CoreV1Api, CustomObjectsApi, NetworkingV1Api } from "@kubernetes/client-node";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { Drain, type DrainOptions } from "../../../cli/teardown/drain";
import { readKubeconfig } from "../../../rehearsal/cluster/kubeconfig";
import { Problem } from "../../../rehearsal/problem";
import { eventually, TestCluster } from "../../support/cluster";

const FINALIZER = "example.com/cleans-up-in-aws";
const KARPENTER = { group: "karpenter.sh", version: "v1" };

/** Just enough of a CRD that objects of the kind can be there. */
const definition = (group: string, kind: string, plural: string) => ({
  metadata: { name: `${plural}.${group}` },
  spec: {
    group,
    scope: "Cluster",
    names: { kind, plural, singular: kind.toLowerCase() },
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: "object", x_kubernetes_preserve_unknown_fields: true } },
      },
    ],
  },
});

/** The drain against a real API server; the test plays the controllers that would clean up in AWS. */
describe("draining a cluster", { timeout: 60_000 }, () => {
  let cluster: TestCluster;
  const told: string[] = [];
  beforeAll(async () => {
    cluster = await TestCluster.start();
  });
  afterEach(() => {
    told.length = 0;
  });
  afterAll(async () => {
    await cluster.remove();
  });

  const config = () => readKubeconfig(cluster.controlPlane.layout.kubeconfig);
  const core = () => cluster.api(CoreV1Api);
  const custom = () => cluster.api(CustomObjectsApi);

  /** Runs the drain and returns what each step said at its end. */
  async function drain(options: DrainOptions = {}): Promise<Record<string, string | undefined>> {
    const results: Record<string, string | undefined> = {};
    for (const { title, run } of new Drain(config(), { timeout: 20_000, interval: 50, ...options }).steps()) {
      results[title] = await run((doing) => told.push(doing));
    }
    return results;
  }

  async function waitingFor(text: string): Promise<void> {
    await eventually(`the drain waits for ${text}`, () => Promise.resolve(told.some((line) => line.includes(text))));
  }

  const names = async (plural: string): Promise<string[]> => {
    const list = (await custom().listClusterCustomObject({ ...KARPENTER, plural })) as {
      items: { metadata: { name: string } }[];
    };
    return list.items.map(({ metadata }) => metadata.name);
  };

  const withoutFinalizers = [{ op: "remove", path: "/metadata/finalizers" }];

  it("finds nothing where there is nothing, and no Karpenter", async () => {
    expect(await drain()).toEqual({
      "Load balancers": "none",
      "Provisioned volumes": "none",
      "Machines that Karpenter started": "none",
      "Node classes": "none",
    });
  });

  it("deletes Services of type LoadBalancer and Ingresses, and waits for their controllers", async () => {
    const ports = [{ port: 80 }];
    const metadata = (name: string) => ({ name, namespace: "default", finalizers: [FINALIZER] });
    await cluster.create({
      apiVersion: "v1",
      kind: "Service",
      metadata: metadata("gateway"),
      spec: { type: "LoadBalancer", ports },
    });
    await cluster.create({
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "inside", namespace: "default" },
      spec: { ports },
    });
    await cluster.create({
      apiVersion: "networking.k8s.io/v1",
      kind: "Ingress",
      metadata: metadata("models"),
      spec: { defaultBackend: { service: { name: "inside", port: { number: 80 } } } },
    });

    const drained = drain();
    await waitingFor("waiting for Ingress default/models, Service default/gateway");
    const { metadata: gateway } = await core().readNamespacedService({ name: "gateway", namespace: "default" });
    expect(gateway?.deletionTimestamp).toBeDefined();
    expect(gateway?.finalizers).toContain(FINALIZER);

    const where = { namespace: "default", body: withoutFinalizers };
    await core().patchNamespacedService({ name: "gateway", ...where });
    await waitingFor("waiting for Ingress default/models");
    await cluster.api(NetworkingV1Api).patchNamespacedIngress({ name: "models", ...where });
    expect((await drained)["Load balancers"]).toBe("2 gone");
    const left = (await core().listNamespacedService({ namespace: "default" })).items;
    expect(left.map(({ metadata }) => metadata?.name).sort()).toEqual(["inside", "kubernetes"]);
  });

  describe("of volumes", () => {
    const volume = (name: string, policy: string, annotations: Record<string, string>) => ({
      apiVersion: "v1",
      kind: "PersistentVolume",
      metadata: { name, annotations },
      spec: {
        capacity: { storage: "1Gi" },
        accessModes: ["ReadWriteOnce"],
        persistentVolumeReclaimPolicy: policy,
        storageClassName: "by-hand",
        claimRef: { apiVersion: "v1", kind: "PersistentVolumeClaim", namespace: "default", name },
        csi: { driver: "ebs.csi.aws.com", volumeHandle: `vol-${name}` },
      },
    });
    const claim = (name: string) => ({
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: { name, namespace: "default" },
      spec: {
        accessModes: ["ReadWriteOnce"],
        storageClassName: "by-hand",
        volumeName: name,
        resources: { requests: { storage: "1Gi" } },
      },
    });
    const provisioned = { "pv.kubernetes.io/provisioned-by": "ebs.csi.aws.com" };

    it("takes those that a provisioner made and deletes, and keeps those to be retained or made by hand", async () => {
      const volumes = [
        volume("scratch", "Delete", provisioned),
        volume("kept", "Retain", provisioned),
        volume("brought", "Delete", {}),
      ];
      for (const each of volumes) {
        await cluster.create(each);
        await cluster.create(claim(each.metadata.name));
      }
      const bound = async () => {
        const { items } = await core().listPersistentVolume();
        return items.length === 3 && items.every(({ status }) => status?.phase === "Bound");
      };
      await eventually("the claims are bound", bound);

      const drained = drain();
      await waitingFor("waiting for PersistentVolume scratch");
      // The EBS driver would delete the volume in AWS, and then this.
      const released = async () => {
        return (await core().readPersistentVolume({ name: "scratch" })).status?.phase === "Released";
      };
      await eventually("the volume is released", released);
      await core().deletePersistentVolume({ name: "scratch" });
      expect((await drained)["Provisioned volumes"]).toBe("2 gone");
      const left = (await core().listNamespacedPersistentVolumeClaim({ namespace: "default" })).items;
      expect(left.map(({ metadata }) => metadata?.name).sort()).toEqual(["brought", "kept"]);
    });

    it("names the pod that holds one", async () => {
      await cluster.create(volume("data", "Delete", provisioned));
      await cluster.create(claim("data"));
      await cluster.create({
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name: "notebook", namespace: "default" },
        spec: {
          // A claim counts as used once its pod has a node.
          nodeName: "somewhere",
          containers: [{ name: "main", image: "example.com/notebook:1" }],
          volumes: [{ name: "data", persistentVolumeClaim: { claimName: "data" } }],
        },
      });
      await expect(drain({ timeout: 1000 })).rejects.toThrow(
        [
          "the cluster is not drained: not gone within 1 s:",
          "  PersistentVolumeClaim default/data: waits for kubernetes.io/pvc-protection; used by Pod default/notebook",
          "  PersistentVolume data: waits for kubernetes.io/pv-protection",
        ].join("\n"),
      );
      await core().deleteNamespacedPod({ name: "notebook", namespace: "default", gracePeriodSeconds: 0 });
      await eventually("the claim is gone", async () => {
        const { items } = await core().listNamespacedPersistentVolumeClaim({ namespace: "default" });
        return !items.some(({ metadata }) => metadata?.name === "data");
      });
      await core().deletePersistentVolume({ name: "data" });
    });
  });

  describe("of machines", () => {
    beforeAll(async () => {
      const api = cluster.api(ApiextensionsV1Api);
      const kinds = [
        ["karpenter.sh", "NodePool", "nodepools"],
        ["karpenter.sh", "NodeClaim", "nodeclaims"],
        ["karpenter.k8s.aws", "EC2NodeClass", "ec2nodeclasses"],
      ] as const;
      for (const [group, kind, plural] of kinds) {
        await api.createCustomResourceDefinition({ body: definition(group, kind, plural) });
      }
      await eventually("the kinds are served", async () => {
        const lists = await Promise.all([names("nodepools"), names("nodeclaims")]).catch(() => undefined);
        return lists !== undefined;
      });
    });

    const nodePool = (name: string, labels: Record<string, string> = {}) => ({
      apiVersion: "karpenter.sh/v1",
      kind: "NodePool",
      metadata: { name, labels },
    });
    const nodeClaim = (name: string, pool: string, status: object = {}) => ({
      apiVersion: "karpenter.sh/v1",
      kind: "NodeClaim",
      metadata: { name, labels: { "karpenter.sh/nodepool": pool }, finalizers: ["karpenter.sh/termination"] },
      status,
    });
    const terminate = (name: string) =>
      custom().patchClusterCustomObject({ ...KARPENTER, plural: "nodeclaims", name, body: withoutFinalizers });

    it("deletes node pools and waits until every machine has ended, then their classes", async () => {
      await cluster.create(nodePool("gpu"));
      for (const name of ["gpu-1", "gpu-2"]) await cluster.create(nodeClaim(name, "gpu"));
      await cluster.create({ apiVersion: "karpenter.k8s.aws/v1", kind: "EC2NodeClass", metadata: { name: "gpu" } });

      const drained = drain();
      await waitingFor("waiting for NodeClaim gpu-1, NodeClaim gpu-2");
      expect(await names("nodepools")).toEqual([]);
      await terminate("gpu-1");
      await waitingFor("waiting for NodeClaim gpu-2");
      // One that came up late is taken as well.
      await cluster.create(nodeClaim("gpu-3", "gpu"));
      await waitingFor("NodeClaim gpu-3");
      for (const name of ["gpu-2", "gpu-3"]) await terminate(name);
      expect(await drained).toMatchObject({ "Machines that Karpenter started": "4 gone", "Node classes": "1 gone" });
    });

    it("leaves the pools of EKS Auto Mode alone: EKS ends their machines with the cluster", async () => {
      await cluster.create(nodePool("general-purpose", { "app.kubernetes.io/managed-by": "eks" }));
      await cluster.create(nodeClaim("general-purpose-1", "general-purpose"));
      expect(await drain()).toMatchObject({ "Machines that Karpenter started": "none" });
      expect(await names("nodepools")).toEqual(["general-purpose"]);
      expect(await names("nodeclaims")).toEqual(["general-purpose-1"]);
    });

    it("gives up after its time, names what hangs, with finalizer and condition, and forces nothing", async () => {
      const conditions = [
        { type: "Initialized", status: "True" },
        { type: "Drained", status: "False", message: "a pod has the annotation do-not-disrupt" },
      ];
      await cluster.create(nodeClaim("stuck", "gpu", { conditions }));
      const failed = drain({ timeout: 600 });
      await expect(failed).rejects.toBeInstanceOf(Problem);
      await expect(failed).rejects.toMatchObject({
        message:
          "the cluster is not drained: not gone within 0.6 s:\n  NodeClaim stuck: waits for karpenter.sh/termination; Drained: a pod has the annotation do-not-disrupt",
        remedy:
          "The controller that a finalizer belongs to cleans up in AWS and then removes it: look at its log, mend what stops it and run the command again. To go on without it: --skip-drain; what it guards then stays in AWS and is listed at the end.",
      });
      const stuck = (await custom().getClusterCustomObject({ ...KARPENTER, plural: "nodeclaims", name: "stuck" })) as {
        metadata: { finalizers: string[] };
      };
      expect(stuck.metadata.finalizers).toEqual(["karpenter.sh/termination"]);
      await terminate("stuck");
    });
  });

  it("reaches a cluster that answers", async () => {
    await expect(new Drain(config()).reach()).resolves.toBeUndefined();
  });

  it("says so where it has no rights", async () => {
    const impersonating = config();
    Object.assign(impersonating.users[0]!, { impersonateUser: "reader" });
    await expect(new Drain(impersonating).reach()).rejects.toMatchObject({
      message: expect.stringMatching(
        /^the cluster https:\/\/127\.0\.0\.1:\d+ refuses to be drained: no rights \(services is forbidden: User "reader" cannot list resource "services"/,
      ) as unknown,
      remedy:
        "Ask as an administrator of the cluster (on EKS: with an access entry of AmazonEKSClusterAdminPolicy), or go on without it: --skip-drain",
    });
  });
});
