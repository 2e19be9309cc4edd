import { beforeEach, describe, expect, it } from "vitest";
import { BucketAccess } from "../../../../components/cluster/storage";
import { Minio } from "../../../../components/platform/artifact-store/minio";
import { type MinioArgs, validateMinio } from "../../../../components/platform/artifact-store/minio-args";
import { minioCertificates } from "../../../../components/platform/artifact-store/minio-certificates";
import { minioNetworkPolicy, minioStatefulSet } from "../../../../components/platform/artifact-store/minio-manifests";
import { minioPolicy, setupName } from "../../../../components/platform/artifact-store/minio-setup";
import { decodedSecret } from "../../../support/decoded-secret";
import { expectGolden, toYaml } from "../../../support/golden";
import { childList, type MockedProgram, startMocks, valueOf } from "../../../support/mocks";
import { sampleGrants, sampleImage as image } from "./cases";

let program: MockedProgram;
beforeEach(async () => {
  program = await startMocks();
});

const args: MinioArgs = { image, clientImage: image, grants: sampleGrants };
const secure: MinioArgs = { ...args, platform: { certManager: true } };

async function objects() {
  const resources = await program.resources();
  const own = resources.filter(({ type }) => type.startsWith("kubernetes:"));
  return own.sort((a, b) => (a.name < b.name ? -1 : 1)).map(({ inputs }) => inputs);
}

/** Generated values differ with each run. */
function withoutKeys(text: string): string {
  return text.replace(/^( +(?:secretkey|user|password|ml\.\w+): )["\w+/=-]{32,46}$/gm, "$1generated");
}

const drives = (given: Partial<MinioArgs>) =>
  minioStatefulSet("artifacts", { ...args, ...given }).spec.template.spec.containers[0]!.args.at(-1);

describe("Minio", () => {
  it("creates the objects of its golden file", async () => {
    new Minio("store", args);
    expectGolden("minio.yaml", withoutKeys(toYaml(...(await objects()))));
  });

  it("creates the objects of its golden file with TLS, console and monitor", async () => {
    new Minio("store", { ...secure, console: true, platform: { certManager: true, prometheus: true } });
    expectGolden("minio-secure.yaml", withoutKeys(toYaml(...(await objects()))));
  });

  it("lets Prometheus in where metrics are gathered", () => {
    const callers = (prometheus: boolean) =>
      minioNetworkPolicy("artifacts", { image, platform: { prometheus } }).spec.ingress[0]!.from;
    const podSelector = { matchLabels: { "app.kubernetes.io/name": "prometheus" } };
    expect(callers(true)).toContainEqual({ namespaceSelector: {}, podSelector });
    expect(callers(false)).not.toContainEqual({ namespaceSelector: {}, podSelector });
  });

  it("keeps every key secret", async () => {
    new Minio("store", args);
    const secrets = (await program.resources()).filter(({ type }) => type === "kubernetes:core/v1:Secret");
    expect(secrets.map(({ name, secretInputs }) => `${name}: ${secretInputs.join()}`).sort()).toEqual([
      "store-credentials-ml-reader: data",
      "store-credentials-ml-trainer: data",
      "store-root: data",
      "store-users: stringData",
    ]);
  });

  it("gives each user the key of its Secret", async () => {
    new Minio("store", args);
    const { stringData: users } = await program.inputsOf("store-users");
    const trainer = decodedSecret(await program.inputsOf("store-credentials-ml-trainer"));
    expect((users as Record<string, string>)["ml.trainer"]).toBe(trainer["secretkey"]);
  });

  it("sets up buckets, users and policies once the servers are there", async () => {
    new Minio("store", args);
    expect((await program.resource("store-setup")).dependsOn).toEqual([
      "store-budget",
      "store-policies",
      "store-servers",
      "store-service",
      "store-users",
    ]);
  });

  it("sets nothing up without a client's image, nor on simulated nodes", async () => {
    new Minio("store", { image });
    new Minio("simulated", { ...args, platform: { simulated: true } });
    expect(childList(await program.resources()).filter((child) => /:Job /.test(child))).toEqual([]);
  });

  it("sets up anew when what is declared changes", () => {
    const other = sampleGrants.map((grant) => ({ ...grant, access: BucketAccess.read }));
    expect(setupName(args)).toBe(setupName({ ...args, replicas: 8 }));
    expect(setupName(args)).not.toBe(setupName({ ...args, grants: other }));
    expect(setupName(args)).not.toBe(setupName({ ...args, moreBuckets: ["checkpoints"] }));
  });

  it.each<[string, MinioArgs, object]>([
    ["by plain HTTP", args, { endpoint: "minio.artifacts.svc.cluster.local:9000", insecure: true }],
    ["by TLS", secure, { endpoint: "minio.artifacts.svc.cluster.local:9000", insecure: false }],
    ["by plain HTTP where that is asked for", { ...secure, tls: false }, { insecure: true }],
  ])("tells where it is: %s", async (_, given, expected) => {
    const store = new Minio("store", given);
    expect(store.facts).toMatchObject({ kind: "minio", bucket: "artifacts", credentialsSecret: "artifact-store" });
    expect(store.facts).toMatchObject(expected);
    expect(store.credentialsSecretOf("ml", "reader")).toBe("artifact-store-reader");
    expect(await valueOf(store.ready)).toBe(true);
  });
});

describe("disks of MinIO", () => {
  it.each<[string, Partial<MinioArgs>, string]>([
    ["one", { replicas: 1 }, "/data-0"],
    ["several of one server", { replicas: 1, volumesPerServer: 4 }, "/data-{0...3}"],
    ["one of each server", {}, "http://minio-{0...3}.minio-peers.artifacts.svc.cluster.local:9000/data-0"],
    [
      "several of each server over TLS",
      { replicas: 6, volumesPerServer: 2, platform: { certManager: true } },
      "https://minio-{0...5}.minio-peers.artifacts.svc.cluster.local:9000/data-{0...1}",
    ],
  ])("are named: %s", (_, given, expected) => {
    expect(drives(given)).toBe(expected);
  });
});

describe("policies of MinIO", () => {
  it("allow what was granted in the bucket, and no more", () => {
    const write = { namespace: "ml", serviceAccount: "trainer", access: BucketAccess.write, prefix: "runs/" };
    const read = { namespace: "ml", serviceAccount: "trainer", access: BucketAccess.read, prefix: "models/" };
    expect(minioPolicy("artifacts", [write, read])).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: ["s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"],
          Resource: ["arn:aws:s3:::artifacts/runs/*"],
        },
        { Effect: "Allow", Action: ["s3:GetObject"], Resource: ["arn:aws:s3:::artifacts/models/*"] },
        {
          Effect: "Allow",
          Action: ["s3:ListBucket"],
          Resource: ["arn:aws:s3:::artifacts"],
          Condition: { StringLike: { "s3:prefix": ["models/*"] } },
        },
        { Effect: "Allow", Action: ["s3:GetBucketLocation"], Resource: ["arn:aws:s3:::artifacts"] },
      ],
    });
  });
});

