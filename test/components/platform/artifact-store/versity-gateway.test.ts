import { beforeEach, describe, expect, it } from "vitest";
import { BucketAccess } from "../../../../components/cluster/storage";
import { VersityGateway } from "../../../../components/platform/artifact-store/versity-gateway";
import { versityGatewayPolicy } from "../../../../components/platform/artifact-store/versity-gateway-access";
import {
  validateVersityGateway,
  type VersityGatewayArgs,
} from "../../../../components/platform/artifact-store/versity-gateway-args";
import {
  versityGatewayDeployment,
  versityGatewayNetworkPolicy,
} from "../../../../components/platform/artifact-store/versity-gateway-manifests";
import { decodedSecret } from "../../../support/decoded-secret";
import { expectGolden, toYaml } from "../../../support/golden";
import { type MockedProgram, startMocks, valueOf } from "../../../support/mocks";
import { sampleGrants, sampleImage as image } from "./cases";

let program: MockedProgram;
beforeEach(async () => {
  program = await startMocks();
});

const args: VersityGatewayArgs = { grants: sampleGrants };

async function objects() {
  const resources = await program.resources();
  const own = resources.filter(({ type }) => type.startsWith("kubernetes:"));
  return own.sort((a, b) => (a.name < b.name ? -1 : 1)).map(({ inputs }) => inputs);
}

