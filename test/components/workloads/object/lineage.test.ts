import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { artifactKey, parametersHash } from "../../../../components";
import { lineageMetadata } from "../../../../components/workloads/object";

const digest = `sha256:${"ab".repeat(32)}`;

describe("the lineage of a workload", () => {
  it("is in labels what can be selected by, and in annotations what is too long for them", () => {
    const lineage = { commit: "0123abc", data: "s3://lake/demand/?versionId=7", parameters: { depth: "5" } };
    expect(lineageMetadata(lineage, `ghcr.io/acme/train@${digest}`)).toEqual({
      labels: { "mlstack.dev/git-commit": "0123abc", "mlstack.dev/parameters-hash": parametersHash({ depth: "5" }) },
      annotations: { "mlstack.dev/image-digest": digest, "mlstack.dev/data": "s3://lake/demand/?versionId=7" },
    });
  });

  it("says nothing of what is not known", () => {
    expect(lineageMetadata(undefined, "ghcr.io/acme/train:1.4.0")).toEqual({ labels: {}, annotations: {} });
  });

  it("is the address of what comes out of it", () => {
    const hash = parametersHash({ depth: "5" });
    expect(artifactKey({ commit: "0123abc", parameters: { depth: "5" } }, "model.zip")).toBe(
      `0123abc/${hash}/model.zip`,
    );
    expect(artifactKey({}, "model.zip")).toBe("model.zip");
  });
});

describe("the hash of parameters", () => {
  const parameters = fc.dictionary(fc.string(), fc.string(), { noNullPrototype: true });

  it("is that of the same parameters in any order", () => {
    fc.assert(
      fc.property(parameters, (given) => {
        const reversed = Object.fromEntries(Object.entries(given).reverse());
        expect(parametersHash(reversed)).toBe(parametersHash(given));
      }),
    );
  });

  it("is another for others, also where names and values run together", () => {
    expect(parametersHash({ a: "bc" })).not.toBe(parametersHash({ ab: "c" }));
    expect(parametersHash({ a: "1", b: "2" })).not.toBe(parametersHash({ a: "2", b: "1" }));
  });

  it("is a label's value", () => {
    expect(parametersHash({})).toMatch(/^[0-9a-f]{16}$/);
  });
});
