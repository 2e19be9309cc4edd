import { beforeEach, describe, expect, it } from "vitest";
import { S3ArtifactStore } from "../../../../components/platform/artifact-store/s3-artifact-store";
import { eksFacts } from "../../../support/eks-facts";
import { childList, type MockedProgram, problemsOf, startMocks, valueOf } from "../../../support/mocks";
import { sampleGrants } from "./cases";

let program: MockedProgram;
beforeEach(async () => {
  program = await startMocks();
});

describe("S3ArtifactStore", () => {
  it("has an ArtifactBucket do everything, rights by role included", async () => {
    new S3ArtifactStore("artifacts", { eks: eksFacts, grants: sampleGrants });
    const children = childList(await program.resources()).sort();
    expect(children.filter((child) => / < artifacts$/.test(child) && child.startsWith("mlstack"))).toEqual([
      "mlstack:index:ArtifactBucket artifacts < artifacts",
      "mlstack:index:PodIdentityRole artifacts-ml-reader < artifacts",
      "mlstack:index:PodIdentityRole artifacts-ml-trainer < artifacts",
    ]);
    expect(children.filter((child) => child.includes("Secret"))).toEqual([]);
  });

  it("tells the bucket and its region, and of no Secret", async () => {
    const store = new S3ArtifactStore("artifacts", { eks: eksFacts, grants: sampleGrants });
    const { bucket, ...facts } = store.facts;
    expect(facts).toEqual({ kind: "s3", region: "us-east-1" });
    expect(await valueOf(bucket as typeof store.bucketName)).toBe("artifacts-bucket-auto");
    expect(await valueOf(store.ready)).toBe(true);
    expect([store.credentialsSecretOf("ml", "trainer"), store.credentialsSecrets]).toEqual([undefined, {}]);
  });

  it("refuses what the bucket refuses, before it registers anything", async () => {
    const problems = problemsOf(() => new S3ArtifactStore("artifacts", { eks: eksFacts, bucketName: "A" }));
    expect(problems).toEqual({
      message: 'S3ArtifactStore "artifacts": 1 invalid input',
      reasons: [
        'bucketName is "A"; allowed: 3 to 63 lower-case letters, digits and inner hyphens. Set bucketName to such a name.',
      ],
    });
    expect(await program.resources()).toEqual([]);
  });
});
