import {
  ApiextensionsV1Api,
  CoreV1Api,
  CustomObjectsApi,
  type KubernetesListObject,
  PatchStrategy,
  setHeaderOptions,
  type V1Secret,
} from "@kubernetes/client-node";
import { setTimeout as sleep } from "node:timers/promises";
import { reasonOf, unlessCode } from "../cluster/api-errors";
import { issueCertificate, type KeyPair } from "../cluster/certificate";
import { WatchedList } from "../cluster/watched-list";
import { type Certificate, certificateTypes, GROUP, type Issuer, requestOf, VERSION } from "./certificate-types";
import { CertificateTrust } from "./certificate-trust";
import type { ContainerStandIn, StandInContext } from "./container-stand-in";

/** Milliseconds between two looks at what is asked for; without changes a look asks the API server nothing. */
const INTERVAL = 250;

/** Where a Secret says what its certificate was asked to be. */
const ISSUED_FOR = "mlstack.dev/issued-for";

const TLS_SECRETS = "type=kubernetes.io/tls";

/**
 * Plays cert-manager for controllers that have it issue the certificates of their webhooks: issues what Certificates ask of
 * Issuers of the kinds `selfSigned` and `ca`, and writes whom to trust where `cert-manager.io/inject-ca-from` says. The
 * resource types are its own, with no schema. Certificates hold until the cluster goes; none is renewed.
 *
 * @see https://cert-manager.io/docs/ (v1.21), "Certificate resource", "SelfSigned", "CA", "CA Injector"
 */
export class CertificatesStandIn implements ContainerStandIn {
  private readonly core: CoreV1Api;
  private readonly custom: CustomObjectsApi;
  private readonly certificates: WatchedList<Certificate>;
  private readonly issuers: WatchedList<Issuer>;
  private readonly secrets: WatchedList<V1Secret>;
  private readonly trust: CertificateTrust;
  private readonly stopping = new AbortController();
  private life: Promise<void> = Promise.resolve();
  /** By what was tried, why it failed last, which is told once. */
  private readonly failures = new Map<string, string>();

  constructor(private readonly context: StandInContext) {
    const { config } = context;
    this.core = config.makeApiClient(CoreV1Api);
    this.custom = config.makeApiClient(CustomObjectsApi);
    this.certificates = this.watched("certificates");
    this.issuers = this.watched("issuers");
    const path = `/api/v1/secrets?fieldSelector=${encodeURIComponent(TLS_SECRETS)}`;
    this.secrets = new WatchedList(config, path, () =>
      this.core.listSecretForAllNamespaces({ fieldSelector: TLS_SECRETS }),
    );
    this.trust = new CertificateTrust(config);
  }

  private watched<T extends Certificate | Issuer>(resourcePlural: string): WatchedList<T> {
    const list = () => this.custom.listCustomObjectForAllNamespaces({ group: GROUP, version: VERSION, resourcePlural });
    const path = `/apis/${GROUP}/${VERSION}/${resourcePlural}`;
    return new WatchedList<T>(this.context.config, path, list as () => Promise<KubernetesListObject<T>>);
  }

  /** Brings its resource types, where nobody else has, and begins to issue. */
  async start(): Promise<void> {
    const types = this.context.config.makeApiClient(ApiextensionsV1Api);
    for (const body of certificateTypes()) await types.createCustomResourceDefinition({ body }).catch(unlessCode(409));
    for (const list of [this.certificates, this.issuers, this.secrets]) await list.start();
    await this.trust.start();
    this.life = this.live();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await Promise.all([this.certificates, this.issuers, this.secrets, this.trust].map((list) => list.stop()));
    await this.life;
  }

