import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isTreeObject, type Tree, type TreeObject } from "../../components/model";
import { KINDS_WITH_PODS } from "../../components/model/pod-sets/pod-sets-of";
import { levelIn, type Rule } from "../../policies/engine/rule";
import { BAD_CONFIGURATION, RULE_FAILED } from "../../policies/engine/verdict";
import { resourcesIn, writtenResourceOf, type WrittenResource } from "../../policies/engine/written-resource";
import { ALL_RULES } from "../../policies/packs";
import { checkoutRoot } from "../../rehearsal/checkout";
import { analyze, analyzeStack, job, type Diagnostic, type TestConfig, type TestResource } from "./analyzer";
import { leafPathsOf, withLeaf, type LeafPath } from "./leaves";
import { LIFTS, type WrittenPod } from "./lifted-pod";

/**
 * How many trees are judged: 2,000, or as many as the environment says, for example with
 * `MLSTACK_FUZZ_TREES=100000 npx vitest run test/policies/arbitrary-trees.test.ts`, which takes some minutes.
 */
const TREES = Number(process.env["MLSTACK_FUZZ_TREES"] ?? 2_000);

/** The same trees in every run of the gate, where one in many thousands would be a riddle; other trees where many are asked for. */
const SEED = process.env["MLSTACK_FUZZ_TREES"] === undefined ? { seed: 20_261_126 } : {};

/** Trees that are judged together as a stack. */
const STACK_SIZE = 4;

/** No tree may take more of the processor's time, in milliseconds; most take a few. */
const SLOWEST = 2_000;

const RULES = [...ALL_RULES];

/** The strictest profile for every policy, and besides the rules that are off even there. */
const CONFIG: TestConfig = Object.fromEntries(
  RULES.map((rule) => policyOf(rule)).map((policy) => {
    const off = RULES.filter((rule) => policyOf(rule) === policy && levelIn(rule, "prod") === "disabled");
    return [policy, { profile: "prod", rules: Object.fromEntries(off.map(({ id }) => [id, "advisory"])) }];
  }),
);

function policyOf(rule: Rule): string {
  return "judgeStack" in rule ? `${rule.family}-stack` : rule.family;
}

/** What CrossGuard puts in place of what is not known: text, a number, a switch, a list, an object, two kinds of files. */
const UNKNOWNS = [
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
];

/** Stands for a secret; no message may hold it. */
const CANARY = "canary0f1e2d3c";

/** Fields below which any text may be a secret, so that no message may quote it. */
const SECRET_PARTS = new Set(["args", "command", "data", "stringData", "values", "sparkConf", "hadoopConf"]);

/** Fields whose text may hold a secret itself; `value` is that of an environment variable or a parameter. */
const SECRET_TEXTS = new Set(["configurationValues", "manifest", "podSpecPatch", "source", "userData", "value"]);

/** Every word of the rules' own sources: names of fields and values that they look for. */
const WORDS = [...wordsOf("policies"), ...wordsOf(join("components", "model", "pod-sets"))];

function wordsOf(folder: string): string[] {
  const root = join(checkoutRoot(), folder);
  const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((file) => /(?<!\.d)\.ts$/.test(file));
  const words = files.flatMap((file) => {
    const literals = readFileSync(join(root, file), "utf8").matchAll(/"([\w./:*-]{1,40})"/g);
    return [...literals].flatMap(([, literal = ""]) => [literal, ...literal.split(".")]);
  });
  return [...new Set(words)].filter((word) => word !== "");
}

/** A pod of which much is wrong, for every kind that it can be written in. */
const POD: WrittenPod = {
  metadata: { labels: { app: "it" }, annotations: {} },
  spec: {
    hostNetwork: true,
    nodeSelector: { "node.kubernetes.io/instance-type": "p5.48xlarge" },
    tolerations: [{ operator: "Exists" }],
    volumes: [{ name: "host", hostPath: { path: "/var/run/containerd/containerd.sock" } }],
    containers: [
      {
        name: "main",
        image: "registry.example/it:latest",
        command: ["sh", "-c"],
        args: ["vllm serve --trust-remote-code --model http://models.example/it"],
        env: [{ name: "AWS_SECRET_ACCESS_KEY", value: "it" }],
        securityContext: { privileged: true, runAsUser: 0, capabilities: { add: ["SYS_ADMIN"] } },
        resources: { limits: { "nvidia.com/gpu": 2 } },
        livenessProbe: { httpGet: { host: "127.0.0.1", port: 80 } },
        ports: [{ hostPort: 80 }],
      },
    ],
  },
};

/** Stacks that rules have much to say about: all their examples, and the pod in every kind. */
const MODELS: WrittenResource[][] = [
  ...RULES.flatMap(({ examples: { bad, good } }) => [resourcesIn(bad), resourcesIn(good)]),
  ...LIFTS.map(({ lift }) => lift(POD).flatMap((object) => writtenResourceOf(object) ?? [])),
];

const words = fc.constantFrom(...WORDS);
const leaves = fc.oneof(
  { arbitrary: words, weight: 3 },
  fc.constantFrom<Tree>(...UNKNOWNS, null, true, false, 0, 1, -1, 0.5, 1e21, "", "a:b@c/d:", "{{x}}", "${x}", "5Gi"),
  fc.jsonValue({ maxDepth: 1 }) as fc.Arbitrary<Tree>,
);
const keys = fc.oneof({ arbitrary: words, weight: 9 }, fc.constantFrom("constructor", "__proto__", "", "a.b", "0"));
const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 6, withCrossShrink: true },
    leaves,
    fc.array(tie("tree"), { maxLength: 3 }),
    fc.dictionary(keys, tie("tree"), { maxKeys: 5 }),
  ),
}));

