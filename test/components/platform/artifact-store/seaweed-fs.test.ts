import { beforeEach, describe, expect, it } from "vitest";
import { BucketAccess } from "../../../../components/cluster/storage";
import { SeaweedFs, seaweedFsRendering } from "../../../../components/platform/artifact-store/seaweed-fs";
import { SeaweedFsMode, validateSeaweedFs } from "../../../../components/platform/artifact-store/seaweed-fs-args";
import { seaweedFsBucketsManifest } from "../../../../components/platform/artifact-store/seaweed-fs-buckets";
import { seaweedFsActions } from "../../../../components/platform/artifact-store/seaweed-fs-identities";
import { seaweedFsValues } from "../../../../components/platform/artifact-store/seaweed-fs-values";
import { decodedSecret } from "../../../support/decoded-secret";
import { expectGolden, toYaml } from "../../../support/golden";
import { childList, type MockedProgram, startMocks, valueOf } from "../../../support/mocks";
import { sampleGrants } from "./cases";

let program: MockedProgram;
beforeEach(async () => {
  program = await startMocks();
});

const single = { mode: SeaweedFsMode.single };

describe("values of SeaweedFS' chart", () => {
  it("are those of their golden file", () => {
    const values = seaweedFsValues({ grants: sampleGrants, platform: { systemPool: "system", prometheus: true } });
    expectGolden("seaweed-fs-values.yaml", toYaml(values, seaweedFsValues({ ...single, storageClass: "gp3" })));
  });

  it("let Prometheus reach the numbers of every server where they are gathered, and nothing else", () => {
    const extraOf = (prometheus: boolean) =>
      (seaweedFsValues({ platform: { prometheus } })["networkPolicy"] as { extraIngress: object[] }).extraIngress;
    const podSelector = { matchLabels: { "app.kubernetes.io/name": "prometheus" } };
    expect(extraOf(true)).toEqual([
      { from: [{ namespaceSelector: {}, podSelector }], ports: [{ protocol: "TCP", port: 9327 }] },
    ]);
    expect(extraOf(false)).toEqual([]);
  });

  it("put no folder of a node into pods", () => {
    for (const args of [{}, single]) expect(JSON.stringify(seaweedFsValues(args))).not.toContain("hostPath");
  });

  it("keep one copy less than there are servers, and none of a single one", () => {
    const replication = (args: object) =>
      (seaweedFsValues(args)["master"] as object as Record<string, unknown>)["defaultReplication"];
    expect([{}, { volumeServers: 1 }, { extraCopies: 2 }].map(replication)).toEqual(["001", "000", "002"]);
  });

  it("start gateways anew when a grant changes, and only then", () => {
    const annotations = (grants: typeof sampleGrants) =>
      (seaweedFsValues({ grants })["s3"] as { podAnnotations: object }).podAnnotations;
    expect(annotations(sampleGrants)).toEqual(annotations([...sampleGrants]));
    expect(annotations(sampleGrants)).not.toEqual(annotations(sampleGrants.slice(1)));
  });

  it("take the image of the version that is asked for", () => {
    expect(seaweedFsValues({ version: "4.45.0" })["image"]).toEqual({ tag: "4.45" });
    expect(seaweedFsRendering({ version: "4.45.0" }).sources[0]).toMatchObject({ version: "4.45.0" });
  });

  it("yield to the user's own", () => {
    expect(seaweedFsValues({ values: { s3: { replicas: 5 } } })["s3"]).toMatchObject({ replicas: 5, enableAuth: true });
  });
});

describe("actions of the S3 gateway", () => {
  it.each<[string, { access: BucketAccess; prefix?: string }, string[]]>([
    ["read", { access: BucketAccess.read }, ["Read:models", "List:models"]],
    ["write, which includes to delete", { access: BucketAccess.write }, ["Write:models"]],
    [
      "read and write in a folder",
      { access: BucketAccess.readWrite, prefix: "runs/" },
      ["Read:models/runs/*", "Write:models/runs/*", "List:models/runs/*", "Tagging:models/runs/*"],
    ],
  ])("are limited to the bucket: %s", (_, grant, expected) => {
    expect(seaweedFsActions("models", [{ namespace: "ml", serviceAccount: "trainer", ...grant }])).toEqual(expected);
  });
});

