import * as pulumi from "@pulumi/pulumi";
import { compact, type InputProblem, inputProblem } from "../../internal";
import { type Adjustment, type ChartValues, edit, inTurn, type KubernetesObject, withValues } from "../../rendering";
import { type PartArgs, systemNodes } from "../part/part-args";

/** What a part that is built from manifests is made from. */
export interface ManifestPartArgs extends PartArgs {
  /**
   * Fields that are set instead of or beside those of the component, by object: the key is `Kind/name`, the value is merged
   * deep into the object, with lists replaced; none by default.
   */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- any field of any object
  patches?: Record<string, any>;
}

/** Checks how patches name their objects; whether these are there is known only once the manifests are built. */
export function checkPatches(patches: Record<string, unknown> = {}): InputProblem[] {
  return Object.entries(patches).flatMap(([key, patch]) => [
    ...(/^[A-Z][A-Za-z]+\/.+$/.test(key)
      ? []
      : [inputProblem("patches", key, "keys such as Deployment/argo-server", "Name kind and object.")]),
    ...(typeof patch === "object" && patch !== null
      ? []
      : [inputProblem(`patches["${key}"]`, patch, "a map of fields", "Write the fields as the object has them.")]),
  ]);
}

/**
 * Lays fields over objects.
 *
 * @throws pulumi.RunError when there is no object of that kind and name.
 */
export function patched(patches: Record<string, ChartValues> = {}): Adjustment {
  return (objects) => {
    const titles = objects.map(({ kind, metadata }) => `${kind}/${metadata.name}`);
    const missing = Object.keys(patches).filter((key) => !titles.includes(key));
    if (missing.length > 0) throw new pulumi.RunError(patchProblem(missing, titles));
    return objects.map((object, index) => withValues(object, patches[titles[index]!]) as KubernetesObject);
  };
}

function patchProblem(missing: string[], titles: string[]): string {
  const those = missing.map((key) => `"${key}"`).join(", ");
  return `patches has ${those}; allowed: ${[...titles].sort().join(", ")}. Name an object that the part has.`;
}

/** Adds objects of the component's own. */
export function adding(...added: KubernetesObject[]): Adjustment {
  return (objects) => [...objects, ...added];
}

/** Moves objects from the namespace that manifests are built for to another, along with all that points to it. */
export function movedNamespace(from: string, to: string): Adjustment {
  if (from === to) return (objects) => objects;
  const move = (holder: { namespace?: string } | undefined) => {
    if (holder?.namespace === from) holder.namespace = to;
  };
  return (objects) =>
    objects.map((object) => {
      const copy = structuredClone(object);
      move(copy.metadata);
      for (const subject of (copy["subjects"] ?? []) as { namespace?: string }[]) move(subject);
      for (const { clientConfig } of (copy["webhooks"] ?? []) as Webhook[]) move(clientConfig?.service);
      return copy;
    });
}

interface Webhook {
  clientConfig?: { service?: { namespace?: string } };
}

/** What a Deployment of a controller gets beside what its manifest has. */
export interface ControllerPods {
  /** Name of the Deployment. */
  deployment: string;
  replicas: number;
  resources: object;
  /** Exact image; that of the manifest where undefined. */
  image?: string;
  /** Arguments in place of those of the manifest. */
  args: string[];
  /** User that the container runs as, where its image would be root. */
  runAsUser?: number;
  /** Further fields of the container. */
  container?: object;
}

/** User without rights in distroless images. */
export const NOBODY = 65532;

/**
 * Sets up the pods of a controller as the `restricted` Pod Security Standard asks: no root, no capabilities, and beside that
 * a root file system that cannot be written to. They run on system nodes, apart from each other where there is room.
 */
export function controllerPods(pods: ControllerPods, platform: PartArgs["platform"]): Adjustment {
  const { deployment, replicas, resources, image, args, runAsUser, container } = pods;
  const setUp = edit("Deployment", deployment, (object) => {
    const spec = object["spec"] as DeploymentSpec;
    const pod = spec.template.spec;
    spec.replicas = replicas;
    Object.assign(pod, {
      nodeSelector: systemNodes(platform),
      securityContext: compact({ runAsNonRoot: true, runAsUser, seccompProfile: { type: "RuntimeDefault" } }),
    });
    const securityContext = {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
      capabilities: { drop: ["ALL"] },
    };
    Object.assign(pod.containers[0]!, compact({ image, args, resources, securityContext }), container);
  });
  return inTurn(setUp, spreadPods(deployment));
}

interface DeploymentSpec {
  replicas: number;
  selector: { matchLabels: Record<string, string> };
  template: { spec: { containers: object[] } };
}

/** Without it, one node could have all pods of a controller, and take them along. */
export function spread(matchLabels?: Record<string, string>) {
  const constraint = { maxSkew: 1, topologyKey: "kubernetes.io/hostname", whenUnsatisfiable: "ScheduleAnyway" };
  return compact({ ...constraint, labelSelector: matchLabels === undefined ? undefined : { matchLabels } });
}

/** Keeps the pods of a Deployment on different nodes where there are several. */
export function spreadPods(deployment: string): Adjustment {
  return edit("Deployment", deployment, (object) => {
    const { selector, template } = object["spec"] as DeploymentSpec;
    Object.assign(template.spec, { topologySpreadConstraints: [spread(selector.matchLabels)] });
  });
}

/** Keeps one pod of a Deployment while nodes are drained; without a second pod, it would keep nodes from being drained. */
export function disruptionBudgets(...deployments: string[]): Adjustment {
  return inTurn(
    ...deployments.map((name): Adjustment => (objects) => {
      const found = objects.find(({ kind, metadata }) => kind === "Deployment" && metadata.name === name);
      const spec = found?.["spec"] as DeploymentSpec | undefined;
      if (found === undefined || spec === undefined || spec.replicas < 2) return objects;
      const { namespace, labels } = found.metadata;
      const budget = {
        apiVersion: "policy/v1",
        kind: "PodDisruptionBudget",
        metadata: compact({ name, namespace, labels }),
        spec: { minAvailable: 1, selector: spec.selector },
      };
      return [...objects, budget];
    }),
  );
}

/** Where the pods of a controller show metrics. */
export interface MetricsPort {
  name: string;
  namespace: string;
  labels: Record<string, string>;
  /** Name of the container's port. */
  port: string;
  /** Whether they are shown by HTTPS, with a certificate that the program made for itself. */
  secure?: boolean;
}

/** Tells Prometheus of the metrics of a controller. */
export function podMonitor({ name, namespace, labels, port, secure = false }: MetricsPort): KubernetesObject {
  const https = { scheme: "https", tlsConfig: { insecureSkipVerify: true } };
  return {
    apiVersion: "monitoring.coreos.com/v1",
    kind: "PodMonitor",
    metadata: { name, namespace },
    spec: {
      selector: { matchLabels: labels },
      podMetricsEndpoints: [{ port, ...(secure ? https : {}) }],
    },
  };
}
