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
  layers?: { mediaType: string; digest: string }[];
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
  // Tags have no plus sign, which Helm writes as a line for that.
  const manifestUrl = `${base}/manifests/${version.replaceAll("+", "_")}`;
  const accept = { accept: MANIFEST_TYPE };
  const first = await answerOf(manifestUrl, get, { headers: accept });
  const token = first.status === 401 ? await tokenFor(first.headers.get("www-authenticate") ?? "", get) : undefined;
  const authorization: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const answer =
    token === undefined ? first : await answerOf(manifestUrl, get, { headers: { ...accept, ...authorization } });
  const { layers = [] } = JSON.parse((await bytesOf(manifestUrl, answer)).toString()) as OciManifest;
  const layer = layers.find(({ mediaType }) => mediaType === CHART_TYPE);
  if (layer === undefined) throw new Problem(`${reference}:${version} is no Helm chart`, "Check the pinned reference.");
  const bytes = await ask(`${base}/blobs/${layer.digest}`, get, { headers: authorization });
  return { bytes, told: layer.digest.replace(/^sha256:/, "") };
}

/** A registry names the service that gives tokens to everybody; undefined where it wants to know who asks. */
async function tokenFor(challenge: string, get: Fetch): Promise<string | undefined> {
  const told = new Map([...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = "", value = ""]) => [key, value]));
  const realm = told.get("realm") ?? "";
  if (!/^bearer /i.test(challenge) || !URL.canParse(realm)) return undefined;
  const address = new URL(realm);
  for (const key of ["service", "scope"]) if (told.has(key)) address.searchParams.set(key, told.get(key)!);
  const answer = (await ask(address.href, get)).toString();
  const { token, access_token: access } = JSON.parse(answer) as { token?: string; access_token?: string };
  return token ?? access;
}

/**
 * What an address answers.
 *
 * @throws {Problem} when it says no, or when there is no answer or only a part of one.
 */
export async function ask(address: string, get: Fetch, init?: RequestInit): Promise<Buffer> {
  return bytesOf(address, await answerOf(address, get, init));
}

async function answerOf(address: string, get: Fetch, init?: RequestInit): Promise<Response> {
  return get(address, init).catch((error: unknown) => unreachable(address, error));
}

async function bytesOf(address: string, answer: Response): Promise<Buffer> {
  const { host, pathname } = new URL(address);
  if (!answer.ok) {
    throw new Problem(
      `${host}${pathname} answers ${answer.status} ${answer.statusText}`.trim(),
      "Check the pinned version and whether the publisher still has it.",
    );
  }
  return Buffer.from(await answer.arrayBuffer().catch((error: unknown) => unreachable(address, error)));
}

function unreachable(address: string, error: unknown): never {
  const { message, cause } = error as Error;
  const reason = cause instanceof Error ? cause.message : message;
  throw new Problem(`${new URL(address).host} cannot be reached: ${reason}`, "Check the network, then run it again.");
}