  private async live(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      await this.attempt("certificates", () => this.look());
      await sleep(INTERVAL, undefined, { signal }).catch(() => undefined);
    }
  }

  private async attempt(what: string, act: () => Promise<void>): Promise<void> {
    try {
      await act();
      this.failures.delete(what);
    } catch (error) {
      const reason = reasonOf(error);
      if (this.failures.get(what) !== reason) this.context.log(`${what}: ${reason}`);
      this.failures.set(what, reason);
    }
  }

  private async look(): Promise<void> {
    const trusted = new Map<string, string>();
    for (const certificate of this.certificates.list()) {
      const { namespace = "", name = "" } = certificate.metadata;
      const title = `${namespace}/${name}`;
      const secret = this.secretOf(certificate);
      const authority = isIssued(certificate, secret) ? secret?.data?.["ca.crt"] : undefined;
      if (authority !== undefined) trusted.set(title, authority);
      // One that cannot be issued keeps no other from being issued.
      await this.attempt(`certificate ${title}`, () =>
        authority === undefined
          ? this.issue(certificate)
          : this.tell(certificate, "True", "Issued", "The certificate is in its Secret."),
      );
    }
    await this.trust.write(trusted);
  }

  private secretOf({ metadata: { namespace }, spec }: Certificate): V1Secret | undefined {
    return this.secrets
      .list()
      .find(({ metadata }) => metadata?.namespace === namespace && metadata?.name === spec.secretName);
  }

  private async issue(certificate: Certificate): Promise<void> {
    const { namespace = "" } = certificate.metadata;
    const { issuerRef } = certificate.spec;
    const issuer = this.issuers
      .list()
      .find(({ metadata }) => metadata.namespace === namespace && metadata.name === issuerRef.name);
    const request = requestOf(certificate);
    if (issuer?.spec.selfSigned !== undefined) {
      const pair = await issueCertificate(request);
      await this.keep(certificate, pair, pair.certificate);
      return;
    }
    const signer = issuer?.spec.ca && (await this.signerOf(namespace, issuer.spec.ca.secretName));
    if (signer !== undefined) {
      await this.keep(certificate, await issueCertificate(request, signer), signer.certificate);
      return;
    }
    const what = `${issuerRef.kind ?? "Issuer"} ${issuerRef.name}`;
    await this.tell(
      certificate,
      "False",
      "Pending",
      `${what} is not there, or is neither selfSigned nor a ca with its Secret.`,
    );
  }

  private async signerOf(namespace: string, name: string): Promise<KeyPair | undefined> {
    const { data = {} } = (await this.core.readNamespacedSecret({ namespace, name }).catch(unlessCode(404))) ?? {};
    const [certificate, key] = [data["tls.crt"], data["tls.key"]].map((text) => text && fromBase64(text));
    return certificate && key ? { certificate, key } : undefined;
  }

  private async keep(certificate: Certificate, { certificate: own, key }: KeyPair, authority: string): Promise<void> {
    const { namespace = "", name: owner = "" } = certificate.metadata;
    const name = certificate.spec.secretName;
    const annotations = { [ISSUED_FOR]: wishOf(certificate), "cert-manager.io/certificate-name": owner };
    const body = {
      metadata: { name, namespace, annotations },
      type: "kubernetes.io/tls",
      stringData: { "tls.crt": own, "tls.key": key, "ca.crt": authority },
    };
    if ((await this.core.createNamespacedSecret({ namespace, body }).catch(unlessCode(409))) !== undefined) return;
    // The watch may not have told yet that it was issued a moment ago, and programs may have read it since.
    const there = await this.core.readNamespacedSecret({ namespace, name }).catch(unlessCode(404));
    if (isIssued(certificate, there)) return;
    const merge = setHeaderOptions("Content-Type", PatchStrategy.MergePatch);
    await this.core.patchNamespacedSecret({ namespace, name, body }, merge);
  }

  private async tell(certificate: Certificate, status: string, reason: string, message: string): Promise<void> {
    const { namespace = "", name = "", generation: observedGeneration } = certificate.metadata;
    const before = certificate.status?.conditions?.find(({ type }) => type === "Ready");
    if (before?.status === status && before.message === message && before.observedGeneration === observedGeneration)
      return;
    const lastTransitionTime = new Date().toISOString();
    const condition = { type: "Ready", status, reason, message, observedGeneration, lastTransitionTime };
    const at = { group: GROUP, version: VERSION, namespace, plural: "certificates", name };
    const merge = setHeaderOptions("Content-Type", PatchStrategy.MergePatch);
    const body = { status: { conditions: [condition] } };
    await this.custom.patchNamespacedCustomObjectStatus({ ...at, body }, merge).catch(unlessCode(404));
  }
}

function isIssued(certificate: Certificate, secret: V1Secret | undefined): boolean {
  const { annotations } = secret?.metadata ?? {};
  return annotations?.[ISSUED_FOR] === wishOf(certificate) && secret?.data?.["ca.crt"] !== undefined;
}

/** What a certificate is asked to be, to tell whether another is asked for now. */
function wishOf(certificate: Certificate): string {
  return JSON.stringify([requestOf(certificate), certificate.spec.issuerRef]);
}

function fromBase64(text: string): string {
  return Buffer.from(text, "base64").toString();
}
