import { describe, expect, it } from "vitest";
import { CHARTS, MANIFESTS } from "../../../components/model/versions";
import type { KubernetesObject } from "../../../components/rendering";
import {
  type Flaw,
  fixedSecretValues,
  flawsOf,
  flawsOfObject,
  flawsOfValues,
  type Rule,
  secretValues,
} from "../../support/flaws";
import type { Registered } from "../../support/mocks";
import { type PartTry, triesOf, tryPart } from "../../support/part-tries";
import { hasUpstream } from "../../support/platform-mirror";
import { allCases, titleOf } from "./all-cases";

/** A part with all pairs of its options takes seconds, and longer on a machine that does more than this. */
const TIMEOUT_MS = 180_000;

/** Flaws that are meant, and why. */
const meant: [flaw: RegExp, reason: string][] = [
  [
    /^rights for anybody: system:authenticated \(RoleBinding \S+\/kubeflow-(trainer|pipelines)-public\)$/,
    "lets clients read one ConfigMap, which tells the version",
  ],
];

/** Values of Secrets that are no secret, or that a program gives itself, by the Secret's name and key. */
const plain: [key: RegExp, value: RegExp, reason: string][] = [
  [/^grafana-admin(-2)? admin-user$/, /^admin$/, "a user's name"],
  [/^alertmanager-config alertmanager\.yaml$/, /^route: \{ receiver: none \}/, "the case gives it"],
  [/^oauth2-proxy-client secret$/, /^sample$/, "the case gives it"],
  [/ accesskey$/, /^ml\.(trainer|reader)$/, "a service account's name"],
  [
    /^seaweedfs-identities seaweedfs_s3_config$/,
    /^\{"identities":\[\{"name":"nobody","credentials":\[\],/,
    "lets nobody in",
  ],
  [/^mysql-secret username$/, /^root$/, "a user's name"],
  [/^model-registry-db-secrets (MYSQL_USER_NAME|POSTGRES_USER)$/, /^(root|registry)$/, "a user's name"],
];

describe("Every object of every part, with all pairs of options", { timeout: TIMEOUT_MS }, () => {
  const used = new Set<RegExp>();
  const sources = new Map<string, boolean>();

  it.each(allCases.map((partCase) => [titleOf(partCase), partCase] as const))(
    "is without flaws: %s",
    async (_, partCase) => {
      const tries: PartTry[] = [];
      const allArgs = await triesOf(partCase);
      for (const args of allArgs) tries.push(await tryPart(partCase, args));

      // What was made only once is made again, to see whether its Secrets differ.
      const { seenOnce } = fixedSecretValues(tries);
      const isSeenOnce = ({ resources }: PartTry) =>
        resources.flatMap(secretValues).some(({ key }) => seenOnce.includes(key));
      const again = allArgs.filter((_args, index) => isSeenOnce(tries[index]!));
      for (const args of again) tries.push(await tryPart(partCase, args));

      const flaws = [...new Set(tries.flatMap(flawsOf))];
      expect(
        flaws.filter(
          (flaw) =>
            !isMeant(
              flaw,
              meant.map(([pattern]) => pattern),
            ),
        ),
      ).toEqual([]);
      const { fixed, seenOnce: stillOnce } = fixedSecretValues(tries);
      expect(stillOnce).toEqual([]);
      expect(fixed.filter((each) => !isPlain(each)).map(({ key }) => key)).toEqual([]);

      for (const { title, objects } of tries.flatMap((each) => each.sources)) sources.set(title, objects !== undefined);
      // A part that rendered nothing would be found without flaws too.
      if (partCase.charts.some(({ inMirror }) => inMirror !== undefined)) {
        expect(tries.flatMap((each) => each.sources).filter(({ objects }) => (objects ?? []).length > 0)).not.toEqual(
          [],
        );
      }
    },
  );

  function isMeant(flaw: Flaw, patterns: RegExp[]): boolean {
    const pattern = patterns.find((each) => each.test(flaw));
    if (pattern !== undefined) used.add(pattern);
    return pattern !== undefined;
  }

  function isPlain({ key, value }: { key: string; value: string }): boolean {
    const own = key.replace(/^Secret ([^/ ]+\/)?/, "");
    const found = plain.find(([pattern, allowed]) => pattern.test(own) && allowed.test(value));
    if (found !== undefined) used.add(found[0]);
    return found !== undefined;
  }

  it("is looked at for every pinned source that can be had offline, and no exception is left over", ({ skip }) => {
    skip(sources.size === 0, "the tests before were not run");
    const absent = [...sources].filter(([, isThere]) => !isThere).map(([title]) => title.replace(/-v?\d.*$/, ""));
    const withoutModule = Object.values(CHARTS).filter((chart) => !("module" in chart));
    const own = withoutModule.map(({ chart }) => chart.slice(chart.lastIndexOf("/") + 1));
    const manifests = Object.values(MANIFESTS)
      .filter((each) => !("module" in each))
      .map(({ name }) => name);
    const expected = [...own, ...(hasUpstream ? [] : manifests)];
    expect([...new Set(absent)].sort()).toEqual(expected.sort());
    if (hasUpstream) expect([...meant, ...plain].filter(([pattern]) => !used.has(pattern))).toEqual([]);
  });
});

const pod = (container: object, spec: object = {}) => ({
  ...spec,
  containers: [
    { name: "main", image: "registry.example.com/a:1.0", resources: { limits: { memory: "1Gi" } }, ...container },
  ],
});
const deployment = (container: object, spec: object = {}): KubernetesObject => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "server", namespace: "team-a" },
  spec: { template: { spec: pod(container, spec) } },
});
const object = (kind: string, fields: object): KubernetesObject => ({
  apiVersion: "v1",
  kind,
  metadata: { name: "server", namespace: "team-a" },
  ...fields,
});
const flaws = (bad: KubernetesObject) => flawsOfObject(bad, { privileged: ["node-agents"] });
const base64 = (text: string) => Buffer.from(text).toString("base64");

