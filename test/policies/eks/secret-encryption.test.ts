import { describe, expect, it } from "vitest";
import { secretEncryption } from "../../../policies/eks/secret-encryption";
import { analyze, lines, UNKNOWN_STRING } from "../analyzer";
import { cluster, nodeGroup, notKnown } from "./resources";

const provider = { keyArn: "arn:aws:kms:us-east-1:123456789012:key/7c1d" };
const WITHOUT_KEY =
  "mandatory [EKS-02] Cluster lab: encryptionConfig.provider.keyArn is absent; allowed: the ARN of a KMS key of your " +
  "own. Create a key, and name it here.";
const WITHOUT_SECRETS =
  "mandatory [EKS-02] Cluster lab: encryptionConfig.resources is without secrets; allowed: a list with secrets. " +
  "Add secrets.";

describe("EKS-02 encryption of Secrets", () => {
  it.each([
    ["a key for Secrets", cluster({ encryptionConfig: { provider, resources: ["secrets"] } })],
    [
      "a key for Secrets beside an unknown resource",
      cluster({ encryptionConfig: { provider, resources: ["secrets", UNKNOWN_STRING] } }),
    ],
    ["a resource of another type", nodeGroup({})],
  ])("accepts %s", (_case, resource) => {
    expect(analyze([secretEncryption], resource)).toEqual([]);
  });

  it.each([
    ["no encryption", undefined, [WITHOUT_KEY]],
    ["null", null, [WITHOUT_KEY]],
    ["no provider", { resources: ["secrets"] }, [WITHOUT_KEY]],
    ["an empty key", { provider: { keyArn: "" }, resources: ["secrets"] }, [WITHOUT_KEY]],
    ["a key that is no text", { provider: { keyArn: {} }, resources: ["secrets"] }, [WITHOUT_KEY]],
    ["no resources", { provider, resources: [] }, [WITHOUT_SECRETS]],
    ["no list of resources", { provider }, [WITHOUT_SECRETS]],
    ["other resources", { provider, resources: ["configmaps"] }, [WITHOUT_SECRETS]],
    ["neither", {}, [WITHOUT_KEY, WITHOUT_SECRETS]],
  ])("refuses %s", (_case, encryptionConfig, messages) => {
    expect(lines(analyze([secretEncryption], cluster({ encryptionConfig })))).toEqual(messages);
  });

  it.each([
    ["the key", { provider: { keyArn: UNKNOWN_STRING }, resources: ["secrets"] }, "provider.keyArn"],
    ["the resources", { provider, resources: UNKNOWN_STRING }, "resources"],
    ["one resource", { provider, resources: [UNKNOWN_STRING] }, "resources"],
    ["all of it", UNKNOWN_STRING, "provider.keyArn, encryptionConfig.resources"],
  ])("leaves it to the update while %s is not known", (_case, encryptionConfig, field) => {
    expect(lines(analyze([secretEncryption], cluster({ encryptionConfig })))).toEqual([
      notKnown("Cluster lab", `encryptionConfig.${field}`, secretEncryption),
    ]);
  });
});
