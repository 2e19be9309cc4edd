import { describe, expect, it } from "vitest";
import { sparkSecrets } from "../../../../policies/gpu-ml/ml/spark-secrets";
import { UNKNOWN_STRING } from "../../analyzer";
import { judged, notKnown, spark } from "./objects";

const refused = (path: string) =>
  `mandatory [ML-05] SparkApplication ml/it: spec.${path} is a credential in plain text; allowed: absent, or a reference ` +
  "to an environment variable. Take it from a Secret by secretKeyRef, or give the service account an identity of the cloud.";

describe("ML-05 credentials in Spark settings", () => {
  it.each([
    ["fs.s3a.aws.credentials.provider", "com.example.Provider"],
    ["fs.s3a.server-side-encryption.key", "arn:aws:kms:eu-west-1:123456789012:key/1"],
    ["fs.s3a.secret.key", "${env.AWS_SECRET_ACCESS_KEY}"],
    ["fs.s3a.secret.key", ""],
    ["fs.s3a.secret.key", null],
    ["fs.s3a.secret.key", true],
    ["spark.kubernetes.driver.secretKeyRef.DB_PASSWORD", "database:password"],
    ["spark.kubernetes.executor.secretKeyRef.HF_TOKEN", "hub:token"],
    ["spark.kubernetes.driver.secrets.token", "/mnt/token"],
    ["spark.kubernetes.kerberos.tokenSecret.name", "kerberos"],
    ["spark.sql.tokenizer", "words"],
    ["spark.executor.memory", "4g"],
  ])("accepts %s with %j", (name, value) => {
    expect(judged(sparkSecrets, spark({ sparkConf: { [name]: value } }))).toEqual([]);
  });

  it.each([
    "fs.s3a.secret.key",
    "fs.s3a.access.key",
    "fs.s3a.session.token",
    "fs.s3a.bucket.lake.secret.key",
    "fs.azure.account.key.lake.dfs.core.windows.net",
    "fs.azure.account.key.lake.blob.core.windows.net",
    "fs.azure.account.oauth2.client.secret",
    "fs.azure.account.oauth2.client.secret.lake.dfs.core.windows.net",
    "fs.gs.auth.service.account.private.key",
    "javax.jdo.option.ConnectionPassword",
    "spark.ssl.keyPassword",
    "spark.hadoop.fs.s3a.secret.key",
    "spark.authenticate.secret",
    "spark.executorEnv.HF_TOKEN",
    "spark.kubernetes.driverEnv.AWS_SECRET_ACCESS_KEY",
    "spark.kubernetes.driverEnv.DB_PASSWD",
    "spark.openai.apiKey",
    "spark.kubernetes.authenticate.oauthToken",
    "secret",
  ])("refuses %s, without showing it", (name) => {
    for (const field of ["sparkConf", "hadoopConf"]) {
      const lines = judged(sparkSecrets, spark({ [field]: { [name]: "hunter2" } }));

      expect(lines).toEqual([refused(`${field}["${name}"]`)]);
    }
  });

  it.each([
    ["a reference in other text", "x${env.A}"],
    ["other text behind it", "${env.A}x"],
    ["an empty reference", "${}"],
    ["a number", 1234],
  ])("refuses %s", (_case, value) => {
    expect(judged(sparkSecrets, spark({ hadoopConf: { "fs.s3a.secret.key": value } }))).toEqual([
      refused('hadoopConf["fs.s3a.secret.key"]'),
    ]);
  });

  it("leaves the settings alone that configuration names, which Hadoop knows without a prefix", () => {
    const parameters = { secretlessSettings: ["fs.s3a.access.key"] };
    const sparkConf = { "spark.hadoop.fs.s3a.access.key": "a", "fs.s3a.access.key": "b" };

    expect(judged(sparkSecrets, spark({ sparkConf }), parameters)).toEqual([]);
    expect(judged(sparkSecrets, spark({ sparkConf: { "fs.s3a.secret.key": "a" } }), parameters)).toHaveLength(1);
    for (const settings of ["a", ["a", 1]])
      expect(sparkSecrets.parameters.secretlessSettings.accepts(settings)).toBe(false);
  });

  it.each([
    ["the settings", { hadoopConf: UNKNOWN_STRING }, "spec.hadoopConf"],
    ["the value", { hadoopConf: { "fs.s3a.secret.key": UNKNOWN_STRING } }, 'spec.hadoopConf["fs.s3a.secret.key"]'],
  ])("leaves it to the update while %s is not known", (_case, spec, path) => {
    expect(judged(sparkSecrets, spark(spec))).toEqual([notKnown(sparkSecrets, "SparkApplication ml/it", path)]);
  });
});
