import * as fc from "fast-check";
import { gpuInstanceTypes } from "../../components/model";
import { generalInstanceTypes } from "../../components/model/general-instance-types";
import { validPlatform } from "./platform-configurations";

/** A configuration as a user writes it, keys without their namespace. */
export type Written = Record<string, unknown>;

/** A valid configuration and a change at one path that makes it invalid. */
export interface Mistake {
  config: Written;
  /** Keys and list places from the top-level key to the planted value. */
  path: (string | number)[];
  value: unknown;
}

/** The configuration of the `local` stack, spelled out. */
export const localConfig = {
  cluster: { kind: "local" },
  systemPool: { instanceType: "m7i.2xlarge", nodes: 3 },
  gpuPools: [
    { name: "t4", instanceType: "g4dn.xlarge", minNodes: 2, maxNodes: 4 },
    { name: "a10g", instanceType: "g5.12xlarge", minNodes: 1, maxNodes: 2 },
  ],
  scenarios: ["mnist", "two-gpu-pod"],
};

/** What Pulumi hands over: full keys, text as it is, everything else as JSON. */
export function handedOver(config: Written): Record<string, string> {
  const entries = Object.entries(config).map(([key, value]) => {
    return [`mlstack:${key}`, typeof value === "string" ? value : JSON.stringify(value)];
  });
  return Object.fromEntries(entries) as Record<string, string>;
}

/** The configuration with another value at a path; lists and mappings on the way are made where they are missing. */
export function planted({ config, path, value }: Mistake): Written {
  const copy = structuredClone(config);
  let node = copy;
  path.slice(0, -1).forEach((segment, index) => {
    node[segment] ??= typeof path[index + 1] === "number" ? [] : {};
    node = node[segment] as Written;
  });
  if (value === undefined) Reflect.deleteProperty(node, path.at(-1)!);
  else node[path.at(-1)!] = value;
  return copy;
}

/** The path as a message spells it. */
export function spelled([key, ...rest]: (string | number)[]): string {
  const spell = (segment: string | number) => {
    if (typeof segment === "number") return `[${segment}]`;
    return /^[A-Za-z_]\w*$/.test(segment) ? `.${segment}` : `["${segment}"]`;
  };
  return `mlstack:${key}${rest.map(spell).join("")}`;
}

const word = fc.stringMatching(/^[a-z]{1,12}$/);
const poolName = word.filter((name) => name !== "system");
const wholeGpuTypes = gpuInstanceTypes().filter(({ gpuCount }) => gpuCount > 0);
const gpuType = fc.constantFrom(...wholeGpuTypes.map(({ instanceType }) => instanceType));
const generalType = fc.constantFrom(...generalInstanceTypes().map(({ instanceType }) => instanceType));
const effect = fc.constantFrom("NoSchedule", "PreferNoSchedule", "NoExecute");
const labelKey = word.map((name) => `example.com/${name}`);

const taints = fc.uniqueArray(fc.record({ key: labelKey, value: word, effect }, { requiredKeys: ["key", "effect"] }), {
  selector: ({ key, effect: effectOf }) => key + effectOf,
  maxLength: 3,
});

/** Most nodes of a pool. */
const MAX_NODES = 5000;

const scale = fc
  .tuple(fc.nat(MAX_NODES), fc.nat(MAX_NODES))
  .filter(([a, b]) => a + b > 0)
  .map(([a, b]) => ({ minNodes: Math.min(a, b), maxNodes: Math.max(a, b) }));

const gpuPool = fc
  .tuple(
    scale,
    fc.record(
      {
        name: poolName,
        instanceType: gpuType,
        capacityType: fc.constantFrom("on-demand", "spot"),
        labels: fc.dictionary(labelKey, word, { maxKeys: 3 }),
        taints,
      },
      { requiredKeys: ["name", "instanceType"] },
    ),
  )
  .map(([nodes, pool]) => ({ ...pool, ...nodes }));

const devicePlugin = fc.record(
  {
    deviceListStrategy: fc.constantFrom("cdi-cri", "volume-mounts", "envvar"),
    migStrategy: fc.constantFrom("none", "single", "mixed"),
  },
  { requiredKeys: [] },
);

const timeSlicing = fc.record(
  { replicas: fc.integer({ min: 2, max: 50 }), renameByDefault: fc.boolean() },
  { requiredKeys: ["replicas"] },
);

