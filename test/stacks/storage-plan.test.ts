import { describe, expect, test } from "vitest";
import { planStorage, storageNamespaces } from "../../stacks/storage-plan";

const grant = { namespace: "training", serviceAccount: "trainer", access: "read-write" } as const;
const mounted = (name: string, ...serviceAccounts: string[]) => {
  return { name, namespace: "training", kind: "s3-mount", bucket: { bucketName: name, serviceAccounts } } as const;
};

describe("the plan of the storage", () => {
  test("protects what cannot be made again, and not what is only a copy", () => {
    const storage = {
      artifacts: {},
      volumes: [{ name: "checkpoints", namespace: "ml" }],
      datasets: [mounted("corpus")],
    };
    for (const protect of [true, false]) {
      const { artifacts, volumes, datasets } = planStorage(structuredClone(storage), protect);
      expect(artifacts?.args.protect).toBe(protect);
      expect(volumes[0]?.args.protect).toBe(protect);
      expect(datasets[0]?.args).not.toHaveProperty("protect");
    }
  });

  test("lets a service account have one role, that of the first part that gives it rights", () => {
    const { artifacts, datasets } = planStorage(
      {
        artifacts: { grants: [grant, { ...grant, prefix: "runs/" }] },
        datasets: [mounted("images", "trainer", "reader"), mounted("corpus", "trainer", "reader", "other")],
      },
      true,
    );
    expect(artifacts?.identities).toEqual(["training/trainer"]);
    expect(datasets.map(({ sharedIdentities }) => sharedIdentities)).toEqual([
      ["training/trainer"],
      ["training/trainer", "training/reader"],
    ]);
  });

  test("takes service accounts of the same name in two namespaces for two", () => {
    const elsewhere = { ...mounted("images", "trainer"), namespace: "serving" };
    const { datasets } = planStorage({ artifacts: { grants: [grant] }, datasets: [elsewhere] }, true);
    expect(datasets[0]?.sharedIdentities).toEqual([]);
  });

  test("tells the namespaces of all claims", () => {
    const volumes = [{ name: "checkpoints", namespace: "serving" }];
    expect(storageNamespaces(planStorage({ volumes, datasets: [mounted("images")] }, true))).toEqual([
      "serving",
      "training",
    ]);
  });

  test("is empty where there is nothing", () => {
    expect(planStorage({}, true)).toEqual({ artifacts: undefined, volumes: [], datasets: [] });
  });
});
