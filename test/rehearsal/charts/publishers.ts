import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { create } from "tar";
import { onTestFinished } from "vitest";
import { stringify } from "yaml";
import { scratchFolder } from "../../support/scratch";

const exec = promisify(execFile);

/** A publisher of charts on this machine, for the running test. */
export interface Publisher {
  /** Address without a scheme, for example `127.0.0.1:4711`. */
  host: string;
  /** Paths that were asked for, in order. */
  asked: string[];
}

/** What a server does with a request. */
export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** SHA-256 in hex. */
export function sha256(bytes: Uint8Array | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Files of a chart with one template. */
export function chartFiles(name: string, version: string): Record<string, string> {
  return {
    [`${name}/Chart.yaml`]: stringify({ apiVersion: "v2", name, version }),
    [`${name}/values.yaml`]: stringify({ size: 1 }),
    [`${name}/templates/settings.yaml`]:
      'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: {{ .Release.Name }} }\ndata: { size: "{{ .Values.size }}" }\n',
  };
}

/** Packs files as publishers pack charts. */
export async function packed(files: Record<string, string>): Promise<Buffer> {
  const cwd = await scratchFolder();
  await writeFiles(cwd, files);
  const chunks: Buffer[] = [];
  for await (const chunk of create({ gzip: true, cwd, portable: true, mtime: new Date(0) }, Object.keys(files))) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Writes files with the folders that they are in. */
export async function writeFiles(folder: string, files: Record<string, string>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

/** Serves on this machine until the running test ends. */
export async function serve(answer: Answer): Promise<Publisher> {
  const asked: string[] = [];
  const server: Server = createServer((request, response) => {
    asked.push(request.url ?? "");
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

/** A chart repository: an index and packed charts. */
export async function chartRepository(
  charts: { name: string; version: string; bytes: Uint8Array; digest?: string; url?: string }[],
): Promise<Publisher> {
  const fileOf = ({ name, version }: { name: string; version: string }) => `packed/${name}-${version}.tgz`;
  const entries: Record<string, object[]> = {};
  for (const chart of charts) {
    const { name, version, digest, url = fileOf(chart) } = chart;
    (entries[name] ??= []).push({ name, version, urls: [url], ...(digest === undefined ? {} : { digest }) });
  }
  return serve(({ url }, response) => {
    if (url === "/charts/index.yaml") return response.end(stringify({ apiVersion: "v1", entries }));
    const chart = charts.find((each) => url === `/charts/${fileOf(each)}`);
    if (chart === undefined) response.statusCode = 404;
    return response.end(chart?.bytes);
  });
}

const MANIFEST = "application/vnd.oci.image.manifest.v1+json";

/** What a registry on this machine has. */
export interface RegistryOptions {
  /** Path of the repository, for example `charts/widgets`. */
  path: string;
  tag: string;
  bytes: Uint8Array;
  /** Digest that the manifest tells, `sha256:` left out; the right one by default. */
  digest?: string;
  mediaType?: string;
  /** Whether even who only reads needs a token; true by default, as public registries have it. */
  needsToken?: boolean;
}

/**
 * A registry that hands tokens to everybody.
 *
 * @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md "Pull"
 * @see https://distribution.github.io/distribution/spec/auth/token/
 */
export async function registry(options: RegistryOptions): Promise<Publisher> {
  const { path, tag, bytes, digest = sha256(bytes), needsToken = true } = options;
  const { mediaType = "application/vnd.cncf.helm.chart.content.v1.tar+gzip" } = options;
  const scope = `repository:${path}:pull`;
  const publisher: Publisher = await serve(({ url = "", headers }, response) => {
    const { pathname, searchParams } = new URL(url, "http://registry");
    if (pathname === "/token") {
      const isRight = searchParams.get("scope") === scope && searchParams.get("service") === "registry.example";
      return response.end(JSON.stringify({ token: isRight ? "everybody" : "nobody" }));
    }
    if (needsToken && headers.authorization !== "Bearer everybody") {
      const realm = `http://${publisher.host}/token`;
      response.setHeader("www-authenticate", `Bearer realm="${realm}",service="registry.example",scope="${scope}"`);
      response.statusCode = 401;
      return response.end("{}");
    }
    if (pathname === `/v2/${path}/manifests/${tag}` && headers.accept === MANIFEST) {
      const provenance = {
        mediaType: "application/vnd.cncf.helm.chart.provenance.v1.prov",
        digest: "sha256:0",
        size: 1,
      };
      const layers = [provenance, { mediaType, digest: `sha256:${digest}`, size: bytes.length }];
      response.setHeader("content-type", MANIFEST);
      return response.end(JSON.stringify({ schemaVersion: 2, mediaType: MANIFEST, layers }));
    }
    if (pathname === `/v2/${path}/blobs/sha256:${digest}`) return response.end(bytes);
    response.statusCode = 404;
    return response.end(JSON.stringify({ errors: [{ code: "MANIFEST_UNKNOWN" }] }));
  });
  return publisher;
}

/** A Git repository in a folder, with one commit that has a tag. */
export async function gitRepository(tag: string, files: Record<string, string>) {
  const folder = await scratchFolder();
  const git = async (...args: string[]) => {
    const identity = ["-c", "user.name=Test", "-c", "user.email=test@example.com"];
    return (await exec("git", ["-C", folder, ...identity, ...args])).stdout.trim();
  };
  await writeFiles(folder, files);
  await git("init", "--quiet");
  await git("add", ".");
  await git("commit", "--quiet", "--message", "All");
  // An annotated tag is an object of its own: what is locked is the commit.
  await git("tag", "--annotate", "--message", tag, tag);
  return { address: `file://${folder}`, commit: await git("rev-parse", "HEAD"), git, folder };
}
