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

/** Registries that answer under another name than references have. */
const HOSTS: Record<string, string> = { "docker.io": "registry-1.docker.io" };

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
  // Tags have no plus sign, which Helm writes as a line for that.
  const tag = version.replaceAll("+", "_");
  const { base, manifestUrl, answer, authorization } = await askForManifest(reference, tag, MANIFEST_TYPE, get);
  const { layers = [] } = JSON.parse((await bytesOf(manifestUrl, answer)).toString()) as OciManifest;
  const layer = layers.find(({ mediaType }) => mediaType === CHART_TYPE);
  if (layer === undefined) throw new Problem(`${reference}:${version} is no Helm chart`, "Check the pinned reference.");
  const bytes = await ask(`${base}/blobs/${layer.digest}`, get, { headers: authorization });
  return { bytes, told: layer.digest.replace(/^sha256:/, "") };
}

const IMAGE_TYPES = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  MANIFEST_TYPE,
  "application/vnd.docker.distribution.manifest.v2+json",
].join(", ");

/**
 * Asks an OCI registry that lets everybody read which image a tag means now: of an image for several architectures, the list of
 * them. Nothing is pulled, and limits of pulls are not touched.
 *
 * @param repository Host and path, for example `docker.io/library/redis`.
 * @returns SHA-256 in hex.
 * @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md "Checking if content exists in the registry"
 * @throws {Problem} when the registry has no such image, tells no digest, or cannot be asked.
 */
export async function digestFromRegistry(repository: string, tag: string, get: Fetch = fetch): Promise<string> {
  const { manifestUrl, answer } = await askForManifest(repository, tag, IMAGE_TYPES, get, "HEAD");
  await bytesOf(manifestUrl, answer);
  const digest = /^sha256:([0-9a-f]{64})$/.exec(answer.headers.get("docker-content-digest") ?? "")?.[1];
  if (digest === undefined) {
    throw new Problem(
      `${repository}:${tag} has no digest that its registry tells`,
      "Ask another registry that has it.",
    );
  }
  return digest;
}

/** Asks for what a tag means, with a token where the registry wants one from everybody. */
async function askForManifest(reference: string, tag: string, accept: string, get: Fetch, method = "GET") {
  const slash = reference.indexOf("/");
  const [host, path] = [reference.slice(0, slash), reference.slice(slash + 1)];
  // Only on this machine itself is there a registry without a certificate.
  const base = `${/^(localhost|127\.)/.test(host) ? "http" : "https"}://${HOSTS[host] ?? host}/v2/${path}`;
  const manifestUrl = `${base}/manifests/${tag}`;
  const first = await answerOf(manifestUrl, get, { method, headers: { accept } });
  const token = first.status === 401 ? await tokenFor(first.headers.get("www-authenticate") ?? "", get) : undefined;
  if (token === undefined) return { base, manifestUrl, answer: first, authorization: {} };
  const authorization = { authorization: `Bearer ${token}` };
  const answer = await answerOf(manifestUrl, get, { method, headers: { accept, ...authorization } });
  return { base, manifestUrl, answer, authorization };
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
