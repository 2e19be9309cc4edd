import { describe, expect, it } from "vitest";
import { defaultCredential } from "../../../../policies/gpu-ml/data/default-credential";
import { analyze, lines, UNKNOWN_STRING, type TestResource } from "../../analyzer";
import { notKnown } from "../helm/charts";

function secret(fields: object, kind = "Secret"): TestResource {
  const props = { apiVersion: "v1", kind, metadata: { name: "database", namespace: "ml" }, ...fields };
  return { type: `kubernetes:core/v1:${kind}`, name: "database", props };
}

function encoded(text: string): string {
  return Buffer.from(text).toString("base64");
}

const WAY_OUT =
  "is a credential that is well known; allowed: one that is generated. Generate it, for example with random.RandomPassword.";
const UNDECIDED = notKnown("Secrets hold no well-known credentials");

describe("DATA-03 well-known credentials in Secrets", () => {
  it.each([
    ["a password of one's own", secret({ stringData: { password: "kT9-long-and-random" } })],
    ["the same in base64", secret({ data: { password: encoded("kT9-long-and-random") } })],
    ["a well-known name of a user", secret({ stringData: { user: "root", username: "admin" } })],
    ["text that reads well-known in base64 only", secret({ data: { password: "changeme" } })],
    ["an empty password", secret({ stringData: { password: "" }, data: { token: "" } })],
    ["a password of another type", secret({ stringData: { password: ["changeme"] }, data: { password: 5 } })],
    ["entries of another type", secret({ stringData: "changeme", data: null })],
    [
      "a file without secrets",
      secret({ stringData: { "config.env": "USER=admin\n# PASSWORD=changeme\nPASSWORD=kT9" } }),
    ],
    ["an assignment inside a line", secret({ stringData: { "run.sh": "echo PASSWORD=changeme" } })],
    ["another kind", secret({ data: { password: "changeme" }, stringData: { password: "changeme" } }, "ConfigMap")],
  ])("accepts %s", (_case, resource) => {
    expect(analyze([defaultCredential], resource)).toEqual([]);
  });

  it.each([
    ["a password", { stringData: { password: "changeme" } }, "stringData.password"],
    ["a number", { stringData: { password: 123456 } }, "stringData.password"],
    ["a password in base64", { data: { MYSQL_ROOT_PASSWORD: encoded("test") } }, "data.MYSQL_ROOT_PASSWORD"],
    ["a password that ends its line", { data: { password: encoded("changeme\n") } }, "data.password"],
    ["a key with a dot", { stringData: { "db.password": "changeme" } }, `stringData["db.password"]`],
    [
      "a file of variables",
      { stringData: { "config.env": 'export MINIO_ROOT_USER=minio\nexport MINIO_ROOT_PASSWORD="minio123"' } },
      `stringData["config.env"]`,
    ],
    ["a file of variables in base64", { data: { env: encoded("A=1\r\n  DB_PASSWORD='changeme'\r\n") } }, "data.env"],
    ["a plain assignment", { stringData: { env: "TOKEN=secret" } }, "stringData.env"],
  ])("refuses %s, and does not show it", (_case, fields, path) => {
    expect(lines(analyze([defaultCredential], secret(fields)))).toEqual([
      `mandatory [DATA-03] Secret ml/database: ${path} ${WAY_OUT}`,
    ]);
  });

  it.each([
    ["what the Secret holds", { stringData: UNKNOWN_STRING }, "stringData"],
    ["what it holds in base64", { data: UNKNOWN_STRING }, "data"],
    ["a password", { stringData: { user: UNKNOWN_STRING, password: UNKNOWN_STRING } }, "stringData.password"],
    ["a password in base64", { data: { password: UNKNOWN_STRING } }, "data.password"],
  ])("leaves it to the update while %s is not known", (_case, fields, path) => {
    expect(lines(analyze([defaultCredential], secret(fields)))).toEqual([
      `advisory [DATA-03] Secret ml/database: ${path} ${UNDECIDED}`,
    ]);
  });
});