describe("certificates of MinIO", () => {
  it("come from a ClusterIssuer alone where one is named", () => {
    const certificates = minioCertificates("artifacts", { ...secure, clusterIssuer: "company" });
    expect(certificates.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual(["Certificate minio-tls"]);
    expect(certificates[0]!["spec"]).toMatchObject({ issuerRef: { kind: "ClusterIssuer", name: "company" } });
  });
});

describe("checks of Minio", () => {
  const digest =
    "allowed: an image with its digest, name@sha256: and 64 hexadecimal digits, with or without a tag before the @. " +
    "Name the build that you trust; nobody publishes one any more.";
  it.each<[string, object, string[]]>([
    ["nothing wrong", args, []],
    ["an image that is missing", {}, [`image is missing; ${digest}`]],
    ["an image without a digest", { image: "minio/minio:latest" }, [`image is "minio/minio:latest"; ${digest}`]],
    [
      "grants without a client's image",
      { image, grants: sampleGrants },
      ["clientImage is missing; allowed: an image with its digest where grants are given. Name one."],
    ],
    [
      "too few disks",
      { image, replicas: 3 },
      [
        "replicas is 3 with 1 disks each; allowed: 1 with one disk, or 4 disks and more in all. " +
          "Less than these cannot make up for a lost disk.",
      ],
    ],
    [
      "TLS without cert-manager",
      { image, tls: true },
      ["tls is true; allowed: false without cert-manager. Install cert-manager and set platform.certManager."],
    ],
    [
      "an issuer without TLS",
      { image, clusterIssuer: "company" },
      ["clusterIssuer is given; allowed: none without TLS. Remove it, or set tls."],
    ],
    [
      "a version beside the image",
      { image, version: "1.2.3" },
      ["version is given; allowed: none, as image tells it. Remove it."],
    ],
    [
      "a command with arguments",
      { image, serverCommand: "minio --quiet" },
      ['serverCommand is "minio --quiet"; allowed: the name or path of a program. Name it without arguments.'],
    ],
  ])("tell %s", (_, given, expected) => {
    expect(validateMinio("store", given as MinioArgs).map(({ reason }) => reason)).toEqual(expected);
  });
});
