import type { ArtifactStoreFacts } from "../../../../components/platform/artifact-store/artifact-store-facts";
import type { KubeflowConsole } from "../../../../components/platform/kubeflow/kubeflow-console";
import { type KubernetesObject, objectTitle } from "../../../../components/rendering";

/** A gateway with a way to sign in. */
export const consoleOfLab: KubeflowConsole = {
  gateway: "istio-ingress/consoles",
  serviceAccount: "istio-ingress/istio-ingress",
  host: "kubeflow.lab.example",
};

/** Amazon's store, with rights by role. */
export const s3: ArtifactStoreFacts = { kind: "s3", bucket: "lab-artifacts", region: "eu-central-1" };

/** A store in the cluster, with a Secret. */
export const seaweedFs: ArtifactStoreFacts = {
  kind: "seaweedfs",
  bucket: "artifacts",
  region: "us-east-1",
  endpoint: "seaweedfs-s3.artifacts.svc:8333",
  insecure: true,
  credentialsSecret: "artifact-store",
};

const external = { host: "db.lab.example", credentialsSecret: "db-credentials" };

/** Databases: a part's own and those of others. */
export const database = {
  own: { volumeSize: "50Gi", storageClassName: "gp3", resources: { memory: "4Gi" } },
  external: { external },
  encrypted: { external: { ...external, usernameKey: "user", passwordKey: "pass", tls: true } },
};

/** Titles of objects, without those of some kinds. */
export function titles(objects: KubernetesObject[], ...kinds: string[]): string[] {
  return objects.filter(({ kind }) => kinds.length === 0 || kinds.includes(kind)).map(objectTitle);
}

/** The object of a kind and name; a hash may follow the name. */
export function objectOf(objects: KubernetesObject[], kind: string, name: string): KubernetesObject {
  const found = objects.find((object) => object.kind === kind && object.metadata.name.startsWith(name));
  if (found === undefined) throw new Error(`There is no ${kind} ${name} among ${titles(objects, kind).join(", ")}.`);
  return found;
}

interface Container {
  name: string;
  image: string;
  args?: string[];
  env?: { name: string; value?: string; valueFrom?: object }[];
  resources: { requests: Record<string, string>; limits: Record<string, string> };
  securityContext: Record<string, unknown>;
}

/** Containers of a workload. */
export function containersOf(object: KubernetesObject): Container[] {
  return (object["spec"] as { template: { spec: { containers: Container[] } } }).template.spec.containers;
}

/** Variables of a workload's first container, by name. */
export function environmentOf(object: KubernetesObject): Record<string, unknown> {
  const [container] = containersOf(object);
  return Object.fromEntries((container!.env ?? []).map(({ name, value, valueFrom }) => [name, value ?? valueFrom]));
}

const demoSecrets = ["minio123", "console123", "12341234", "dGVzdA==", "bWluaW8=", "MYSQL_ALLOW_EMPTY_PASSWORD"];

/** What must never be among rendered objects: values of secrets, demo passwords, images that change, endless memory. */
export function flawsOf(objects: KubernetesObject[]): string[] {
  return objects.flatMap((object) => {
    const text = JSON.stringify(object);
    const title = objectTitle(object);
    const holdsValues =
      object.kind === "Secret" && (object["data"] !== undefined || object["stringData"] !== undefined);
    const workload = ["Deployment", "StatefulSet"].includes(object.kind) ? containersOf(object) : [];
    return [
      ...demoSecrets.filter((secret) => text.includes(secret)).map((secret) => `${title} has ${secret}`),
      ...(/:latest\b/.test(text) ? [`${title} has an image without a release`] : []),
      ...(holdsValues ? [`${title} has values`] : []),
      ...workload.flatMap(({ name, env = [], resources, securityContext }) => [
        ...env
          .filter((each) => /PASSWORD|ACCESSKEY/.test(each.name) && each.value)
          .map((each) => `${title} ${each.name}`),
        ...(resources.limits["memory"] === undefined ? [`${title} ${name} has no memory limit`] : []),
        ...(securityContext["allowPrivilegeEscalation"] === false ? [] : [`${title} ${name} may gain privileges`]),
      ]),
    ];
  });
}
