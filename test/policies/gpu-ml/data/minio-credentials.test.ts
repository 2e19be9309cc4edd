import { describe, expect, it } from "vitest";
import { minioCredentials } from "../../../../policies/gpu-ml/data/minio-credentials";
import { analyze, job, lines, UNKNOWN_STRING, type TestResource } from "../../analyzer";
import { chart, notKnown, release } from "../helm/charts";

const CHANGE =
  "allowed: a generated password from a Secret. " +
  "Generate one, keep it in a Secret, and change the password of the running server.";
const WELL_KNOWN = `is a password that is well known; ${CHANGE}`;
const EMPTY = `is empty, which means the well-known password; ${CHANGE}`;
const BARE = `is without MINIO_ROOT_PASSWORD, which means the well-known password; ${CHANGE}`;
const UNDECIDED = notKnown("MinIO has a password of its own");
const IN_JOB = "Job ml/mnist: spec.template.spec.containers[0].env";

function minio(values: unknown, more: object = {}): TestResource {
  return release({ chart: "minio", version: "5.4.0", values, ...more });
}

function server(env: unknown, more: object = {}): TestResource {
  return job({ image: "quay.io/minio/minio:RELEASE.2025-09-07", args: ["server", "/data"], env, ...more });
}

function tenant(env: unknown): TestResource {
  const props = {
    apiVersion: "minio.min.io/v2",
    kind: "Tenant",
    metadata: { name: "it", namespace: "ml" },
    spec: { env },
  };
  return { type: "kubernetes:minio.min.io/v2:Tenant", name: "it", props };
}

const FROM_SECRET = {
  name: "MINIO_ROOT_PASSWORD",
  valueFrom: { secretKeyRef: { name: "minio-root", key: "password" } },
};

