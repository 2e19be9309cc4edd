import { describe, expect, it } from "vitest";
import { literalSecret } from "../../../../policies/gpu-ml/data/literal-secret";
import { analyze, lines, UNKNOWN_STRING, type TestResource } from "../../analyzer";
import { chart, notKnown, release } from "../helm/charts";

function withValues(values: unknown): TestResource {
  return release({ chart: "store", version: "1.0.0", values });
}

const WAY_OUT =
  "allowed: the name of a Secret that holds it. Put it into a Secret of its own, and name that in the values.";
const UNDECIDED = notKnown("The values of charts hold no secrets");
const KEY = ["AKIA", "IOSFODNN7EXAMPLE"].join("");

describe("DATA-03 secrets in the values of charts", () => {
  it.each([
    ["the name of a Secret", withValues({ existingSecret: "minio-root", auth: { secret: "a" } })],
    ["an empty password", withValues({ rootPassword: "" })],
    ["a password of null", withValues({ rootPassword: null })],
    ["a reference", withValues({ rootPassword: "${PASSWORD}" })],
    ["a switch", withValues({ automountServiceAccountToken: true, usePassword: "true" })],
    ["a token that is a number", withValues({ token: 5 })],
    ["an object under the name of a secret", withValues({ password: { secretKeyRef: { name: "a", key: "b" } } })],
    ["the key of a Secret beside its name", withValues({ s3: { existingSecret: "", secretKey: "secretkey" } })],
    ["the key of a Secret beside another name of it", withValues({ s3: { secretName: "a", apiKey: "api" } })],
    ["an environment variable that is no secret", withValues({ env: [{ name: "USER", value: "store" }] })],
    ["an environment variable from a Secret", withValues({ env: [{ name: "TOKEN", valueFrom: {} }] })],
    ["a value without name", withValues({ env: [{ value: "hunter2" }] })],
    ["no values", withValues(undefined)],
    ["a chart without name", release({ values: { password: "hunter2" } })],
    ["a resource that is no chart", { type: "aws:s3/bucket:Bucket", props: { chart: "a", values: { password: "a" } } }],
  ])("accepts %s", (_case, resource) => {
    expect(analyze([literalSecret], resource)).toEqual([]);
  });

  it.each([
    [
      "a password",
      { auth: { rootPassword: "hunter2" } },
      "values.auth.rootPassword is plain text, under the name of a secret",
    ],
    [
      "a password that is a number",
      { password: 12345 },
      "values.password is a number in plain text, under the name of a password",
    ],
    [
      "a key in a list",
      { users: [{}, { secretKey: "hunter2" }] },
      "values.users[1].secretKey is plain text, under the name of a secret",
    ],
    [
      "a password beside the name of a Secret",
      { existingSecret: "a", rootPassword: "hunter2" },
      "values.rootPassword is plain text, under the name of a secret",
    ],
    [
      "a variable",
      { env: [{ name: "HF_TOKEN", value: "hunter2" }] },
      "values.env[0].value is plain text, under the name of a secret",
    ],
    [
      "an odd key",
      { "a.b": { password: "hunter2" } },
      `values["a.b"].password is plain text, under the name of a secret`,
    ],
    ["a list of tokens", { token: ["hunter2"] }, "values.token[0] is plain text, under the name of a secret"],
    ["what shows by its shape", { notes: `id=${KEY}` }, "values.notes is an AWS access key in plain text"],
    ["a shape under the name of a secret", { token: KEY }, "values.token is an AWS access key in plain text"],
    ["an address", { url: "mysql://katib:hunter2@db/katib" }, "values.url is an address with a password in plain text"],
  ])("refuses %s, and does not show it", (_case, values, found) => {
    expect(lines(analyze([literalSecret], withValues(values)))).toEqual([
      `mandatory [DATA-03] Release it: ${found}; ${WAY_OUT}`,
    ]);
  });

  it("judges rendered charts too", () => {
    expect(analyze([literalSecret], chart({ chart: "store", values: { password: "hunter2" } }))).toHaveLength(1);
  });

  it("leaves out paths that are listed", () => {
    const config = { platform: { rules: { "DATA-03": { allowed: ["values.auth.token"] } } } };

    expect(analyze([literalSecret], withValues({ auth: { token: "public" } }), config)).toEqual([]);
    expect(analyze([literalSecret], withValues({ auth: { password: "hunter2" } }), config)).toHaveLength(1);
  });

  it.each([["text"], [["a", 5]], [null]])("refuses %j as a list of paths", (allowed) => {
    const config = { platform: { rules: { "DATA-03": { allowed } } } };
    const found = analyze([literalSecret], { type: "pulumi:pulumi:Stack", props: {} }, config);

    expect(found.map(({ name }) => name)).toEqual(["META-03"]);
  });

  it.each([
    ["the values", UNKNOWN_STRING, "values"],
    ["a password", { auth: { password: UNKNOWN_STRING } }, "values.auth.password"],
    ["a variable", { env: [{ name: "TOKEN", value: UNKNOWN_STRING }] }, "values.env[0].value"],
  ])("leaves it to the update while %s is not known", (_case, values, path) => {
    expect(lines(analyze([literalSecret], withValues(values)))).toEqual([
      `advisory [DATA-03] Release it: ${path} ${UNDECIDED}`,
    ]);
  });

  it("does not wait for values that are not called after a secret", () => {
    expect(analyze([literalSecret], withValues({ endpoint: UNKNOWN_STRING }))).toEqual([]);
  });
});
