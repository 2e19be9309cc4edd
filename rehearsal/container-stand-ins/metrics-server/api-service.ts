import {
  ApiregistrationV1Api,
  CoreV1Api,
  DiscoveryV1Api,
  type KubeConfig,
  type V1APIService,
} from "@kubernetes/client-node";
import { unlessCode } from "../../cluster/api-errors";
import { GROUP, VERSION } from "./metrics-api";

/** Namespace of what is registered. */
const NAMESPACE = "kube-system";

/** Name of the Service that the API server asks. */
const NAME = "mlstack-metrics";

/** Name by which it asks, and so that of the certificate. */
export const HOST = `${NAME}.${NAMESPACE}.svc`;

/** Name that the registration of an API has. */
export const API_SERVICE = `${VERSION}.${GROUP}`;

const LABEL = { key: "app.kubernetes.io/managed-by", value: "mlstack-supervisor" };
const OWN = { labels: { [LABEL.key]: LABEL.value } };
const PORT = { name: "https", port: 443 };

/** Tells whether an API is registered by {@link register}. */
export function isOwn({ metadata }: V1APIService): boolean {
  return metadata?.labels?.[LABEL.key] === LABEL.value;
}

/** Tells whether the API server trusts a certificate, as PEM, where it asks for an API. */
export function trusts({ spec }: V1APIService, certificate: string): boolean {
  return spec?.caBundle === bundleOf(certificate);
}

/**
 * Makes the Service that the API server asks, without pods behind it.
 *
 * @see https://github.com/kubernetes/kube-aggregator/blob/v0.36.3/pkg/controllers/status/remote/remote_available_controller.go what has to be there
 */
export async function createService(config: KubeConfig): Promise<void> {
  const spec = { ports: [PORT] };
  const body = { metadata: { name: NAME, ...OWN }, spec };
  await config.makeApiClient(CoreV1Api).createNamespacedService({ namespace: NAMESPACE, body }).catch(unlessCode(409));
  const labels = { ...OWN.labels, "kubernetes.io/service-name": NAME };
  // Addresses for documentation: there must be one, and nobody dials it. See https://www.rfc-editor.org/rfc/rfc5737
  const slice = {
    metadata: { name: NAME, labels },
    addressType: "IPv4",
    endpoints: [{ addresses: ["192.0.2.60"] }],
    ports: [PORT],
  };
  const discovery = config.makeApiClient(DiscoveryV1Api);
  await discovery.createNamespacedEndpointSlice({ namespace: NAMESPACE, body: slice }).catch(unlessCode(409));
}

/**
 * Has the API server ask that Service for what pods use, or changes whom it trusts there.
 *
 * @param before the registration as it is; undefined where there is none.
 * @param certificate that is trusted, as PEM.
 */
export async function register(
  config: KubeConfig,
  before: V1APIService | undefined,
  certificate: string,
): Promise<void> {
  const { resourceVersion } = before?.metadata ?? {};
  const body: V1APIService = {
    metadata: { name: API_SERVICE, ...OWN, ...(resourceVersion === undefined ? {} : { resourceVersion }) },
    spec: {
      group: GROUP,
      version: VERSION,
      // As the chart of metrics-server has them.
      groupPriorityMinimum: 100,
      versionPriority: 100,
      service: { namespace: NAMESPACE, name: NAME, port: PORT.port },
      caBundle: bundleOf(certificate),
    },
  };
  const registrations = config.makeApiClient(ApiregistrationV1Api);
  if (before === undefined) await registrations.createAPIService({ body }).catch(unlessCode(409));
  else await registrations.replaceAPIService({ name: API_SERVICE, body }).catch(unlessCode(409));
}

/**
 * Takes back everything that was registered. An API that nobody answers for is more than useless: no namespace can be deleted
 * while it is registered.
 */
export async function withdraw(config: KubeConfig): Promise<void> {
  const own = { labelSelector: `${LABEL.key}=${LABEL.value}` };
  await config.makeApiClient(ApiregistrationV1Api).deleteCollectionAPIService(own);
  const namespace = NAMESPACE;
  await config.makeApiClient(DiscoveryV1Api).deleteCollectionNamespacedEndpointSlice({ namespace, ...own });
  await config.makeApiClient(CoreV1Api).deleteCollectionNamespacedService({ namespace, ...own });
}

function bundleOf(certificate: string): string {
  return Buffer.from(certificate).toString("base64");
}