describe("DATA-01 credentials of MinIO", () => {
  it.each([
    ["a Secret for the chart", minio({ existingSecret: "minio-root", users: [] })],
    ["a password of one's own", minio({ rootPassword: "kT9-long-and-random" })],
    ["users of one's own", minio({ users: [{ accessKey: "ml", existingSecret: "ml" }, { secretKey: "kT9-long" }] })],
    ["users of another type", minio({ users: "none", svcaccts: 5 })],
    ["no users in a chart of somebody else's", minio({}, { repositoryOpts: { repo: "https://charts.example" } })],
    [
      "users of one's own in MinIO's chart",
      minio({ users: [] }, { repositoryOpts: { repo: "https://charts.min.io" } }),
    ],
    ["other files", minio({}, { repositoryOpts: { repo: "https://charts.min.io" }, valueYamlFiles: [{}] })],
    ["another chart", release({ chart: "seaweedfs", values: { rootPassword: "minio123" } })],
    ["a server with a password from a Secret", server([FROM_SECRET])],
    ["a server with an older variable", server([{ ...FROM_SECRET, name: "MINIO_SECRET_KEY" }])],
    ["a server with a password in a file", server([{ name: "MINIO_ROOT_PASSWORD_FILE", value: "/run/password" }])],
    ["a server with an old password in a file", server([{ name: "MINIO_SECRET_KEY_FILE", value: "/run/password" }])],
    ["a server with a file of variables", server([{ name: "MINIO_CONFIG_ENV_FILE", value: "/run/config.env" }])],
    ["a server with variables from elsewhere", server([], { envFrom: [{ secretRef: { name: "minio" } }] })],
    ["the client", job({ image: "quay.io/minio/mc:1", args: ["server", "/data"] })],
    ["a tool in the server's image", job({ image: "quay.io/minio/minio:1", args: ["--version"] })],
    ["another server", job({ image: "vllm/vllm:1", args: ["server"] })],
    ["a name that only begins like it", job({ image: "registry.example/minio-exporter:1", args: ["server"] })],
    ["a name that only ends like it", job({ image: "registry.example/myminio:1", args: ["server"] })],
    ["a container without image", job({ image: undefined, args: ["server"] })],
    ["a tenant with a Secret", tenant([FROM_SECRET])],
    [
      "variables of another kind",
      { ...tenant([{ name: "MINIO_ROOT_PASSWORD", value: "minio123" }]), type: "aws:s3/bucket:Bucket" },
    ],
  ])("accepts %s", (_case, resource) => {
    expect(analyze([minioCredentials], resource)).toEqual([]);
  });

  it.each([
    ["MinIO's chart", minio({ rootUser: "minio", rootPassword: "minio123" }), "rootPassword"],
    ["its older name", minio({ secretKey: "minioadmin" }), "secretKey"],
    ["Bitnami's chart", minio({ auth: { rootPassword: "minio" } }), "auth.rootPassword"],
    ["capitals and spaces", minio({ rootPassword: " MinioAdmin\n" }), "rootPassword"],
    ["a number", minio({ rootPassword: 12345678 }), "rootPassword"],
    ["a user", minio({ users: [{}, { accessKey: "console", secretKey: "console123" }] }), "users[1].secretKey"],
    ["a service account", minio({ svcaccts: [{ secretKey: "changeme" }] }), "svcaccts[0].secretKey"],
    [
      "the operator's chart",
      release({ chart: "tenant", values: { tenant: { configSecret: { secretKey: "minio123" } } } }),
      "tenant.configSecret.secretKey",
    ],
  ])("refuses a well-known password of %s, and does not show it", (_case, resource, path) => {
    expect(lines(analyze([minioCredentials], resource))).toEqual([
      `mandatory [DATA-01] Release it: values.${path} ${WELL_KNOWN}`,
    ]);
  });

  it.each(["https://charts.min.io", "https://charts.min.io/"])(
    "refuses the users that MinIO's own chart of %s makes by itself",
    (repo) => {
      const found = lines(analyze([minioCredentials], minio({ existingSecret: "a" }, { repositoryOpts: { repo } })));

      expect(found).toEqual([
        "mandatory [DATA-01] Release it: values.users is absent, which means one user with all rights and a well-known " +
          "password; allowed: a list of users of your own, or an empty one. " +
          "Set it to [], or list users whose passwords are in Secrets.",
      ]);
    },
  );

  it("judges rendered charts too", () => {
    expect(lines(analyze([minioCredentials], chart({ chart: "minio", values: { rootPassword: "minio123" } })))).toEqual(
      [`mandatory [DATA-01] Chart it: values.rootPassword ${WELL_KNOWN}`],
    );
  });

  it.each([
    [
      "a password that is well known",
      [{ name: "MINIO_ROOT_PASSWORD", value: "minioadmin" }],
      `[0].value ${WELL_KNOWN}`,
    ],
    ["an older variable", [{}, { name: "MINIO_SECRET_KEY", value: "minio123" }], `[1].value ${WELL_KNOWN}`],
    ["an empty password", [{ name: "MINIO_ROOT_PASSWORD", value: "" }], `[0].value ${EMPTY}`],
    ["a password of null", [{ name: "MINIO_ROOT_PASSWORD", value: null, valueFrom: null }], `[0].value ${EMPTY}`],
    ["a password without value", [{ name: "MINIO_ROOT_PASSWORD" }], `[0].value ${EMPTY}`],
    ["no password", [{ name: "MINIO_ROOT_USER", value: "store" }], ` ${BARE}`],
    ["no variables", undefined, ` ${BARE}`],
  ])("refuses a server with %s", (_case, env, rest) => {
    expect(lines(analyze([minioCredentials], server(env)))).toEqual([`mandatory [DATA-01] ${IN_JOB}${rest}`]);
  });

  it.each([
    ["by its name alone", { image: "minio", args: ["server", "/data"] }],
    ["by digest", { image: "registry.example/minio@sha256:beef", args: ["server"] }],
    ["of the fork", { image: "pgsty/silo:RELEASE.2026-08-06", args: ["server"] }],
    ["in another image", { image: "registry.example/store:1", command: ["minio", "server", "/data"] }],
    ["in a shell", { image: "registry.example/store:1", command: ["sh", "-c", "minio server /data"] }],
    ["with a command that is one text", { image: "registry.example/store:1", command: "minio server" }],
  ])("knows a server %s", (_case, container) => {
    expect(lines(analyze([minioCredentials], job({ ...container, envFrom: [] })))).toEqual([
      `mandatory [DATA-01] ${IN_JOB} ${BARE}`,
    ]);
  });

  it("refuses a well-known password in any container, as it tells the server's", () => {
    expect(
      lines(analyze([minioCredentials], job({ env: [{ name: "MINIO_ROOT_PASSWORD", value: "minio123" }] }))),
    ).toEqual([`mandatory [DATA-01] ${IN_JOB}[0].value ${WELL_KNOWN}`]);
    expect(lines(analyze([minioCredentials], tenant([{ name: "MINIO_ROOT_PASSWORD", value: "minio123" }])))).toEqual([
      `mandatory [DATA-01] Tenant ml/it: spec.env[0].value ${WELL_KNOWN}`,
    ]);
  });

  it("finds servers inside ML kinds", () => {
    const container = { image: "minio/minio:1", args: ["server", "/data"] };
    const props = {
      apiVersion: "argoproj.io/v1alpha1",
      kind: "Workflow",
      metadata: { name: "store", namespace: "ml" },
      spec: {
        templates: [{ name: "store", sidecars: [{ name: "minio", ...container }], container: { image: "a:1" } }],
      },
    };

    const found = lines(analyze([minioCredentials], { type: "kubernetes:argoproj.io/v1alpha1:Workflow", props }));
    expect(found).toEqual([`mandatory [DATA-01] Workflow ml/store: spec.templates[0].sidecars[0].env ${BARE}`]);
  });

  it.each([
    ["the chart", release({ chart: UNKNOWN_STRING }), "Release it: chart"],
    ["the password of a chart", minio({ rootPassword: UNKNOWN_STRING }), "Release it: values.rootPassword"],
    ["the users", minio({ users: UNKNOWN_STRING }), "Release it: values.users"],
    ["a user", minio({ users: [UNKNOWN_STRING] }), "Release it: values.users[0].secretKey"],
    ["a password", server([{ name: "MINIO_ROOT_PASSWORD", value: UNKNOWN_STRING }]), `${IN_JOB}[0].value`],
    ["the variables", server(UNKNOWN_STRING), IN_JOB],
    ["one of the variables", server([UNKNOWN_STRING]), IN_JOB],
    ["the name of a variable", server([{ name: UNKNOWN_STRING, value: "a" }]), IN_JOB],
    ["where variables come from", server([], { envFrom: UNKNOWN_STRING }), IN_JOB],
    ["the image of a server", server([], { image: UNKNOWN_STRING }), IN_JOB],
    ["the arguments of MinIO", server([], { args: [UNKNOWN_STRING] }), IN_JOB],
    ["one of them", server([], { args: ["/data", UNKNOWN_STRING] }), IN_JOB],
    ["the containers", job({}, { containers: UNKNOWN_STRING }), "Job ml/mnist: spec.template.spec.containers"],
  ])("leaves it to the update while %s is not known", (_case, resource, where) => {
    expect(lines(analyze([minioCredentials], resource))).toEqual([`advisory [DATA-01] ${where} ${UNDECIDED}`]);
  });

  it.each([
    ["of which neither image nor arguments are known", { image: UNKNOWN_STRING, args: UNKNOWN_STRING }],
    ["of another image, whatever its arguments", { args: [UNKNOWN_STRING] }],
    ["with a password, whatever its image", { image: UNKNOWN_STRING, args: ["server"], env: [FROM_SECRET] }],
    [
      "with a password, whatever other variables",
      { image: "minio", args: ["server"], env: [FROM_SECRET, UNKNOWN_STRING] },
    ],
  ])("needs not wait for a container %s", (_case, container) => {
    expect(analyze([minioCredentials], job(container))).toEqual([]);
  });

  it("finds a server without password whatever its other arguments are", () => {
    expect(lines(analyze([minioCredentials], server([], { args: ["server", UNKNOWN_STRING] })))).toEqual([
      `mandatory [DATA-01] ${IN_JOB} ${BARE}`,
    ]);
  });
});
