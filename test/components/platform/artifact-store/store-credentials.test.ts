import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { beforeEach, describe, expect, it } from "vitest";
import { createStoreCredentials, secretValue } from "../../../../components/platform/artifact-store/store-credentials";
import { type MockedProgram, startMocks, valueOf } from "../../../support/mocks";
import { sampleGrants } from "./cases";

let program: MockedProgram;
beforeEach(async () => {
  program = await startMocks();
});

/** A component without anything of its own. */
class Parent extends pulumi.ComponentResource {
  constructor() {
    super("test:index:Parent", "parent");
  }
}

describe("the value of a key of a Secret", () => {
  const metadata = { name: "keys", namespace: "ml" };

  it("is what the cluster has, and secret", async () => {
    const data = { secretkey: Buffer.from("first").toString("base64") };
    const secret = new k8s.core.v1.Secret("keys", { metadata, data });
    const value = secretValue(secret, "secretkey");
    expect(await valueOf(value)).toBe("first");
    expect(await pulumi.isSecret(value)).toBe(true);
  });
});

describe("credentials of a store", () => {
  it("lie in the namespaces of service accounts, under names that end with the rotation", async () => {
    createStoreCredentials("store", { grants: sampleGrants, rotation: "second" }, new Parent());
    const secrets = (await program.resources()).filter(({ type }) => type === "kubernetes:core/v1:Secret");
    const names = secrets.map(({ name, inputs }) => {
      const { namespace, name: own } = inputs["metadata"] as { namespace: string; name: string };
      return `${name}: ${namespace}/${own}`;
    });
    expect(names.sort()).toEqual([
      "store-ml-reader-second: ml/artifact-store-reader-second",
      "store-ml-trainer-second: ml/artifact-store-second",
    ]);
  });
});
