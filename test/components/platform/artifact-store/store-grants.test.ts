import { describe, expect, it } from "vitest";
import { BucketAccess } from "../../../../components/cluster/storage";
import { declarationHash } from "../../../../components/platform/artifact-store/store-credentials";
import {
  checkClusterStore,
  credentialsSecretsOf,
  declarationOf,
  storeClients,
  storeIdentities,
} from "../../../../components/platform/artifact-store/store-grants";
import { sampleGrants } from "./cases";

const reasons = (args: object) => checkClusterStore(args).map(({ reason }) => reason);

describe("identities of a store in the cluster", () => {
  it("have Secrets of one name in each namespace, and longer names from the second service account on", () => {
    const grants = [...sampleGrants, { namespace: "serving", serviceAccount: "reader", access: BucketAccess.read }];
    expect(credentialsSecretsOf({ grants })).toEqual({
      "ml/trainer": "artifact-store",
      "ml/reader": "artifact-store-reader",
      "serving/reader": "artifact-store",
    });
  });

  it("have the rotation behind the names of their Secrets", () => {
    expect(credentialsSecretsOf({ grants: sampleGrants, rotation: "second" })).toEqual({
      "ml/trainer": "artifact-store-second",
      "ml/reader": "artifact-store-reader-second",
    });
  });

  it("have all that was granted to one service account", () => {
    const more = { namespace: "ml", serviceAccount: "trainer", access: BucketAccess.read, prefix: "models/" };
    const [trainer] = storeIdentities({ grants: [...sampleGrants, more] });
    expect(trainer).toMatchObject({ accessKey: "ml.trainer", grants: [sampleGrants[0], more] });
  });

  it("reach the store from their namespaces, as do further clients", () => {
    expect(storeClients({ grants: sampleGrants, clientNamespaces: ["monitoring", "ml"] })).toEqual([
      "ml",
      "monitoring",
    ]);
  });

  it("have a declaration that changes with what they may do", () => {
    const other = [{ ...sampleGrants[0]!, prefix: "other/" }, sampleGrants[1]!];
    expect(declarationHash(declarationOf({ grants: sampleGrants }))).not.toBe(
      declarationHash(declarationOf({ grants: other })),
    );
  });
});

describe("checks of what stores in the cluster have in common", () => {
  it.each<[string, object, string[]]>([
    ["nothing at all", {}, []],
    [
      "a bucket's name with capitals",
      { bucket: "Models" },
      ['bucket is "Models"; allowed: 3 to 63 lower-case letters, digits and inner hyphens. Set bucket to such a name.'],
    ],
    [
      "the bucket once more",
      { moreBuckets: ["artifacts"] },
      ['moreBuckets[0] is "artifacts"; allowed: each bucket once. Remove the repetition.'],
    ],
    [
      "a grant repeated",
      { grants: [sampleGrants[1], sampleGrants[1]] },
      ['grants[1] is "ml/reader"; allowed: each service account and prefix once. Merge it with grants[0].'],
    ],
    [
      "a prefix without a slash",
      { grants: [{ ...sampleGrants[0], prefix: "runs" }] },
      [
        'grants[0].prefix is "runs"; allowed: folders of letters, digits and any of !_.\'()=-, each with a slash behind it. ' +
          'Write it like "runs/2026/".',
      ],
    ],
    [
      "an unknown access",
      { grants: [{ ...sampleGrants[1], access: "all" }] },
      ['grants[0].access is "all"; allowed: read, write, read-write. Set grants[0].access to one of these.'],
    ],
    [
      "a rotation that cannot be part of a name",
      { rotation: "2nd key" },
      [
        'rotation is "2nd key"; allowed: at most 63 lower-case letters, digits and inner hyphens. ' +
          "Set rotation to such a name.",
      ],
    ],
  ])("tell %s", (_, args, expected) => {
    expect(reasons(args)).toEqual(expected);
  });
});
