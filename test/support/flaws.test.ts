import { describe, expect, it } from "vitest";
import type { KubernetesObject } from "../../components/rendering";
import { fixedSecretValues, flawsOf, flawsOfObject, flawsOfValues, type Rule } from "./flaws";
import type { Registered } from "./mocks";

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