describe("SeaweedFs", () => {
  it("creates its namespace, Secrets, budgets and buckets", async () => {
    new SeaweedFs("store", { grants: sampleGrants });
    expect(childList(await program.resources()).sort()).toEqual([
      "kubernetes:batch/v1:Job store-buckets < store",
      "kubernetes:core/v1:Namespace store-namespace < store",
      "kubernetes:core/v1:Secret store-credentials-ml-reader < store",
      "kubernetes:core/v1:Secret store-credentials-ml-trainer < store",
      "kubernetes:core/v1:Secret store-identities < store",
      "kubernetes:core/v1:Secret store-signing < store",
      "kubernetes:policy/v1:PodDisruptionBudget store-seaweedfs-master < store",
      "kubernetes:policy/v1:PodDisruptionBudget store-seaweedfs-s3 < store",
      "kubernetes:policy/v1:PodDisruptionBudget store-seaweedfs-volume < store",
      "mlstack:index:SeaweedFs store",
      "mlstack:internal:RenderedObjects store-objects < store",
    ]);
  });

  it("keeps every key secret", async () => {
    new SeaweedFs("store", { grants: sampleGrants });
    const secrets = (await program.resources()).filter(({ type }) => type === "kubernetes:core/v1:Secret");
    expect(secrets.map(({ name, secretInputs }) => `${name}: ${secretInputs.join()}`).sort()).toEqual([
      "store-credentials-ml-reader: data",
      "store-credentials-ml-trainer: data",
      "store-identities: stringData",
      "store-signing: data",
    ]);
  });

  it("gives each service account an identity with the key of its Secret, and nobody else any", async () => {
    new SeaweedFs("store", { grants: sampleGrants, bucket: "models" });
    const { stringData } = await program.inputsOf("store-identities");
    const { accesskey, secretkey } = decodedSecret(await program.inputsOf("store-credentials-ml-trainer"));
    const { identities } = JSON.parse((stringData as Record<string, string>)["seaweedfs_s3_config"]!) as {
      identities: object[];
    };
    expect(identities).toHaveLength(3);
    expect(identities[0]).toEqual({ name: "nobody", credentials: [], actions: [] });
    expect(identities[1]).toMatchObject({
      name: "ml.trainer",
      credentials: [{ accessKey: accesskey, secretKey: secretkey }],
    });
    expect(secretkey).toMatch(/^[\w-]{32}$/);
  });

  it("lets nobody in where nothing is granted, as the gateway lets in everybody without any identity", async () => {
    new SeaweedFs("store");
    const { stringData } = await program.inputsOf("store-identities");
    expect(JSON.parse((stringData as Record<string, string>)["seaweedfs_s3_config"]!)).toEqual({
      identities: [{ name: "nobody", credentials: [], actions: [] }],
    });
  });

  it("makes the buckets once the store is there, and anew when their list changes", async () => {
    new SeaweedFs("store", { moreBuckets: ["checkpoints"] });
    const { inputs } = await program.resource("store-buckets");
    expect(inputs).toMatchObject(
      JSON.parse(JSON.stringify(seaweedFsBucketsManifest("artifacts", { moreBuckets: ["checkpoints"] }))) as object,
    );
    const name = (args: object) => seaweedFsBucketsManifest("artifacts", args).metadata.name;
    expect(name({})).toBe(name({ replicas: 3 }));
    expect(name({})).not.toBe(name({ moreBuckets: ["checkpoints"] }));
  });

  it("has a namespace of the restricted level", async () => {
    new SeaweedFs("store");
    expect((await program.inputsOf("store-namespace"))["metadata"]).toMatchObject({
      name: "artifacts",
      labels: { "pod-security.kubernetes.io/enforce": "restricted" },
    });
  });

  it.each<[string, object, object]>([
    [
      "distributed",
      { grants: sampleGrants },
      { endpoint: "seaweedfs-s3.artifacts.svc.cluster.local:8333", credentialsSecret: "artifact-store" },
    ],
    [
      "single",
      { ...single, namespace: "objects" },
      { endpoint: "seaweedfs-all-in-one.objects.svc.cluster.local:8333" },
    ],
  ])("tells where it is: %s", async (_, args, expected) => {
    const store = new SeaweedFs("store", args);
    expect(store.facts).toMatchObject({ kind: "seaweedfs", bucket: "artifacts", region: "us-east-1", insecure: true });
    expect(store.facts).toMatchObject(expected);
    expect(await valueOf(store.ready)).toBe(true);
  });

  it("tells the Secret of each service account", () => {
    const store = new SeaweedFs("store", { grants: sampleGrants });
    expect(store.credentialsSecretOf("ml", "trainer")).toBe("artifact-store");
    expect(store.credentialsSecretOf("ml", "reader")).toBe("artifact-store-reader");
    expect(store.credentialsSecretOf("ml", "stranger")).toBeUndefined();
  });

  it("makes no buckets on simulated nodes", async () => {
    new SeaweedFs("store", { platform: { simulated: true } });
    expect((await program.resources()).filter(({ type }) => type.endsWith(":Job"))).toEqual([]);
  });
});

describe("checks of SeaweedFs", () => {
  it.each<[string, object, string[]]>([
    [
      "an even number of masters",
      { masters: 2 },
      ["masters is 2; allowed: 1, 3, 5, 7. Masters vote: take an odd number."],
    ],
    [
      "more copies than servers",
      { volumeServers: 2, extraCopies: 2 },
      ["extraCopies is 2; allowed: a whole number from 0 to 1. Set extraCopies within that range."],
    ],
    [
      "what a single pod cannot have",
      { ...single, masters: 3, replicas: 2 },
      [
        "masters is given; allowed: none in the mode single. Remove it, or take the mode distributed.",
        "replicas is given; allowed: none in the mode single. Remove it, or take the mode distributed.",
      ],
    ],
    [
      "a size that is none",
      { dataVolume: { size: "big" } },
      ['dataVolume.size is "big"; allowed: a Kubernetes quantity above zero. Write it like "100Gi".'],
    ],
    [
      "resources of servers that are none",
      { serverResources: { cpu: "much", memory: "0" } },
      [
        'serverResources.cpu is "much"; allowed: a Kubernetes quantity above zero. Write it like "500m".',
        'serverResources.memory is "0"; allowed: a Kubernetes quantity above zero. Write it like "2Gi".',
      ],
    ],
    [
      "once a version that is none",
      { version: "4.44" },
      ['version is "4.44"; allowed: an exact version such as 1.14.1. Name one release.'],
    ],
    [
      "a version with a v, which the chart's publisher does not write",
      { version: "v4.44.0" },
      ['version is "v4.44.0"; allowed: an exact version such as 1.14.1. Name one release.'],
    ],
  ])("tell %s", (_, args, expected) => {
    expect(validateSeaweedFs("store", args).map(({ reason }) => reason)).toEqual(expected);
  });
});
