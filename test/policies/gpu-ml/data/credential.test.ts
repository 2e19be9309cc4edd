import { describe, expect, it } from "vitest";
import { namesSecret } from "../../../../policies/engine/credentials/secret-name";
import { isWellKnown } from "../../../../policies/engine/credentials/well-known";
import { namedValuesIn } from "../../../../policies/gpu-ml/data/named-values";
import { isReference, secretShapeOf } from "../../../../policies/gpu-ml/data/secret-text";

/** Written in two halves, so that nobody's scanner takes the sample for a secret. */
const halves = (...parts: string[]): string => parts.join("");

describe("names of secrets", () => {
  it.each([
    "password",
    "adminPassword",
    "MYSQL_ROOT_PASSWORD",
    "postgres-password",
    "rootpassword",
    "passwd",
    "sslPassphrase",
    "token",
    "authToken",
    "HF_TOKEN",
    "smtp_pass",
    "apiKey",
    "API_KEY",
    "apikey",
    "clientSecret",
    "consumer-secret",
    "cookieSecret",
    "hmacSecret",
    "jwt.secret",
    "AWS_SECRET_ACCESS_KEY",
    "secretAccessKey",
    "secretKey",
    "secretkey",
    "sessionSecret",
    "sharedSecret",
    "signingSecret",
  ])("takes %s for one", (key) => {
    expect(namesSecret(key)).toBe(true);
  });

  it.each([
    "",
    "user",
    "secret",
    "existingSecret",
    "tlsSecret",
    "passwordSecretName",
    "passwordKey",
    "passwordFile",
    "tokenTTL",
    "bypass",
    "maxTokens",
    "accessKey",
    "privateKey",
    "publicKey",
    "key",
  ])("does not take %j for one", (key) => {
    expect(namesSecret(key)).toBe(false);
  });
});

describe("shapes of secrets", () => {
  it.each([
    [halves("-----BEGIN RSA ", "PRIVATE KEY-----\nMII"), "a private key"],
    [halves("-----BEGIN ", "PRIVATE KEY-----"), "a private key"],
    [halves("AKIA", "IOSFODNN7EXAMPLE"), "an AWS access key"],
    [halves("id ASIA", "IOSFODNN7EXAMPLE;"), "an AWS access key"],
    [halves("ghp_", "a".repeat(36)), "a GitHub token"],
    [halves("github_pat_", "a".repeat(40)), "a GitHub token"],
    [halves("glpat-", "a".repeat(20)), "a GitLab token"],
    [halves("hf_", "a".repeat(30)), "a Hugging Face token"],
    [halves("nvapi-", "a".repeat(40)), "an NVIDIA token"],
    [halves("xoxb-", "1".repeat(10)), "a Slack token"],
    [halves("sk-", "a".repeat(32)), "an API key"],
    [halves("eyJ", `${"a".repeat(10)}.eyJ${"b".repeat(10)}.c`), "a signed token"],
    [halves("postgres://", "katib:hunter2@db:5432/katib"), "an address with a password"],
  ])("knows %s", (text, what) => {
    expect(secretShapeOf(text)).toBe(what);
  });

  it.each([
    "",
    "-----BEGIN CERTIFICATE-----",
    "AKIA",
    "XAKIAIOSFODNN7EXAMPLE",
    "ghp_short",
    "hf_hub_download",
    "sk-learn",
    "xoxo",
    "eyJhbGciOi.part",
    "https://charts.example/stable",
    "https://user@charts.example",
    "postgres://katib:${PASSWORD}@db/katib",
    "postgres://katib:{{ .password }}@db/katib",
    "see postgres://a:b@c",
  ])("does not know %j", (text) => {
    expect(secretShapeOf(text)).toBeUndefined();
  });

  it("is done with long text in little time", () => {
    const started = performance.now();
    for (const part of ["-eyJ", "eyJ.", "AKIA", "a:", "sk-", "-----BEGIN "]) secretShapeOf(part.repeat(50_000));

    expect(performance.now() - started).toBeLessThan(2_000);
  });
});

describe("references", () => {
  it.each([
    "{{ .Values.password }}",
    "${PASSWORD}",
    "$(PASSWORD)",
    "true",
    "FALSE",
    "<your password>",
    "ref+awsssm://a",
    "vault:secret/data/a",
    "secret:a",
    "secretref:a",
    "arn:aws:secretsmanager:us-east-1:1:secret:a",
    "file:/run/a",
    "/run/secrets/a",
  ])("takes %s for one", (text) => {
    expect(isReference(text)).toBe(true);
  });

  it.each(["hunter2", "pa$$word", "not true", "truethat", "a/b", "my vault:1"])("does not take %s for one", (text) => {
    expect(isReference(text)).toBe(false);
  });
});

describe("well-known credentials", () => {
  it.each([
    "12341234",
    "123456",
    "12345678",
    "123456789",
    "admin",
    "admin123",
    "administrator",
    "change-me",
    "change_me",
    "changeit",
    "changeme",
    "console123",
    "default",
    "guest",
    "kubeflow",
    "letmein",
    "minio",
    "minio123",
    "minioadmin",
    "mlpipeline",
    "mysql",
    "passw0rd",
    "password",
    "password1",
    "password123",
    "postgres",
    "prom-operator",
    "qwerty",
    "root",
    "secret",
    "test",
    "test123",
    "test1234",
    "toor",
  ])("include %s", (text) => {
    expect(isWellKnown(text)).toBe(true);
    expect(isWellKnown(` ${text.toUpperCase()}\n`)).toBe(true);
  });

  it.each([
    ["text", "kT9-long-and-random"],
    ["a part", "testing"],
    ["nothing", ""],
    ["a list", ["admin"]],
    ["null", null],
    ["a small number", 1],
  ])("do not include %s", (_case, value) => {
    expect(isWellKnown(value)).toBe(false);
  });

  it("may be numbers", () => {
    expect(isWellKnown(12345678)).toBe(true);
  });
});

describe("named values", () => {
  it("are those of a list's entries that have a name", () => {
    const list = [{ name: "A", value: "a" }, { name: "B" }, { value: "c" }, "D", null, ["E"], { name: 5, value: "f" }];

    expect(namedValuesIn(list, "env")).toEqual([
      { path: "env[0].value", name: "A", value: "a", entry: { name: "A", value: "a" } },
      { path: "env[1].value", name: "B", value: undefined, entry: { name: "B" } },
    ]);
  });

  it.each([["text"], [{ name: "A" }], [undefined], [null]])("are none in %j", (list) => {
    expect(namedValuesIn(list, "env")).toEqual([]);
  });
});
