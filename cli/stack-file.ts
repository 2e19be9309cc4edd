import { existsSync } from "node:fs";
import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { distance } from "fastest-levenshtein";
import { isMap, isSeq, parseDocument, Scalar, visit, YAMLParseError } from "yaml";
import { AUTOSCALING, startsNodesLocally } from "../components/model/local-autoscaling";
import { callersPath, checkoutRoot } from "../rehearsal/checkout";
import { Problem } from "../rehearsal/problem";
import type { AskedRealNodes } from "../rehearsal/real-node/tool";

/** Options that name a stack, shared by every command that works on one. */
export interface StackOptions {
  stack: string;
  /** Configuration file in place of `stacks/Pulumi.<stack>.yaml`. */
  config?: string;
}

/** What the command line itself must know of a stack; all the rest is the Pulumi program's. */
export interface StackFile {
  name: string;
  path: string;
  /** Whether the file is where Pulumi looks by itself. */
  isDefault: boolean;
  /** Whether the stack runs on the embedded control plane: any whose `mlstack:cluster` is not of another kind. */
  embedded: boolean;
  /** Whether it has a platform whose charts come out of Go modules; false by default. */
  needsMirror?: boolean;
  /** Whether Karpenter starts the nodes of its GPU pools on the embedded cluster; false by default. */
  scalesLocally?: boolean;
  /** Parts of the platform whose controllers run as processes of this machine; by default no controllers run so. */
  controllersOf?: string[];
  /** Real nodes that it wants beside the simulated ones; none by default. */
  realNodes?: AskedRealNodes;
  /** Parts of its platform, by their keys; none by default. */
  parts?: string[];
  /** Names of its scenarios; none by default. */
  scenarios?: string[];
}

/** Kinds of clusters that are somewhere else. */
const ELSEWHERE: unknown[] = ["existing", "eks"];

/** Stands for each secret of a configuration, which can be decrypted only where the stack belongs. */
const NO_SECRET = "secret-not-read-offline";

/**
 * Finds the configuration of a stack.
 *
 * @throws {Problem} when there is none, or when it is no YAML.
 */
export async function readStackFile({ stack: name, config }: StackOptions): Promise<StackFile> {
  const folder = join(checkoutRoot(), "stacks");
  const path = config === undefined ? join(folder, `Pulumi.${name}.yaml`) : callersPath(config);
  if (!existsSync(path) && config !== undefined) {
    throw new Problem(`${path} does not exist`, "Name a configuration file that does with --config, or leave it out.");
  }
  if (!existsSync(path)) {
    const known = (await readdir(folder)).flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []);
    const nearest = known.sort((a, b) => distance(a, name) - distance(b, name))[0];
    throw new Problem(
      `there is no stack "${name}": ${path} does not exist`,
      `Name one of ${known.join(", ")} with --stack${nearest === undefined ? "" : ` (did you mean ${nearest}?)`}, or create the file.`,
    );
  }
  const document = parseStackFile(path, await readFile(path, "utf8"));
  const cluster: unknown = document.getIn(["config", "mlstack:cluster"]);
  const kind = isMap(cluster) ? cluster.get("kind") : undefined;
  const isEmbedded = !ELSEWHERE.includes(kind);
  return {
    name,
    path,
    isDefault: config === undefined,
    embedded: isEmbedded,
    needsMirror: isEmbedded && needsMirror(document),
    scalesLocally: isEmbedded && scalesLocally(document),
    ...(isEmbedded && controllersIn(document) === "processes" ? { controllersOf: controllersOf(document) } : {}),
    ...(isEmbedded ? realNodesIn(document) : {}),
    parts: partsIn(document),
    scenarios: namesIn(document.getIn(["config", "mlstack:scenarios"])),
  };
}

/**
 * Writes the configuration that Pulumi runs an embedded stack with: the stack's own, the path of the embedded cluster's
 * kubeconfig, the mirror of charts where it names no other, and the encryption salt that Pulumi keeps beside them. It is a
 * copy in the state folder, so that running a stack changes no file of the checkout.
 *
 * @param chartMirror folder with charts out of Go modules; undefined where the stack needs none.
 */
export async function writeEmbeddedStackFile(
  stack: StackFile,
  target: string,
  { kubeconfig, chartMirror }: { kubeconfig: string; chartMirror: string | undefined },
): Promise<void> {
  const document = parseStackFile(stack.path, await readFile(stack.path, "utf8"));
  setKubeconfig(document, kubeconfig);
  if (chartMirror !== undefined && needsMirror(document)) document.setIn([...PLATFORM_KEY, "chartMirror"], chartMirror);
  if (chartMirror !== undefined && scalesLocally(document)) {
    document.setIn(["config", "mlstack:cluster", "moduleCharts"], chartMirror);
  }
  await writeWithSalt(document, target);
}

