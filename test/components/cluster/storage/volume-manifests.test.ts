import { describe, expect, it } from "vitest";
import { DatasetKind } from "../../../../components/cluster/storage";
import { bucketVolume } from "../../../../components/cluster/storage/dataset";
import {
  snapshotClaimManifest,
  volumeSnapshotContentManifest,
  volumeSnapshotManifest,
} from "../../../../components/cluster/storage/snapshot-volume";
import {
  persistentVolumeClaimManifest,
  persistentVolumeManifest,
  type StaticVolume,
} from "../../../../components/cluster/storage/static-volume";
import { eksFacts } from "../../../support/eks-facts";
import { expectGolden, toYaml } from "../../../support/golden";

const efs: StaticVolume = {
  namespace: "ml",
  claimName: "checkpoints",
  accessMode: "ReadWriteMany",
  sizeGib: 1200,
  driver: "efs.csi.aws.com",
  volumeHandle: "fs-0123456789abcdef0::fsap-0123456789abcdef0",
  volumeAttributes: { encryptInTransit: "true" },
};
const bucket = { bucketName: "corpus", prefix: "images/", region: "eu-west-1", serviceAccounts: ["trainer"] };
const s3 = bucketVolume("corpus", { eks: eksFacts, kind: DatasetKind.s3Mount, namespace: "ml", bucket });

describe("manifests of volumes", () => {
  it.each([
    ["volume-read-write.yaml", efs],
    ["volume-read-only.yaml", s3],
  ])("%s", (file, volume) => {
    expectGolden(file, toYaml(persistentVolumeManifest(volume), persistentVolumeClaimManifest(volume, "volume-1")));
  });

  it("volume-snapshot.yaml", () => {
    const volume = {
      namespace: "ml",
      claimName: "corpus",
      driver: "ebs.csi.aws.com",
      snapshotName: "corpus-snap-0123456789abcdef0",
      snapshotId: "snap-0123456789abcdef0",
      sizeGib: 500,
      copies: 1,
      storageClassName: "gp3",
    };
    expectGolden(
      "volume-snapshot.yaml",
      toYaml(
        volumeSnapshotContentManifest(volume),
        volumeSnapshotManifest(volume, "content-1"),
        snapshotClaimManifest(volume, "corpus"),
      ),
    );
  });

  it("shows the whole bucket, of the cluster's region, where nothing is said", () => {
    const whole = { bucketName: "corpus", serviceAccounts: ["trainer"] };
    const { mountOptions } = bucketVolume("corpus", {
      eks: eksFacts,
      kind: "s3-mount",
      namespace: "ml",
      bucket: whole,
    });
    expect(mountOptions).toEqual(["read-only", "allow-other", "region us-east-1"]);
  });

  it("gives two claims handles of their own, however their names are put together", () => {
    const handle = (namespace: string, claimName: string) =>
      bucketVolume(claimName, { eks: eksFacts, kind: "s3-mount", namespace, bucket }).volumeHandle;
    expect(handle("a-b", "c")).not.toBe(handle("a", "b-c"));
  });
});