const systemPool = fc.record(
  { instanceType: generalType, nodes: fc.integer({ min: 1, max: MAX_NODES }) },
  { requiredKeys: [] },
);

const pools = fc.uniqueArray(gpuPool, { selector: ({ name }) => name, minLength: 2, maxLength: 4 });

const onLocal = fc.record(
  {
    cluster: fc.record({ kind: fc.constant("local"), kubeconfig: word }, { requiredKeys: ["kind"] }),
    systemPool,
    gpuPools: pools,
    devicePlugin: fc.tuple(devicePlugin, fc.option(timeSlicing)).map(([plugin, slices]) => {
      return slices === null ? plugin : { ...plugin, timeSlicing: slices };
    }),
    platform: validPlatform,
  },
  { requiredKeys: ["cluster", "gpuPools"] },
);

/** A pool that every scenario runs on. */
const roomyPool = { name: "roomy-pool", instanceType: "g5.12xlarge", minNodes: 1, maxNodes: 1 };

const withScenarios = fc
  .tuple(onLocal, devicePlugin, fc.uniqueArray(fc.constantFrom("mnist", "two-gpu-pod")))
  .map(([config, plugin, scenarios]) => {
    return { ...config, gpuPools: [...config.gpuPools, roomyPool], devicePlugin: plugin, scenarios };
  });

const onExisting = fc.record(
  {
    cluster: fc.record(
      { kind: fc.constant("existing"), context: word, kubeconfig: word },
      { requiredKeys: ["kind", "context"] },
    ),
    devicePlugin,
    scenarios: fc.uniqueArray(fc.constantFrom("mnist", "two-gpu-pod")),
  },
  { requiredKeys: ["cluster"] },
);

/** Configurations that are accepted. */
export const validConfig: fc.Arbitrary<Written> = fc.oneof(onLocal, withScenarios, onExisting);

const notText = fc.oneof(fc.integer(), fc.boolean(), fc.constant(null), fc.array(word), fc.dictionary(word, word));
const tooMany = fc.integer({ min: MAX_NODES + 1 });
const notCount = fc.oneof(fc.integer({ max: -1 }), fc.constant(0.5), word, fc.boolean(), fc.constant(null));
const notList = fc.oneof(fc.integer(), fc.boolean(), word, fc.dictionary(word, word));
const notMapping = fc.oneof(fc.integer(), fc.boolean(), word, fc.array(word));
const notName = fc.oneof(
  notText,
  word.map((name) => `-${name}`),
  word.map((name) => name.toUpperCase()),
  fc.constant(""),
);
const notLabel = fc.oneof(
  notText,
  word.map((name) => `${name}-`),
  fc.constant("x".repeat(64)),
);
const missing = fc.constant(undefined);
const anything = fc.oneof(notText, word);

/** A name that no object has by itself, as `constructor` is. */
const tenantName = word.map((name) => `team-${name}`);

/** A word that differs from every known one. */
const unknownKey = word.map((name) => `${name}X`);

/** An instance type with two neighbouring letters swapped, so that the catalogue does not list it. */
const misspelt = (type: fc.Arbitrary<string>, known: string[]) =>
  fc
    .tuple(type, fc.nat(6))
    .map(([name, at]) => name.slice(0, at) + (name[at + 1] ?? "x") + (name[at] ?? "x") + name.slice(at + 2))
    .filter((name) => !known.includes(name));

const wrongGpuType = fc.oneof(
  notText,
  generalType,
  misspelt(
    gpuType,
    gpuInstanceTypes().map(({ instanceType }) => instanceType),
  ),
);
const wrongGeneralType = fc.oneof(
  notText,
  gpuType,
  misspelt(
    generalType,
    generalInstanceTypes().map(({ instanceType }) => instanceType),
  ),
);

/** Stands for the place of any pool. */
const POOL = Symbol("place of a pool");

