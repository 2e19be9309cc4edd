import { Problem } from "../problem";

/** A packed chart as its publisher serves it. */
export interface PackedChart {
  bytes: Uint8Array;
  /** SHA-256 that the publisher tells, in hex; undefined where it tells none. */
  told: string | undefined;
}

/** Asks for an address; the parameters are those of `fetch`. */
export type Fetch = (url: string, init?: RequestInit) => Promise<Response>;

const MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json";
const CHART_TYPE = "application/vnd.cncf.helm.chart.content.v1.tar+gzip";

interface OciManifest {
  layers: { mediaType: string; digest: string }[];
}

/**
 * Gets a packed chart from an OCI registry that lets everybody read.
 *
 * @param reference Host and path, for example `registry.k8s.io/kueue/charts/kueue`.
 * @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md "Pull"
 * @see https://helm.sh/docs/topics/registries/ (Helm 3)
 * @throws {Problem} when the registry has no such chart or cannot be asked.
 */
export async function fromRegistry(reference: string, version: string, get: Fetch = fetch): Promise<PackedChart> {
  const slash = reference.indexOf("/");
  const [host, path] = [reference.slice(0, slash), reference.slice(slash + 1)];
  // Only on this machine itself is there a registry without a certificate.
  const base = `${/^(localhost|127\.)/.test(host) ? "http" : "https"}://${host}/v2/${path}`;
  const manifestUrl = `${base}/manifests/${version.replace(/^v?/, version.startsWith("v") ? "v" : "")}`;
  const first = await get(manifestUrl, { headers: { accept: MANIFEST_TYPE } });
  const token = first.status === 401 ? await tokenFor(first.headers.get("www-authenticate") ?? "", get) : undefined;
  const headers = { accept: MANIFEST_TYPE, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) };
  const manifest = (await (await ok(first.status === 401 ? get(manifestUrl, { headers }) : first)).json()) as OciManifest;
  const layer = manifest.layers.find(({ mediaType }) => mediaType === CHART_TYPE);
  if (layer === undefined) throw new Problem(`${reference}:${version} is no Helm chart`, "Check the pinned reference.");
  const blob = await ok(get(`${base}/blobs/${layer.digest}`, { headers }));
  return { bytes: new Uint8Array(await blob.arrayBuffer()), told: layer.digest.replace(/^sha256:/, "") };
}

/** A registry names the service that gives tokens to everybody. */
async function tokenFor(challenge: string, get: Fetch): Promise<string | undefined> {
  const parameters = Object.fromEntries(
    [...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = "", value = ""]) => [key, value]),
  );
  const { realm, ...query } = parameters;
  if (realm === undefined) return undefined;
  const answer = await ok(get(`${realm}?${new URLSearchParams(query).toString()}`));
  const { token, access_token: access } = (await answer.json()) as { token?: string; access_token?: string };
  return token ?? access;
}

/**
 * An answer that says yes.
 *
 * @throws {Problem} when it says no, or when there is none.
 */
export async function ok(asked: Response | Promise<Response>): Promise<Response> {
  const answer = await Promise.resolve(asked).catch((error: unknown) => {
    const { message, cause } = error as Error;
    const reason = cause instanceof Error ? cause.message : message;
    throw new Problem(`a chart's publisher cannot be reached: ${reason}`, "Check the network, then run it again.");
  });
  if (answer.ok) return answer;
  const address = new URL(answer.url);
  throw new Problem(
    `${address.host}${address.pathname} answers ${answer.status} ${answer.statusText}`.trim(),
    "Check the pinned version and whether the publisher still has it.",
  );
}
