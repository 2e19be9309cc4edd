import type { CoreV1Api, V1Pod } from "@kubernetes/client-node";
import { unlessCode } from "../cluster/api-errors";

/** Seconds that a token holds; the API server gives none for less than ten minutes. */
const TOKEN_SECONDS = 3600;

/** Part of that time after which a token is asked for anew. */
const RENEW_AFTER = 0.8;

/** Reads what pods are given: configuration, secrets and tokens of their ServiceAccounts. */
export class ObjectReader {
  private readonly tokens = new Map<string, { token: string; renewAt: number }>();

  constructor(private readonly core: CoreV1Api) {}

  /** Data of a ConfigMap; undefined where there is none. */
  readonly configMap = async (namespace: string, name: string): Promise<Record<string, string> | undefined> => {
    const found = await this.core.readNamespacedConfigMap({ namespace, name }).catch(unlessCode(404));
    return found && { ...found.data };
  };

  /** Data of a Secret; undefined where there is none. */
  readonly secret = async (namespace: string, name: string): Promise<Record<string, Buffer> | undefined> => {
    const found = await this.core.readNamespacedSecret({ namespace, name }).catch(unlessCode(404));
    if (found === undefined) return undefined;
    const entries = Object.entries(found.data ?? {});
    return Object.fromEntries(entries.map(([key, value]) => [key, Buffer.from(value, "base64")]));
  };

  /** A token of a pod's ServiceAccount that ends with the pod, the same one until it is to be renewed. */
  readonly token = async (pod: V1Pod, audience: string | undefined): Promise<string> => {
    const { uid = "", name = "", namespace = "" } = pod.metadata ?? {};
    const key = `${uid} ${audience ?? ""}`;
    const known = this.tokens.get(key);
    if (known !== undefined && Date.now() < known.renewAt) return known.token;
    const { status } = await this.core.createNamespacedServiceAccountToken({
      namespace,
      name: pod.spec?.serviceAccountName ?? "default",
      body: {
        spec: {
          audiences: audience === undefined ? [] : [audience],
          expirationSeconds: TOKEN_SECONDS,
          boundObjectRef: { apiVersion: "v1", kind: "Pod", name, uid },
        },
      },
    });
    const token = status?.token ?? "";
    this.tokens.set(key, { token, renewAt: Date.now() + TOKEN_SECONDS * RENEW_AFTER * 1000 });
    return token;
  };
}
