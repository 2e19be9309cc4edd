import { type KubernetesObject, objectTitle } from "../../components/rendering";
import type { Registered } from "./mocks";
import type { PartTry } from "./part-tries";

/** What is wrong with an object: the rule that it breaks, and where. */
export type Flaw = `${Rule}: ${string}`;

/** Rules that every object of every part keeps. */
export type Rule =
  | "default credential"
  | "literal secret"
  | "image without release"
  | "open service"
  | "reaches into its node"
  | "no memory limit"
  | "rights for anybody";

/** What is known of the objects beside one. */
interface Surroundings {
  /** Namespaces that are labelled for pods with privileges. */
  privileged: string[];
}

interface Container {
  name: string;
  image?: string;
  env?: { name: string; value?: string }[];
  resources?: { limits?: { memory?: string } };
  securityContext?: { privileged?: boolean };
}

interface PodSpec {
  containers?: Container[];
  initContainers?: Container[];
  hostNetwork?: boolean;
  hostPID?: boolean;
  hostIPC?: boolean;
  volumes?: { name: string; hostPath?: object }[];
}

/** Everything that is wrong with what a part registered. */
export function flawsOf({ resources, sources }: Pick<PartTry, "resources" | "sources">): Flaw[] {
  const isObject = ({ type }: Registered) => /^kubernetes:[^:]+:\w+$/.test(type) && !type.startsWith("kubernetes:helm");
  const renderings = resources
    .filter(({ type }) => type === "mlstack:internal:RenderedObjects")
    .map(({ name }) => name);
  const isRendered = ({ parent = "" }: Registered) => renderings.includes(parent);
  const objects = resources.filter(isObject).map((resource) => ({ resource, object: objectOf(resource) }));
  const privileged = objects
    .filter(({ object }) => object.metadata.labels?.["pod-security.kubernetes.io/enforce"] === "privileged")
    .map(({ object }) => object.metadata.name);
  return [
    ...objects.flatMap(({ resource, object }) => [
      ...flawsOfObject(object, { privileged }),
      ...openSecrets(object, resource.secretInputs),
      ...(isRendered(resource) ? literalSecrets(object) : []),
    ]),
    ...sources.flatMap(({ title, values }) => flawsOfValues(title, values)),
  ];
}

function objectOf({ inputs }: Registered): KubernetesObject {
  return { ...inputs, metadata: { name: "(named by Pulumi)", ...(inputs["metadata"] as object) } } as KubernetesObject;
}

/** What is wrong with an object by itself. */
export function flawsOfObject(object: KubernetesObject, surroundings: Surroundings): Flaw[] {
  return rules.flatMap((rule) => rule(object, surroundings).map((flaw): Flaw => `${flaw} (${objectTitle(object)})`));
}

/** What is wrong with values that a component gives to a chart. */
export function flawsOfValues(title: string, values: Record<string, unknown>): Flaw[] {
  const flaws = leaves(values).flatMap(({ path, value }): Flaw[] => {
    const key = path.split(".").at(-1)!;
    return [
      ...defaultsIn(path, value),
      ...(isSecretName(key) && value !== "" && typeof value === "string" ? [literal(path)] : []),
      ...(key === "tag" && value === "latest" ? [unreleased(`${path} ${value}`)] : []),
    ];
  });
  return flaws.map((flaw): Flaw => `${flaw} (values of ${title})`);
}

/**
 * Values of Secrets that are the same however often the part is made, by Secret and key: nobody made them up.
 *
 * @param tries several tries; each Secret must be in two of them at least, or nothing is known of it.
 */
export function fixedSecretValues(tries: Pick<PartTry, "resources">[]) {
  const seen = new Map<string, string[]>();
  for (const { key, value } of tries.flatMap(({ resources }) => resources.flatMap(secretValues))) {
    seen.set(key, [...(seen.get(key) ?? []), value]);
  }
  const fixed = [...seen].flatMap(([key, values]) => {
    const repeated = values.filter((value, index) => values.indexOf(value) !== index);
    return [...new Set(repeated)].map((value) => ({ key, value }));
  });
  return { fixed, seenOnce: [...seen].filter(([, values]) => values.length === 1).map(([key]) => key) };
}

