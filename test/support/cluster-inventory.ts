import { request, type RequestOptions } from "node:https";
import type { KubeConfig } from "@kubernetes/client-node";

/** Kinds that come and go by themselves. */
const PASSING = ["Event", "Lease", "Endpoints", "EndpointSlice", "ControllerRevision", "IPAddress", "ServiceCIDR"];

interface ResourceList {
  resources: { name: string; kind: string; verbs: string[] }[];
}

interface ObjectList {
  items?: { metadata: { namespace?: string; name: string }; spec?: { service?: unknown } }[];
}

/** What an API server answers. */
export interface ApiAnswer {
  status: number;
  body: unknown;
}

/** What a body is, by what is done with it: created, or applied by the server. */
const CONTENT_TYPES = { POST: "application/json", PATCH: "application/apply-patch+yaml" };

/** Asks an API server, as it is: with the body as it stands, and without throwing at what it refuses. */
export async function askApi(
  config: KubeConfig,
  path: string,
  body?: object,
  method: keyof typeof CONTENT_TYPES = "POST",
): Promise<ApiAnswer> {
  const options: RequestOptions =
    body === undefined ? {} : { method, headers: { "content-type": CONTENT_TYPES[method] } };
  await config.applyToHTTPSOptions(options);
  return new Promise((resolve, reject) => {
    const call = request(`${config.getCurrentCluster()!.server}${path}`, options, (response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => (text += chunk.toString()));
      response.on("end", () => {
        resolve({ status: response.statusCode ?? 0, body: bodyOf(text) });
      });
    });
    call.on("error", reject);
    call.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** Of paths that it does not have, or not yet, an API server says so in plain text. */
function bodyOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return { message: text.trim() };
  }
}

/** Every object on a cluster that stays by itself, as `Kind namespace/name`. */
export async function everythingOn(config: KubeConfig): Promise<string[]> {
  const get = async (path: string) => (await askApi(config, path)).body;
  const { groups } = (await get("/apis")) as { groups: { versions: { groupVersion: string }[] }[] };
  // A kind may be served in another version of its group than the preferred one alone.
  const versions = groups.flatMap((group) => group.versions.map(({ groupVersion }) => groupVersion));
  const paths = ["/api/v1", ...versions.map((version) => `/apis/${version}`)];
  const lists = await Promise.all(
    paths.map(async (path) => {
      const { resources } = (await get(path)) as ResourceList;
      const listed = resources.filter(({ name, kind, verbs }) => {
        return !name.includes("/") && verbs.includes("list") && !PASSING.includes(kind);
      });
      return Promise.all(
        listed.map(async ({ name, kind }) => namesOf(kind, (await get(`${path}/${name}`)) as ObjectList)),
      );
    }),
  );
  return [...new Set(lists.flat(2))].sort();
}

/** The API server makes an APIService of its own for each group; those of others have a Service. */
function namesOf(kind: string, { items = [] }: ObjectList): string[] {
  const made = items.filter(({ spec }) => kind !== "APIService" || spec?.service !== undefined);
  return made.map(
    ({ metadata: { namespace, name } }) => `${kind} ${namespace === undefined ? "" : `${namespace}/`}${name}`,
  );
}
