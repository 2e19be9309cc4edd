import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CoreV1Api, KubernetesObjectApi } from "@kubernetes/client-node";
import { stringify } from "yaml";
import {
  mpiOperatorRendering,
  trainerRendering,
  trainingOperatorRendering,
} from "../../../components/platform/operators";
import { jobSetRendering } from "../../../components/platform/queues/job-set-controller";
import { isResourceType, type KubernetesObject, type Rendering } from "../../../components/rendering";
import { readKubeconfig } from "../../../rehearsal/cluster/kubeconfig";
import { PKI_FILES } from "../../../rehearsal/cluster/pki";
import { ControllerProcess } from "../../../rehearsal/operators/controller-process";
import { type ControllerName, trainingControllers } from "../../../rehearsal/operators/training-controllers";
import type { TestCluster } from "../../support/cluster";
import { objectsOf } from "../../support/rendering";
import { createTypes } from "../../support/served-types";

/** What of the platform installs each of the controllers. */
const PARTS: Record<ControllerName, Rendering> = {
  jobset: jobSetRendering({}),
  trainer: trainerRendering({}),
  "training-operator": trainingOperatorRendering({}),
  "mpi-operator": mpiOperatorRendering({}),
};

/** Kinds that a controller needs before it starts, beside its types: who it is and what it may do. */
const FIRST = ["ServiceAccount", "ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"];

const WEBHOOKS = ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"];

/**
 * Puts real controllers beside a cluster: with the types, rights and webhooks that the platform's own parts bring. In
 * place of the pods that these would run, processes of this machine do the work.
 */
export async function installControllers(cluster: TestCluster): Promise<ControllerProcess[]> {
  const binary = await trainingControllers();
  const certificates = await webhookCertificates(cluster);
  const names = Object.keys(PARTS) as ControllerName[];
  const objects = await Promise.all(names.map((name) => objectsOf(PARTS[name])));
  const parts = names.map((name, index) => ({ name, objects: objects[index]!, namespace: PARTS[name].namespace }));
  const config = readKubeconfig(cluster.controlPlane.layout.kubeconfig);
  const api = KubernetesObjectApi.makeApiClient(config);

  for (const { objects, namespace } of parts) {
    await api.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
    await createTypes(config, objects.filter(isResourceType));
    for (const object of objects.filter(({ kind }) => FIRST.includes(kind))) await api.create({ ...object });
  }
  const started = await Promise.all(
    parts.map(async (part) => {
      const kubeconfig = await kubeconfigOf(cluster, part.objects, part.namespace);
      const logs = join(cluster.folder, "controllers");
      const controller = await ControllerProcess.start(part.name, { binary, kubeconfig, certificates, logs });
      return { ...part, controller };
    }),
  );
  const authority = await readFile(join(cluster.controlPlane.layout.pki, PKI_FILES.authority), "base64");
  for (const { objects, controller } of started) {
    for (const object of objects.filter(({ kind }) => WEBHOOKS.includes(kind))) {
      await api.create(withDirectWebhooks(object, controller.webhookPort, authority));
    }
  }
  return started.map(({ controller }) => controller);
}

/** The API server's own certificate is for loopback, where the webhooks are too. */
async function webhookCertificates({ folder, controlPlane }: TestCluster): Promise<string> {
  const target = join(folder, "webhooks");
  await mkdir(target, { mode: 0o700 });
  for (const [from, to] of [
    ["api-server.crt", "tls.crt"],
    ["api-server.key", "tls.key"],
  ] as const) {
    await copyFile(join(controlPlane.layout.pki, from), join(target, to));
  }
  return target;
}

/** A kubeconfig with the rights of the ServiceAccount that the part's Deployment runs as. */
async function kubeconfigOf(cluster: TestCluster, objects: KubernetesObject[], namespace: string): Promise<string> {
  const deployment = objects.find(({ kind }) => kind === "Deployment") as unknown as {
    spec: { template: { spec: { serviceAccountName: string } } };
  };
  const name = deployment.spec.template.spec.serviceAccountName;
  const body = { spec: { audiences: ["https://kubernetes.default.svc.cluster.local"], expirationSeconds: 3600 } };
  const { status } = await cluster.api(CoreV1Api).createNamespacedServiceAccountToken({ name, namespace, body });
  const { clusters } = readKubeconfig(cluster.controlPlane.layout.kubeconfig);
  const { server, caFile } = clusters[0]!;
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "test", cluster: { server, "certificate-authority": caFile } }],
    users: [{ name, user: { token: status!.token } }],
    contexts: [{ name: "test", context: { cluster: "test", user: name } }],
    "current-context": "test",
  };
  const file = join(cluster.folder, `${name}.kubeconfig`);
  await writeFile(file, stringify(config), { mode: 0o600 });
  return file;
}

/** Webhooks that are called at a port of this machine, and not through a Service. */
function withDirectWebhooks(object: KubernetesObject, port: number, authority: string): KubernetesObject {
  const webhooks = object["webhooks"] as { clientConfig: { service?: { path?: string } } }[];
  return {
    ...object,
    webhooks: webhooks.map(({ clientConfig, ...webhook }) => ({
      ...webhook,
      clientConfig: {
        url: `https://127.0.0.1:${port}${clientConfig.service?.path ?? ""}`,
        caBundle: authority,
      },
    })),
  };
}