describe("The search for flaws", () => {
  it.each<[what: string, rule: Rule, bad: KubernetesObject]>([
    [
      "a store's default password in a ConfigMap",
      "default credential",
      object("ConfigMap", { data: { a: "key=minio123" } }),
    ],
    [
      "the same encoded in a Secret",
      "default credential",
      object("Secret", { data: { secretkey: base64("minio123") } }),
    ],
    [
      "a store's default user",
      "default credential",
      object("Secret", { data: { "secret-key": base64("minio"), secretkey: base64("minio") } }),
    ],
    ["a console's default password", "default credential", object("ConfigMap", { data: { a: "console: console123" } })],
    [
      "Dex's user",
      "default credential",
      object("ConfigMap", { data: { a: "staticPasswords: [{ email: user@example.com }]" } }),
    ],
    ["Dex's password", "default credential", object("ConfigMap", { data: { a: "hash of 12341234" } })],
    [
      "a database's root password `test`",
      "default credential",
      object("Secret", { data: { MYSQL_ROOT_PASSWORD: base64("test") } }),
    ],
    ["a password `pulumi`", "default credential", object("Secret", { stringData: { password: "pulumi" } })],
    [
      "Grafana's password",
      "default credential",
      object("Secret", { stringData: { "admin-password": "prom-operator" } }),
    ],
    ["Grafana's other password", "default credential", object("Secret", { stringData: { "admin-password": "admin" } })],
    [
      "a switch for empty passwords",
      "default credential",
      deployment({ env: [{ name: "MYSQL_ALLOW_EMPTY_PASSWORD", value: "true" }] }),
    ],
    ["a proxy's cookie secret", "default credential", deployment({ args: ["--cookie-secret=c2VjcmV0c2VjcmV0"] })],
    [
      "a proxy's client secret",
      "default credential",
      object("ConfigMap", { data: { a: 'client_secret = "sZ0Kx9pq"' } }),
    ],
    [
      "credentials in an address",
      "default credential",
      object("ConfigMap", { data: { a: "mysql://root:hidden@db/x" } }),
    ],
    ["a password in a variable", "literal secret", deployment({ env: [{ name: "DB_PASSWORD", value: "hidden" }] })],
    ["a key in a variable", "literal secret", deployment({ env: [{ name: "SIGNING_KEY", value: "hidden" }] })],
    [
      "a token of an init container",
      "literal secret",
      deployment(
        {},
        { initContainers: [{ name: "init", image: "a:1", env: [{ name: "HF_TOKEN", value: "hidden" }] }] },
      ),
    ],
    ["an image `latest`", "image without release", deployment({ image: "registry.example.com/a:latest" })],
    ["an image without a tag", "image without release", deployment({ image: "registry.example.com:5000/team/a" })],
    [
      "an image `latest` in a ConfigMap",
      "image without release",
      object("ConfigMap", { data: { a: "image: team/a:latest\n" } }),
    ],
    ["a load balancer", "open service", object("Service", { spec: { type: "LoadBalancer" } })],
    ["a port of nodes", "open service", object("Service", { spec: { type: "NodePort" } })],
    ["a privileged container", "reaches into its node", deployment({ securityContext: { privileged: true } })],
    ["the network of the node", "reaches into its node", deployment({}, { hostNetwork: true })],
    [
      "a folder of the node",
      "reaches into its node",
      deployment({}, { volumes: [{ name: "host", hostPath: { path: "/" } }] }),
    ],
    ["a container without a memory limit", "no memory limit", deployment({ resources: { limits: { cpu: "1" } } })],
    [
      "a container without resources",
      "no memory limit",
      { ...deployment({ resources: undefined }), kind: "DaemonSet" },
    ],
    [
      "rights for the unknown",
      "rights for anybody",
      object("ClusterRoleBinding", { subjects: [{ kind: "User", name: "system:anonymous" }] }),
    ],
    [
      "rights for everybody",
      "rights for anybody",
      object("ClusterRoleBinding", { subjects: [{ kind: "Group", name: "system:unauthenticated" }] }),
    ],
    [
      "rights for default accounts",
      "rights for anybody",
      object("RoleBinding", { subjects: [{ kind: "ServiceAccount", name: "default" }] }),
    ],
  ])("finds %s", (_, rule, bad) => {
    expect(flaws(bad).map((flaw) => flaw.split(": ")[0])).toContain(rule);
  });

  it.each<[what: string, good: KubernetesObject]>([
    ["a plain Deployment", deployment({})],
    ["a digest in place of a tag", deployment({ image: `registry.example.com:5000/a@sha256:${"0".repeat(64)}` })],
    [
      "a password from a Secret",
      deployment({ env: [{ name: "DB_PASSWORD", valueFrom: { secretKeyRef: { name: "db", key: "password" } } }] }),
    ],
    [
      "the name of a Secret",
      deployment({
        env: [
          { name: "AWS_SECRET_NAME", value: "artifact-store" },
          { name: "TOKEN_FILE", value: "/t" },
        ],
      }),
    ],
    [
      "a secret that a variable refers to",
      deployment({ args: ["--client-secret=$(CLIENT_SECRET)", "--cookie-secret-file=/secrets/cookie"] }),
    ],
    ["a made-up password", object("Secret", { data: { password: base64("Wm3kPq8ZtR5vXy2N") } })],
    ["a Service within the cluster", object("Service", { spec: { clusterIP: "None" } })],
    [
      "pods of the node in a namespace for them",
      {
        ...deployment({ securityContext: { privileged: true } }),
        metadata: { name: "agent", namespace: "node-agents" },
      },
    ],
    [
      "rights of an account of its own",
      object("ClusterRoleBinding", { subjects: [{ kind: "ServiceAccount", name: "server" }] }),
    ],
  ])("does not mind %s", (_, good) => {
    expect(flaws(good)).toEqual([]);
  });

  it("finds secrets in a chart's values, and not what refers to a Secret", () => {
    expect(flawsOfValues("store-1.0", { admin: { password: "hidden", existingSecret: "store-admin" } })).toEqual([
      "literal secret: admin.password (values of store-1.0)",
    ]);
    expect(flawsOfValues("store-1.0", { rootPassword: "minio123", image: { tag: "latest" } })).toEqual([
      "default credential: rootPassword minio123 (values of store-1.0)",
      "literal secret: rootPassword (values of store-1.0)",
      "image without release: image.tag latest (values of store-1.0)",
    ]);
  });
});