/** Values of a Secret in clear, by its title and key. */
export function secretValues(resource: Registered): { key: string; value: string }[] {
  if (resource.type !== "kubernetes:core/v1:Secret") return [];
  const object = objectOf(resource);
  return decodedData(object).map(({ key, value }) => ({ key: `${objectTitle(object)} ${key}`, value }));
}

function decodedData({ data, stringData }: KubernetesObject): { key: string; value: string }[] {
  const encoded = Object.entries((data ?? {}) as Record<string, string>).map(([key, value]) => {
    return { key, value: Buffer.from(value, "base64").toString() };
  });
  const plain = Object.entries((stringData ?? {}) as Record<string, string>).map(([key, value]) => ({ key, value }));
  return [...encoded, ...plain].filter(({ value }) => value !== "");
}

/** Texts that are known to everybody as credentials, wherever they stand. */
const knownTexts =
  /minio123|console123|12341234|user@example\.com|prom-operator|MYSQL_ALLOW_EMPTY_PASSWORD|ALLOW_EMPTY_PASSWORD|POSTGRES_HOST_AUTH_METHOD/;
/** Words that are credentials of some program's, where a secret stands. */
const knownWords = ["admin", "changeme", "console", "demo", "kubeflow", "minio", "password", "pulumi", "root", "test"];
/** Credentials in an address, and cookie or client secrets among settings; not references to variables or files. */
const writtenSecrets = [
  /\w:\/\/[^/\s:@$(){}]+:[^/\s:@$(){}]+@/,
  /(cookie|client)[-_]secret["']?\s*[=:]\s*["']?[\w+/-]{8}/,
];

function defaultsIn(path: string, value: unknown): Flaw[] {
  if (typeof value !== "string") return [];
  const found = [knownTexts, ...writtenSecrets].flatMap((pattern) => pattern.exec(value)?.[0] ?? []);
  const words = isSecretName(path.split(".").at(-1)!) && knownWords.includes(value) ? [value] : [];
  return [...found, ...words].map((text): Flaw => `default credential: ${path} ${text}`);
}

/** Whether what has this name holds a secret, and does not only tell where one is. */
function isSecretName(name: string): boolean {
  const words = name
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .replaceAll("-", "_")
    .toLowerCase();
  const isReference = /^(existing|config|use)_/.test(words);
  return (
    !isReference && /(password|passwd|secret|token|(access|secret|private)_?key|api_?key|credential)s?$/.test(words)
  );
}

/** Whether a variable holds a secret: more names than of settings do, and not those that tell where one is. */
function isSecretVariable(name: string): boolean {
  return (
    /PASS|SECRET|TOKEN|KEY|CREDENTIAL/i.test(name) && !/_(NAME|FILE|PATH|DIR|NAMESPACE|ENDPOINT|HOST)$/i.test(name)
  );
}

function literal(where: string): Flaw {
  return `literal secret: ${where}`;
}

function unreleased(where: string): Flaw {
  return `image without release: ${where}`;
}

type Check = (object: KubernetesObject, surroundings: Surroundings) => Flaw[];

const rules: Check[] = [
  function defaultCredentials(object) {
    const texts = leaves(object).flatMap(({ path, value }) => defaultsIn(path, value));
    if (object.kind !== "Secret") return texts;
    const secrets = decodedData(object).flatMap(({ key, value }) => defaultsIn(key, value));
    return [...texts, ...secrets];
  },

  function literalVariables(object) {
    const variables = containersIn(object).flatMap(({ env = [] }) => env);
    return variables
      .filter(({ name, value = "" }) => isSecretVariable(name) && value !== "")
      .map(({ name }) => literal(name));
  },

  function unreleasedImages(object) {
    const images = leaves(object).filter(({ path }) => /(^|\.)image$/.test(path));
    const untagged = images.filter(
      ({ value }) => typeof value === "string" && value !== "" && !/[^/]+[:@][^/]+$/.test(value),
    );
    const latest = leaves(object).flatMap(({ value }) => {
      return typeof value === "string" ? (/[\w./-]+:latest\b/.exec(value)?.[0] ?? []) : [];
    });
    return [...untagged.map(({ value }) => String(value)), ...latest].map(unreleased);
  },

  function openServices({ kind, spec }) {
    const { type = "ClusterIP" } = (spec ?? {}) as { type?: string };
    return kind === "Service" && type !== "ClusterIP" && type !== "ExternalName" ? [`open service: ${type}`] : [];
  },

  function reachesIntoNodes(object, { privileged }) {
    if (privileged.includes(object.metadata.namespace ?? "")) return [];
    return podSpecsIn(object).flatMap((pod) => {
      const host = (["hostNetwork", "hostPID", "hostIPC"] as const).filter((field) => pod[field] === true);
      const paths = (pod.volumes ?? []).filter(({ hostPath }) => hostPath !== undefined).map(({ name }) => name);
      const containers = containersOf(pod).filter(({ securityContext }) => securityContext?.privileged === true);
      const names = containers.map(({ name }) => `${name} is privileged`);
      return [...host, ...paths, ...names].map((what): Flaw => `reaches into its node: ${what}`);
    });
  },

  function unlimitedMemory(object) {
    if (!["Deployment", "StatefulSet", "DaemonSet"].includes(object.kind)) return [];
    const unlimited = podSpecsIn(object).flatMap(({ containers = [] }) =>
      containers.filter(({ resources }) => resources?.limits?.memory === undefined),
    );
    return unlimited.map(({ name }): Flaw => `no memory limit: ${name}`);
  },

  function rightsForAnybody({ kind, subjects }) {
    if (!/^(Cluster)?RoleBinding$/.test(kind)) return [];
    const anybody = /^system:(anonymous|unauthenticated|authenticated|serviceaccounts)$/;
    const given = (subjects ?? []) as { kind: string; name: string }[];
    return given
      .filter(
        (subject) => anybody.test(subject.name) || (subject.kind === "ServiceAccount" && subject.name === "default"),
      )
      .map(({ name }): Flaw => `rights for anybody: ${name}`);
  },
];

/** Values of Secrets that charts or manifests bring, and so everybody has. */
function literalSecrets(object: KubernetesObject): Flaw[] {
  if (object.kind !== "Secret") return [];
  return decodedData(object).map(({ key }) => literal(`${objectTitle(object)} ${key}`));
}

/** Values of Secrets that arrive at the engine in clear. */
function openSecrets(object: KubernetesObject, secretInputs: string[]): Flaw[] {
  if (object.kind !== "Secret" || decodedData(object).length === 0) return [];
  const open = ["data", "stringData"].filter((field) => object[field] !== undefined && !secretInputs.includes(field));
  return open.map((field) => literal(`${field} of ${objectTitle(object)} arrives in clear`));
}

/** Every pod that an object describes, at whatever depth. */
function podSpecsIn(node: unknown): PodSpec[] {
  if (typeof node !== "object" || node === null) return [];
  const own = Array.isArray((node as PodSpec).containers) ? [node as PodSpec] : [];
  return [...own, ...Object.values(node).flatMap(podSpecsIn)];
}

function containersOf({ containers = [], initContainers = [] }: PodSpec): Container[] {
  return [...containers, ...initContainers];
}

function containersIn(node: unknown): Container[] {
  return podSpecsIn(node).flatMap(containersOf);
}

function leaves(node: unknown, above = ""): { path: string; value: unknown }[] {
  if (typeof node !== "object" || node === null) return [{ path: above, value: node }];
  return Object.entries(node).flatMap(([key, value]) => leaves(value, above === "" ? key : `${above}.${key}`));
}
