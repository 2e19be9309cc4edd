import {
  CustomObjectsApi,
  type KubeConfig,
  type KubernetesListObject,
  type KubernetesObject,
  PatchStrategy,
  setHeaderOptions,
} from "@kubernetes/client-node";
import { unlessCode } from "../cluster/api-errors";
import { WatchedList } from "../cluster/watched-list";

/** Where an object says by which certificate it is served, as `namespace/name`. */
const INJECT = "cert-manager.io/inject-ca-from";

/** A kind of object by which the API server asks others, and where it says whom to trust. */
interface AskingKind {
  group: string;
  plural: string;
  /** JSON pointers of the fields. */
  fields: (object: Record<string, unknown>) => string[];
}

interface WebhookConfiguration {
  webhooks?: unknown[];
}

interface ResourceType {
  spec: { conversion?: { webhook?: object } };
}

const webhookFields = (object: Record<string, unknown>): string[] => {
  const { webhooks = [] } = object as WebhookConfiguration;
  return webhooks.map((_, index) => `/webhooks/${index}/clientConfig/caBundle`);
};

const conversionField = (object: Record<string, unknown>): string[] => {
  const { spec } = object as unknown as ResourceType;
  return spec.conversion?.webhook === undefined ? [] : ["/spec/conversion/webhook/clientConfig/caBundle"];
};

const ASKING_KINDS: readonly AskingKind[] = [
  { group: "admissionregistration.k8s.io", plural: "mutatingwebhookconfigurations", fields: webhookFields },
  { group: "admissionregistration.k8s.io", plural: "validatingwebhookconfigurations", fields: webhookFields },
  { group: "apiregistration.k8s.io", plural: "apiservices", fields: () => ["/spec/caBundle"] },
  { group: "apiextensions.k8s.io", plural: "customresourcedefinitions", fields: conversionField },
];

const VERSION = "v1";

/** Makes answers leave out everything but metadata, as resource types are large. */
const METADATA_ONLY = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";

/** Tells the API server which certificates to trust where it asks others. */
export class CertificateTrust {
  private readonly custom: CustomObjectsApi;
  private readonly lists: { kind: AskingKind; list: WatchedList<KubernetesObject> }[];
  /** What was written, by UID: the object's version and the certificate. */
  private readonly written = new Map<string, string>();

  constructor(config: KubeConfig) {
    this.custom = config.makeApiClient(CustomObjectsApi);
    this.lists = ASKING_KINDS.map((kind) => ({ kind, list: this.watched(config, kind) }));
  }

  async start(): Promise<void> {
    for (const { list } of this.lists) await list.start();
  }

  async stop(): Promise<void> {
    await Promise.all(this.lists.map(({ list }) => list.stop()));
  }

  /** Writes what is not written yet. @param trusted certificates, in Base64, by the `namespace/name` of who asked for them. */
  async write(trusted: ReadonlyMap<string, string>): Promise<void> {
    for (const { kind, list } of this.lists) {
      for (const { metadata } of list.list()) {
        const bundle = trusted.get(metadata?.annotations?.[INJECT] ?? "");
        const { uid = "", name = "", resourceVersion = "" } = metadata ?? {};
        const state = `${resourceVersion} ${bundle}`;
        if (bundle === undefined || this.written.get(uid) === state) continue;
        await this.writeTo(kind, name, bundle);
        this.written.set(uid, state);
      }
    }
  }

  private async writeTo({ group, plural, fields }: AskingKind, name: string, bundle: string): Promise<void> {
    const at = { group, version: VERSION, plural, name };
    const object = (await this.custom.getClusterCustomObject(at).catch(unlessCode(404))) as
      Record<string, unknown> | undefined;
    const changes = object === undefined ? [] : fields(object);
    const body = changes.map((path) => ({ op: "add", path, value: bundle }));
    if (body.length === 0) return;
    const patch = setHeaderOptions("Content-Type", PatchStrategy.JsonPatch);
    await this.custom.patchClusterCustomObject({ ...at, body }, patch);
  }

  private watched(config: KubeConfig, { group, plural }: AskingKind): WatchedList<KubernetesObject> {
    const brief = setHeaderOptions("Accept", METADATA_ONLY);
    const list = () => this.custom.listClusterCustomObject({ group, version: VERSION, plural }, brief);
    const path = `/apis/${group}/${VERSION}/${plural}`;
    return new WatchedList(config, path, list as () => Promise<KubernetesListObject<KubernetesObject>>);
  }
}