const heads = fc.constantFrom(
  ...KINDS_WITH_PODS.flatMap((name) => [headOf(name), headOf(`${name}List`)]),
  ...MODELS.flat().map(({ type, properties: { apiVersion, kind } }): WrittenResource => {
    return { type, name: "it", properties: { apiVersion, kind } };
  }),
);

function headOf(groupAndKind: string): WrittenResource {
  const [group = "", kind = ""] = groupAndKind.split("/");
  const apiVersion = group === "" ? "v1" : `${group}/v1`;
  return {
    type: `kubernetes:${group === "" ? "core/v1" : apiVersion}:${kind}`,
    name: "it",
    properties: { apiVersion, kind },
  };
}

/** A resource of a kind that rules know, made of their words. */
const wild = fc
  .tuple(heads, fc.dictionary(keys, tree, { maxKeys: 6 }))
  .map(([head, body]): WrittenResource => ({ ...head, properties: { ...body, ...head.properties } }));

/** A resource with some of its parts changed. */
function changed(model: WrittenResource): fc.Arbitrary<WrittenResource> {
  return fc.array(fc.tuple(fc.nat(), tree), { maxLength: 4 }).map((changes) => {
    const properties = changes.reduce<Tree>((whole, [place, part]) => {
      const paths = pathsOf(whole);
      return withLeaf(whole, paths[place % paths.length] ?? ["it"], part);
    }, model.properties);
    return { ...model, properties: isTreeObject(properties) ? properties : {} };
  });
}

/** At least {@link STACK_SIZE} resources, of which some belong together. */
const stacks = fc.constantFrom([], ...MODELS).chain((models) => {
  const others = { minLength: Math.max(STACK_SIZE - models.length, 1), maxLength: STACK_SIZE };
  return fc
    .tuple(fc.tuple(...models.map(changed)), fc.array(wild, others), fc.nat({ max: 3 }))
    .map(([some, more, choice]) => [...some, ...more].map((one) => withCanaries(one, choice)));
});

/** The paths of all nodes of a tree, leaves and what is above them. */
function pathsOf(node: Tree): LeafPath[] {
  const leafPaths = leafPathsOf(node);
  return leafPaths.flatMap((path) => path.map((_, index) => path.slice(0, index + 1)));
}

/** A resource with the canary in half of the places where secrets may be: alone, behind what is there, or in an address. */
function withCanaries({ type, name, properties }: WrittenResource, choice: number): TestResource {
  const props = leafPathsOf(properties).reduce<Tree>((whole, path, index) => {
    const before = valueAt(properties, path);
    const turn = (choice + index) % 4;
    if (turn > 1 || typeof before !== "string" || UNKNOWNS.includes(before)) return whole;
    if (isSecretPlace(path)) return withLeaf(whole, path, turn === 0 ? CANARY : before + CANARY);
    const address = /^([a-z][a-z0-9+]*:\/\/)(.*)$/s.exec(path.at(-1) === "image" ? `image://${before}` : before);
    if (address === null) return whole;
    const [, scheme = "", place = ""] = address;
    return withLeaf(whole, path, `${scheme.replace("image://", "")}user:${CANARY}@${place}`);
  }, properties);
  return { type, name, props: props as TreeObject };
}

function isSecretPlace(path: LeafPath): boolean {
  const isTaint = path.some((step) => step === "taints" || step === "tolerations" || step === "queues");
  const isText = SECRET_TEXTS.has(String(path.at(-1))) && !isTaint;
  return isText || path.slice(0, -1).some((step) => SECRET_PARTS.has(String(step)));
}

function valueAt(node: Tree, path: LeafPath): Tree {
  return path.reduce<Tree>((holder, step) => (holder as Record<string, Tree>)[step], node);
}

describe("arbitrary trees", () => {
  it(`never make a rule fail, stall or tell a secret (${TREES} trees)`, { timeout: 60_000 + TREES * 200 }, () => {
    let withCanary = 0;
    fc.assert(
      fc.property(stacks, (stack) => {
        const diagnostics = judgedInTime(stack);
        const messages = diagnostics.map(({ message }) => message);
        withCanary += JSON.stringify(stack).includes(CANARY) ? 1 : 0;

        expect(diagnostics.filter(({ name }) => name === RULE_FAILED || name === BAD_CONFIGURATION)).toEqual([]);
        expect(messages.filter((message) => message.includes(CANARY))).toEqual([]);
      }),
      { numRuns: Math.ceil(TREES / STACK_SIZE), ...SEED },
    );

    // Without secrets in the trees, messages have none to tell.
    expect(withCanary).toBeGreaterThan(TREES / STACK_SIZE / 5);
  });

  it("never make the reading of configuration fail", () => {
    const config = fc.dictionary(fc.oneof(fc.constant("rules"), fc.string()), fc.jsonValue());

    fc.assert(
      fc.property(config, (given) => {
        analyze(RULES, job(), Object.fromEntries(RULES.map((rule) => [policyOf(rule), given])));
      }),
    );
  });
});

/** What the rules say of a stack and of each of its resources, each said in time. */
function judgedInTime(stack: TestResource[]): Diagnostic[] {
  const judgements = [
    ...stack.map((one) => () => analyze(RULES, one, CONFIG)),
    () => analyzeStack(RULES, stack, CONFIG),
  ];
  return judgements.flatMap((judge) => {
    const before = process.cpuUsage();
    const diagnostics = judge();
    expect(process.cpuUsage(before).user / 1_000).toBeLessThan(SLOWEST);
    return diagnostics;
  });
}