/** A Secret as a part registers it, with its values in clear. */
function secret(name: string, stringData: object, others: Partial<Registered> = {}): Registered {
  const inputs = { apiVersion: "v1", kind: "Secret", metadata: { name, namespace: "team-a" }, stringData };
  return { type: "kubernetes:core/v1:Secret", name, inputs, secretInputs: ["stringData"], ...others } as Registered;
}

describe("The search for Secrets that everybody knows", () => {
  const ofAll = (...resources: Registered[]) => flawsOf({ resources, sources: [] });

  it("finds one that arrives in clear", () => {
    expect(ofAll(secret("keys", { password: "Wm3kPq8ZtR5v" }))).toEqual([]);
    expect(ofAll(secret("keys", { password: "Wm3kPq8ZtR5v" }, { secretInputs: [] }))).toEqual([
      "literal secret: stringData of Secret team-a/keys arrives in clear",
    ]);
  });

  it("finds one whose values come with a chart or manifests, and lets an empty one be, which a controller fills", () => {
    const rendering = { type: "mlstack:internal:RenderedObjects", name: "store", inputs: {} } as Registered;
    expect(ofAll(rendering, secret("certificate", {}, { parent: "store" }))).toEqual([]);
    expect(ofAll(rendering, secret("keys", { password: "Wm3kPq8ZtR5v" }, { parent: "store" }))).toEqual([
      "literal secret: Secret team-a/keys password",
    ]);
  });

  it("finds one with the same values each time it is made", () => {
    const made = [secret("made-up", { key: "a" }), secret("made-up", { key: "b" })];
    const same = [secret("written", { key: "c" }), secret("written", { key: "c" })];
    const once = secret("once", { key: "d" });
    expect(fixedSecretValues([...made, ...same, once].map((each) => ({ resources: [each] })))).toEqual({
      fixed: [{ key: "Secret team-a/written key", value: "c" }],
      seenOnce: ["Secret team-a/once key"],
    });
  });
});