/** Generated values differ with each run. */
function withoutKeys(text: string): string {
  return text
    .replace(/^( +(?:secretkey|user|password): )["\w+/=-]{32,46}$/gm, "$1generated")
    .replace(/("secret":")[^"]{32}"/g, '$1generated"');
}

const podOf = (given: VersityGatewayArgs) => versityGatewayDeployment("artifacts", given).spec.template;
const serverOf = (given: VersityGatewayArgs) => podOf(given).spec.containers[0]!;
const declarationOf = (given: VersityGatewayArgs) => podOf(given).metadata.annotations;

describe("VersityGateway", () => {
  it("creates the objects of its golden file", async () => {
    new VersityGateway("store", { ...args, moreBuckets: ["checkpoints"] });
    expectGolden("versity-gateway.yaml", withoutKeys(toYaml(...(await objects()))));
  });

  it("keeps every key secret", async () => {
    new VersityGateway("store", args);
    const secrets = (await program.resources()).filter(({ type }) => type === "kubernetes:core/v1:Secret");
    expect(secrets.map(({ name, secretInputs }) => `${name}: ${secretInputs.join()}`).sort()).toEqual([
      "store-credentials-ml-reader: data",
      "store-credentials-ml-trainer: data",
      "store-root: data",
      "store-users: stringData",
    ]);
  });

  it("gives each user the key of its Secret, and the least role", async () => {
    new VersityGateway("store", args);
    const { stringData } = (await program.inputsOf("store-users")) as { stringData: Record<string, string> };
    const trainer = decodedSecret(await program.inputsOf("store-credentials-ml-trainer"));
    const { accessAccounts } = JSON.parse(stringData["users.json"]!) as { accessAccounts: Record<string, object> };
    expect(Object.keys(accessAccounts).sort()).toEqual(["ml.reader", "ml.trainer"]);
    expect(accessAccounts["ml.trainer"]).toEqual({
      access: "ml.trainer",
      secret: trainer["secretkey"],
      role: "user",
    });
  });

  it("lets in nobody but the administrator where nothing is granted", async () => {
    new VersityGateway("store");
    const { stringData } = await program.inputsOf("store-users");
    expect(stringData).toEqual({ "users.json": '{"accessAccounts":{}}' });
    expect(versityGatewayPolicy({})).toBeUndefined();
    expect(serverOf({}).volumeMounts.map(({ name }) => name)).not.toContain("policy");
    expect(versityGatewayNetworkPolicy("artifacts", {}).spec.ingress).toEqual([]);
  });

  it("has a folder of the volume for each bucket, beside one for what is noted of it", () => {
    const { volumeMounts } = serverOf({ bucket: "models", moreBuckets: ["checkpoints"] });
    expect(volumeMounts.filter(({ name }) => name === "data").map(({ mountPath }) => mountPath)).toEqual([
      "/data/models",
      "/metadata/models",
      "/data/checkpoints",
      "/metadata/checkpoints",
    ]);
  });

  it("starts anew when what is declared changes, and only then", () => {
    const other = sampleGrants.map((grant) => ({ ...grant, access: BucketAccess.read }));
    expect(declarationOf(args)).toEqual(declarationOf({ ...args, volume: { size: "1Ti" } }));
    expect(declarationOf(args)).not.toEqual(declarationOf({ ...args, grants: other }));
    expect(declarationOf(args)).not.toEqual(declarationOf({ ...args, moreBuckets: ["checkpoints"] }));
    expect(declarationOf(args)).not.toEqual(declarationOf({ ...args, rotation: "second" }));
  });

  it.each<[string, VersityGatewayArgs, string]>([
    ["the pinned one of its publisher", {}, "ghcr.io/versity/versitygw:v1.8.0"],
    ["another version", { version: "1.9.1" }, "ghcr.io/versity/versitygw:v1.9.1"],
    ["another version, as its tag is written", { version: "v1.9.1" }, "ghcr.io/versity/versitygw:v1.9.1"],
    ["another image", { image }, image],
  ])("has an image: %s", (_, given, expected) => {
    expect(serverOf(given).image).toBe(expected);
  });

  it("tells where it is", async () => {
    const store = new VersityGateway("store", { ...args, namespace: "objects" });
    expect(store.facts).toEqual({
      kind: "versitygw",
      bucket: "artifacts",
      region: "us-east-1",
      endpoint: "versitygw.objects.svc.cluster.local:7070",
      insecure: true,
      credentialsSecret: "artifact-store",
    });
    expect(store.credentialsSecretOf("ml", "reader")).toBe("artifact-store-reader");
    expect(store.credentialsSecretOf("ml", "nobody")).toBeUndefined();
    expect(await valueOf(store.ready)).toBe(true);
  });
});

describe("the policy of the bucket", () => {
  it("allows each user what it was granted, and no more", () => {
    const write = { namespace: "ml", serviceAccount: "trainer", access: BucketAccess.write, prefix: "runs/" };
    const read = { namespace: "ml", serviceAccount: "reader", access: BucketAccess.read };
    const bucket = "arn:aws:s3:::models";
    const trainer = { AWS: ["ml.trainer"] };
    const reader = { AWS: ["ml.reader"] };
    const located = { Effect: "Allow", Action: ["s3:GetBucketLocation"], Resource: [bucket] };
    expect(versityGatewayPolicy({ bucket: "models", grants: [write, read] })).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: ["s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"],
          Resource: [`${bucket}/runs/*`],
          Principal: trainer,
        },
        { ...located, Principal: trainer },
        { Effect: "Allow", Action: ["s3:GetObject"], Resource: [`${bucket}/*`], Principal: reader },
        { Effect: "Allow", Action: ["s3:ListBucket"], Resource: [bucket], Principal: reader },
        { ...located, Principal: reader },
      ],
    });
  });
});

describe("checks of VersityGateway", () => {
  it.each<[string, object, string[]]>([
    ["nothing wrong", args, []],
    ["one pod that is asked for", { replicas: 1 }, []],
    [
      "several pods",
      { replicas: 2 },
      [
        "replicas is 2; allowed: 1. " +
          "Its disk is that of one pod; take SeaweedFs or S3ArtifactStore where the loss of a node must stop nothing.",
      ],
    ],
    [
      "a version beside the image",
      { image, version: "1.8.0" },
      ["version is given beside image; allowed: one of the two, as image tells it. Remove it."],
    ],
    [
      "a misspelt size",
      { volume: { size: "100GB" } },
      ['volume.size is "100GB"; allowed: a Kubernetes quantity above zero. Write it like "100Gi".'],
    ],
  ])("tell %s", (_, given, expected) => {
    expect(validateVersityGateway("store", given).map(({ reason }) => reason)).toEqual(expected);
  });
});
