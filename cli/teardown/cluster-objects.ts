import { setTimeout as sleep } from "node:timers/promises";
import {
  ApiException,
  type KubeConfig,
  type KubernetesObject,
  KubernetesObjectApi,
  PatchStrategy,
  type V1CustomResourceDefinition,
} from "@kubernetes/client-node";
import { Problem } from "../../rehearsal/problem";

/** An object of any kind; what is read of its spec and status is checked where it is read. */
export interface ClusterObject extends KubernetesObject {
  apiVersion: string;
  kind: string;
  spec?: Record<string, unknown>;
  status?: Record<string, unknown>;
}

/** How the API server names a resource type that it serves. */
export interface ServedType {
  apiVersion: string;
  kind: string;
}

/** Which objects of a kind are asked for; all by default. */
export interface Selection {
  namespace?: string;
  /** Label that objects must have. */
  label?: string;
}

const definitionHeader = { apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition" };

/** How often a request is made again that the server had no time for, and after how many milliseconds. */
const AGAIN = { times: 20, after: 500 };

/** A cluster's objects of any kind, with errors that say what to do. */
export class ClusterObjects {
  private readonly api: KubernetesObjectApi;
  private readonly served = new Map<string, ServedType>();

  constructor(private readonly config: KubeConfig) {
    this.api = KubernetesObjectApi.makeApiClient(config);
  }

  /** Every object of a kind; none where the cluster does not know the kind. */
  async list(apiVersion: string, kind: string, { namespace, label }: Selection = {}): Promise<ClusterObject[]> {
    const no = undefined;
    try {
      const { items } = await patiently(() => {
        return this.api.list<KubernetesObject>(apiVersion, kind, namespace, no, no, no, no, label);
      });
      // The items of a list do not say what they are.
      return items.map((item) => ({ ...item, apiVersion, kind }));
    } catch (error) {
      if (isUnknownKind(error)) return [];
      throw error;
    }
  }

  /** Asks for an object's deletion; controllers decide when it is gone. */
  async delete({ apiVersion, kind, metadata }: ClusterObject): Promise<void> {
    const header = { apiVersion, kind, metadata: { name: metadata?.name ?? "", namespace: metadata?.namespace ?? "" } };
    try {
      await patiently(() => this.api.delete(header, undefined, undefined, undefined, undefined, "Background"));
    } catch (error) {
      if (!(error instanceof ApiException && error.code === 404)) throw error;
    }
  }

  /** How a resource type is served that goes by the name of a CustomResourceDefinition; undefined where it is not. */
  async servedType(definition: string): Promise<ServedType | undefined> {
    const known = this.served.get(definition) ?? (await this.readServedType(definition));
    if (known !== undefined) this.served.set(definition, known);
    return known;
  }

  /** Takes all finalizers off an object, so that nobody is waited for. */
  async removeFinalizers({ apiVersion, kind, metadata }: ClusterObject): Promise<void> {
    const { name = "", namespace = "" } = metadata ?? {};
    // Of JSON's values a null alone takes a field away.
    const patch = { apiVersion, kind, metadata: { name, namespace, finalizers: null as unknown as string[] } };
    const no = undefined;
    try {
      await patiently(() => this.api.patch(patch, no, no, no, no, PatchStrategy.MergePatch));
    } catch (error) {
      if (!(error instanceof ApiException && error.code === 404)) throw error;
    }
  }

  /** Makes sure that the cluster answers and lets its objects be seen. @throws {Problem} when it does not. */
  async reach(): Promise<void> {
    try {
      await this.api.list("v1", "Service");
    } catch (error) {
      throw this.problemOf(error) ?? error;
    }
  }

  /** What a failed request means for whoever runs the command; undefined where it is no failure of this kind. */
  problemOf(error: unknown): Problem | undefined {
    const server = this.config.getCurrentCluster()?.server ?? "of an unknown address";
    const { command } = (this.config.getCurrentUser()?.exec ?? {}) as { command?: string };
    if (error instanceof ApiException && (error.code === 401 || error.code === 403)) {
      return new Problem(
        `the cluster ${server} refuses to be drained: ${error.code === 401 ? "it does not know who is asking" : `no rights (${reasonOf(error)})`}`,
        "Ask as an administrator of the cluster (on EKS: with an access entry of AmazonEKSClusterAdminPolicy), or go on without it: --skip-drain",
      );
    }
    if (error instanceof ApiException && error.code >= 500) {
      return new Problem(
        `the cluster ${server} fails: ${reasonOf(error)}`,
        "Mend what it names and run the command again, or go on without it: --skip-drain",
      );
    }
    const failure = networkFailureOf(error);
    if (failure === "ENOENT" && command !== undefined) {
      return new Problem(
        `the kubeconfig logs in with ${command}, which is not there`,
        `Install ${command} and run the command again, or go on without it: --skip-drain`,
      );
    }
    if (failure === undefined) return undefined;
    return new Problem(
      `the cluster ${server} does not answer (${failure})`,
      "Run the command where its network can be reached (the API server of EKS is private by default: VPN, bastion), or go on without it: --skip-drain. What only controllers clean up then stays; the report at the end lists what of it is in AWS.",
    );
  }

  private async readServedType(definition: string): Promise<ServedType | undefined> {
    try {
      const header = { ...definitionHeader, metadata: { name: definition } };
      const { spec } = await patiently(() => this.api.read<V1CustomResourceDefinition>(header));
      // What is stored needs no conversion, which a controller may have to do.
      const version =
        spec.versions.find(({ served, storage }) => served && storage) ?? spec.versions.find(({ served }) => served);
      return version && { apiVersion: `${spec.group}/${version.name}`, kind: spec.names.kind };
    } catch (error) {
      if (isUnknownKind(error)) return undefined;
      throw error;
    }
  }
}

/** How messages name an object. */
export function objectTitle({ kind, metadata }: ClusterObject): string {
  const { namespace, name = "" } = metadata ?? {};
  return `${kind} ${namespace === undefined || namespace === "" ? "" : `${namespace}/`}${name}`;
}

/**
 * Makes a request again while the server asks for patience, as it does where a type is new or was not asked for lately. The
 * Go client does so by itself.
 */
async function patiently<Answer>(request: () => Promise<Answer>): Promise<Answer> {
  for (let left = AGAIN.times; ; left--) {
    try {
      return await request();
    } catch (error) {
      if (left === 0 || !(error instanceof ApiException && error.code === 429)) throw error;
      await sleep(AGAIN.after);
    }
  }
}

/** Whether a request may succeed when it is made again: the server or the way to it failed. */
export function isTransient(error: unknown): boolean {
  if (error instanceof ApiException) return error.code === 429 || error.code >= 500;
  return networkFailureOf(error) !== undefined;
}

/** Why an admission webhook did not let a request through; undefined where none had a say. */
export function refusalOf(error: unknown): string | undefined {
  if (!(error instanceof ApiException)) return undefined;
  const reason = reasonOf(error);
  return reason.includes("webhook") ? reason : undefined;
}

function isUnknownKind(error: unknown): boolean {
  if (error instanceof ApiException) return error.code === 404;
  return error instanceof Error && error.message.startsWith("Unrecognized API version and kind");
}

/** Why a connection failed, which fetch hides in causes: a code such as ETIMEDOUT, else words. */
function networkFailureOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code } = error as NodeJS.ErrnoException;
  if (typeof code === "string") return code;
  const isFetch = error instanceof TypeError && error.message.endsWith("fetch failed");
  return networkFailureOf(error.cause) ?? (isFetch && error.cause instanceof Error ? error.cause.message : undefined);
}

function reasonOf({ body, code }: ApiException<unknown>): string {
  try {
    const status = (typeof body === "string" ? JSON.parse(body) : body) as { message?: string };
    return status.message ?? String(code);
  } catch {
    return String(code);
  }
}
