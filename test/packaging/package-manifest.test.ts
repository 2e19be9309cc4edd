import { describe, expect, it } from "vitest";
import { type CheckoutManifest, packageManifest } from "../../packaging/package-manifest";
import { read } from "../support/pages";

const checkout = JSON.parse(read("package.json")) as CheckoutManifest;

describe("the package.json of the package", () => {
  it("says what it is, for whom, and that it is published with its provenance", () => {
    const { version, description, license } = checkout;
    expect(packageManifest(checkout)).toMatchObject({
      ...{ name: "mlstack", version, description, license, engines: { node: ">=22.19" }, type: "commonjs" },
      keywords: ["pulumi", "kubernetes", "gpu", "eks", "machine-learning"],
      types: "./components/index.d.ts",
      publishConfig: { access: "public", provenance: true },
    });
  });

  it("is not private, as that of the checkout is", () => {
    expect(checkout).toHaveProperty("private", true);
    expect(packageManifest(checkout)).not.toHaveProperty("private");
  });

  it("names no repository where none is told", () => {
    for (const key of ["repository", "homepage", "bugs"]) expect(packageManifest(checkout)).not.toHaveProperty(key);
  });

  it("names the repository that is told, with its page and its issues, as npm writes them", () => {
    expect(packageManifest(checkout, "https://github.com/acme/mlstack")).toMatchObject({
      repository: { type: "git", url: "git+https://github.com/acme/mlstack.git" },
      homepage: "https://github.com/acme/mlstack#readme",
      bugs: { url: "https://github.com/acme/mlstack/issues" },
    });
  });

  it.each(["acme/mlstack", "http://github.com/acme/mlstack", "https://github.com/acme/mlstack.git", "https://x/y"])(
    "refuses %s for a repository",
    (address) => {
      expect(() => packageManifest(checkout, address)).toThrow(
        expect.objectContaining({
          name: "Problem",
          message: `"${address}" is no address of a repository`,
          remedy: "Write it as its page has it, for example https://github.com/acme/mlstack.",
        }),
      );
    },
  );
});
