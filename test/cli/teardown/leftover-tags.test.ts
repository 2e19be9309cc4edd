import { describe, expect, it } from "vitest";
import { ownerTagOf, someClusterTagOf, tagsToAskFor } from "../../../cli/teardown/leftover-tags";
import { eksArgs } from "../../../stacks/config/tags";

const subject = { environment: "prod", cluster: "prod-ml", isEks: true };

describe("the owner of a tagged resource", () => {
  it.each<[Record<string, string>, string | undefined]>([
    [{ "kubernetes.io/cluster/prod-ml": "owned" }, "kubernetes.io/cluster/prod-ml"],
    [{ "kubernetes.io/cluster/prod-ml": "shared" }, undefined],
    [{ "kubernetes.io/cluster/prod-ml-2": "owned" }, undefined],
    [{ "eks:cluster-name": "prod-ml" }, "eks:cluster-name"],
    [{ "eks:cluster-name": "prod-ml-2" }, undefined],
    [{ "mlstack:cluster": "prod-ml", "mlstack:environment": "prod" }, "mlstack:cluster"],
    [{ "mlstack:environment": "prod" }, "mlstack:environment"],
    [{ "mlstack:environment": "staging" }, undefined],
    [{ Name: "prod-ml" }, undefined],
    [{}, undefined],
  ])("%o is told by %s", (tags, key) => {
    expect(ownerTagOf(tags, subject)?.key).toBe(key);
  });

  it("is not this environment where the cluster is another of the same environment's name", () => {
    const tags = { "mlstack:environment": "prod", "mlstack:cluster": "of-a-colleague" };
    expect(ownerTagOf(tags, subject)).toBeUndefined();
  });

  it("is the environment where the cluster's name is not known", () => {
    const tags = { "mlstack:environment": "prod", "mlstack:cluster": "prod-ml" };
    expect(ownerTagOf(tags, { environment: "prod", isEks: true })?.key).toBe("mlstack:environment");
  });

  it("is unclear where only the storage driver left its mark", () => {
    const mark = { "ebs.csi.aws.com/cluster": "true" };
    expect(someClusterTagOf(mark)?.key).toBe("ebs.csi.aws.com/cluster");
    expect(someClusterTagOf({ ...mark, "kubernetes.io/cluster/dev": "owned" })).toBeUndefined();
    expect(someClusterTagOf({ ...mark, "mlstack:environment": "dev" })).toBeUndefined();
    expect(someClusterTagOf({})).toBeUndefined();
  });
});

describe("the tags to ask for", () => {
  it("are each one that tells an owner, and those of volumes", () => {
    const asked = tagsToAskFor(subject).map(({ key, value }) => `${key}=${value}`);
    expect(new Set(asked).size).toBe(asked.length);
    expect(asked).toEqual(
      expect.arrayContaining([
        "kubernetes.io/cluster/prod-ml=owned",
        "mlstack:environment=prod",
        "ebs.csi.aws.com/cluster=true",
      ]),
    );
  });

  it("are among them what the stacks put on everything", () => {
    const { tags = {} } = eksArgs({ region: "us-west-2" }, {}, "prod");
    const asked = tagsToAskFor({ ...subject, cluster: "mlstack-prod" });
    expect(Object.keys(tags)).not.toEqual([]);
    for (const [key, value] of Object.entries(tags)) expect(asked).toContainEqual({ key, value });
  });

  it("are those of the environment alone where the cluster's name is not known", () => {
    expect(tagsToAskFor({ environment: "prod", isEks: true })).toEqual([{ key: "mlstack:environment", value: "prod" }]);
  });
});