/**
 * Writes the configuration that an offline stack runs with: the stack's own, without its encryption, its environments
 * and the values of its secrets, and with a kubeconfig in place of that of a cluster that is not made by the stack.
 *
 * @param chartMirror folder with charts to render; by default none are rendered.
 */
export async function writeOfflineStackFile(
  stack: StackFile,
  target: string,
  kubeconfig: string,
  chartMirror?: string,
): Promise<void> {
  const document = parseStackFile(stack.path, await readFile(stack.path, "utf8"));
  for (const key of ["encryptionsalt", "encryptedkey", "secretsprovider", "environment"]) document.delete(key);
  visit(document, {
    Map: (_, map) => (map.items.length === 1 && map.has("secure") ? new Scalar(NO_SECRET) : undefined),
  });
  if (document.getIn(["config", "mlstack:cluster", "kind"]) !== "eks") setKubeconfig(document, kubeconfig);
  if (chartMirror !== undefined && needsMirror(document)) document.setIn([...PLATFORM_KEY, "chartMirror"], chartMirror);
  await writeWithSalt(document, target);
}

const PLATFORM_KEY = ["config", "mlstack:platform"];

/** Tells whether a stack has a platform that names no mirror of its own. */
function needsMirror(document: ReturnType<typeof parseDocument>): boolean {
  const platform: unknown = document.getIn(PLATFORM_KEY);
  return isMap(platform) && !platform.has("chartMirror");
}

/** Parts whose controllers are to run. */
function controllersOf(document: ReturnType<typeof parseDocument>): string[] {
  const named = partsIn(document);
  return scalesLocally(document) ? [...named, AUTOSCALING] : named;
}

function partsIn(document: ReturnType<typeof parseDocument>): string[] {
  const parts: unknown = document.getIn([...PLATFORM_KEY, "parts"]);
  return isMap(parts) ? parts.items.map(({ key }) => String(key)) : [];
}

/** Tells whether a stack has GPU pools whose nodes Karpenter starts, which it does where controllers run. */
function scalesLocally(document: ReturnType<typeof parseDocument>): boolean {
  const pools: unknown = document.getIn(["config", "mlstack:gpuPools"]);
  const backEnds = isSeq(pools) ? pools.items.map((pool) => (isMap(pool) ? pool.get("backEnd") : undefined)) : [];
  return startsNodesLocally(controllersIn(document), backEnds);
}

/** What a stack says of real nodes, as far as it can be read; the program of the stack tells what is wrong with it. */
function realNodesIn(document: ReturnType<typeof parseDocument>): Pick<StackFile, "realNodes"> {
  const said: unknown = document.getIn(["config", "mlstack:cluster", "realNodes"]);
  if (!isMap(said)) return {};
  const number = (key: string) => {
    const value: unknown = said.get(key);
    return typeof value === "number" ? { [key]: value } : {};
  };
  const namespaces = said.has("namespaces") ? { namespaces: namesIn(said.get("namespaces")) } : {};
  return { realNodes: { count: 1, ...number("count"), ...number("gpus"), ...number("cpus"), ...namespaces } };
}

function namesIn(list: unknown): string[] {
  return isSeq(list) ? list.toJSON().filter((name) => typeof name === "string") : [];
}

function controllersIn(document: ReturnType<typeof parseDocument>): unknown {
  return document.getIn(["config", "mlstack:cluster", "controllers"]);
}

function setKubeconfig(document: ReturnType<typeof parseDocument>, kubeconfig: string): void {
  // Anything but a mapping is a mistake, which the program reports with its path.
  if (isMap(document.getIn(["config", "mlstack:cluster"]))) {
    document.setIn(["config", "mlstack:cluster", "kubeconfig"], kubeconfig);
  }
}

/** Pulumi keeps the salt of a stack's encryption in the file that it is run with. */
async function writeWithSalt(document: ReturnType<typeof parseDocument>, target: string): Promise<void> {
  if (existsSync(target)) {
    const salt: unknown = parseStackFile(target, await readFile(target, "utf8")).get("encryptionsalt");
    if (salt !== undefined) document.set("encryptionsalt", salt);
  }
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, document.toString());
}

function parseStackFile(path: string, text: string): ReturnType<typeof parseDocument> {
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error instanceof YAMLParseError) {
    throw new Problem(`${path} is not valid YAML: ${error.message}`, "Mend the file and run the command again.");
  }
  return document;
}
