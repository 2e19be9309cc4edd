import { describe, expect, test } from "vitest";
import { digested, LONGEST_KEPT } from "../../../rehearsal/stand-ins/digests";
import { UNKNOWN } from "../../../rehearsal/stand-ins/values";

const long = "x".repeat(LONGEST_KEPT + 1);
const DIGEST = /^sha256:[0-9a-f]{32}$/;

describe("inputs by their digests", () => {
  test("keep every text that is not long, and every other value", () => {
    const inputs = { name: "x".repeat(LONGEST_KEPT), replicas: 2, tags: ["a"], on: true, none: null, later: UNKNOWN };
    expect(digested("aws:sqs/queue:Queue", inputs)).toEqual(inputs);
  });

  test("have a digest in place of each long text, at any depth", () => {
    const { policy, data, list } = digested("aws:iam/policy:Policy", {
      policy: long,
      data: { key: long },
      list: [long],
    });
    expect([policy, data, list]).toEqual([
      expect.stringMatching(DIGEST),
      { key: expect.stringMatching(DIGEST) as string },
      [expect.stringMatching(DIGEST)],
    ]);
  });

  test("differ where the inputs differ, and nowhere else", () => {
    const of = (policy: string) => digested("aws:iam/policy:Policy", { policy })["policy"];
    expect(of(long)).toBe(of(long));
    expect(of(long)).not.toBe(of(`${long}x`));
    expect(of(long)).not.toBe(of(`y${long.slice(1)}`));
  });

  const type = "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition";
  const schema = { openAPIV3Schema: { type: "object" } };

  test("have one digest for the schema of a resource type, and none for what stands beside it", () => {
    const { spec } = digested(type, { spec: { group: "example.com", versions: [{ name: "v1", schema }] } });
    expect(spec).toEqual({
      group: "example.com",
      versions: [{ name: "v1", schema: expect.stringMatching(DIGEST) as string }],
    });
  });

  test("leave the schema of anything else as it is, and one that is not known yet", () => {
    expect(digested("kubernetes:core/v1:ConfigMap", { schema })).toEqual({ schema });
    expect(digested(type, { schema: { openAPIV3Schema: UNKNOWN } })).toEqual({ schema: { openAPIV3Schema: UNKNOWN } });
  });
});