/** Where a mistake can be made, segment by segment, and the values that are mistakes there. */
type Place = (string | number | typeof POOL | fc.Arbitrary<string>)[];
const mistakes: [Place, fc.Arbitrary<unknown>][] = [
  [[unknownKey], anything],
  [["cluster"], fc.oneof(notMapping, missing)],
  [["cluster", "kind"], fc.oneof(notText, unknownKey, missing)],
  [["cluster", "kubeconfig"], fc.oneof(notText, fc.constant(""))],
  [["cluster", "context"], anything],
  [["cluster", unknownKey], anything],
  [["systemPool"], notMapping],
  [["systemPool", "instanceType"], wrongGeneralType],
  [["systemPool", "nodes"], fc.oneof(notCount, fc.constantFrom(0, 2.5), tooMany)],
  [["systemPool", unknownKey], anything],
  [["gpuPools"], notList],
  [["gpuPools", POOL], notMapping],
  [["gpuPools", POOL, "name"], fc.oneof(notName, fc.constant("system"), missing)],
  [["gpuPools", POOL, "instanceType"], fc.oneof(wrongGpuType, missing)],
  [["gpuPools", POOL, "minNodes"], fc.oneof(notCount, tooMany)],
  [["gpuPools", POOL, "maxNodes"], fc.oneof(notCount, fc.constant(0), tooMany, missing)],
  [["gpuPools", POOL, "capacityType"], fc.oneof(notText, unknownKey)],
  [["gpuPools", POOL, "labels"], notMapping],
  [["gpuPools", POOL, "labels", labelKey], notLabel],
  [["gpuPools", POOL, "labels", unknownKey.map((key) => `${key}/`)], word],
  [["gpuPools", POOL, "labels", fc.constant("mlstack.dev/pool")], word],
  [["gpuPools", POOL, "taints"], notList],
  [["gpuPools", POOL, "taints", 0], fc.oneof(notMapping, fc.constant({ key: "nvidia.com/gpu", effect: "NoSchedule" }))],
  [["gpuPools", POOL, "taints", 0, "key"], fc.oneof(notText, fc.constant("a key"))],
  [["gpuPools", POOL, "taints", 0, "value"], notLabel],
  [["gpuPools", POOL, "taints", 0, "effect"], fc.oneof(notText, unknownKey)],
  [["gpuPools", POOL, "taints", 0, unknownKey], anything],
  [["gpuPools", POOL, unknownKey], anything],
  [["devicePlugin"], notMapping],
  [["devicePlugin", "deviceListStrategy"], fc.oneof(notText, unknownKey)],
  [["devicePlugin", "migStrategy"], fc.oneof(notText, unknownKey)],
  [["devicePlugin", "timeSlicing"], notMapping],
  [["devicePlugin", "timeSlicing", "replicas"], fc.oneof(notCount, fc.constantFrom(0, 1), missing)],
  [["devicePlugin", "timeSlicing", "renameByDefault"], fc.oneof(word, fc.integer())],
  [["devicePlugin", "timeSlicing", unknownKey], anything],
  [["devicePlugin", unknownKey], anything],
  [["platform"], notMapping],
  [["platform", unknownKey], anything],
  [["platform", "fullTypes"], fc.oneof(word, fc.integer())],
  [["platform", "parts"], notMapping],
  [["platform", "parts", unknownKey], anything],
  [["platform", "parts", "kueue"], notMapping],
  [["platform", "parts", "kueue", "replicas"], fc.oneof(notCount, fc.constant(0))],
  [["platform", "parts", "kueue", "resources", "cpu"], fc.oneof(notText, word)],
  [["platform", "parts", "kueue", unknownKey], anything],
  [["platform", "parts", "tenants"], notMapping],
  [["platform", "parts", "tenants", tenantName, "limits", "gpus"], notCount],
  [["platform", "parts", "tenants", tenantName, "serviceAccounts", 0, "name"], fc.oneof(notName, missing)],
  [["scenarios"], notList],
  [["scenarios", 0], fc.oneof(notText, unknownKey)],
  [["scenarioStorageClass"], fc.constantFrom("", "EFS", "-efs")],
  [["scenarioArtifactStore"], notMapping],
  [["commit"], fc.constantFrom("", "main", "123456", "ABCDEF0")],
];

/** Configurations with one mistake, each row of the table as often as the others. */
export const mistaken: fc.Arbitrary<Mistake> = fc.oneof(
  ...mistakes.map(([place, value]) => {
    const segments = place.map((segment) => {
      if (segment === POOL) return fc.constantFrom(0, 1);
      return typeof segment === "object" ? segment : fc.constant(segment);
    });
    return fc.record({ config: onLocal, path: fc.tuple(...segments), value });
  }),
  onLocal.map((config) => ({ config, path: ["gpuPools", 1, "name"], value: config.gpuPools[0]?.name })),
);
