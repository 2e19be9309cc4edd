import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Spec, Validation } from "@cyclonedx/cyclonedx-library";
import { beforeAll, describe, expect, it } from "vitest";
import type { Bill } from "../../../cli/sbom/bill";
import { lastingFolder } from "../../support/lasting-folder";
import { mlstack } from "../../support/mlstack";
import { read } from "../../support/pages";

const POD = `
apiVersion: v1
kind: Pod
metadata: { name: own }
spec:
  containers:
    - { name: main, image: registry.example/own:2.0 }
    - { name: pinned, image: registry.example/pinned@sha256:${"ab".repeat(32)} }
`;

/** What npm's lock file tells of a package. */
interface LockedPackage {
  name?: string;
  dev?: boolean;
  version: string;
  integrity: string;
}

describe("mlstack sbom", { timeout: 60_000 }, () => {
  const folder = lastingFolder("sbom");
  const path = join(folder, "mlstack.cdx.json");
  let bill: Bill;
  beforeAll(async () => {
    await writeFile(join(folder, "pod.yaml"), POD);
    const { code, output } = await mlstack(folder, "sbom", join(folder, "pod.yaml"), "--output", path);
    expect(code, output).toBe(0);
    bill = JSON.parse(await readFile(path, "utf8")) as Bill;
  });

  it("writes CycloneDX 1.6 of this version", () => {
    const { version } = JSON.parse(read("package.json")) as { version: string };
    expect(bill).toMatchObject({ bomFormat: "CycloneDX", specVersion: "1.6", version: 1 });
    expect(bill.serialNumber).toMatch(/^urn:uuid:[0-9a-f-]{36}$/);
    expect(bill.metadata.component).toMatchObject({ name: "mlstack", version, purl: `pkg:npm/mlstack@${version}` });
  });

  describe("by the official JSON schema and its lists of licences and hashes", () => {
    const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6);
    const flaws = (changed: object = {}): Promise<unknown> =>
      validator.validate(JSON.stringify({ ...bill, ...changed }));
    const withComponent = (change: object) => ({ components: [{ ...bill.components[0]!, ...change }] });

    it("is without a flaw, with packages, charts, manifests and images", async () => {
      expect(new Set(bill.components.map(({ type }) => type))).toEqual(
        new Set(["library", "application", "container"]),
      );
      expect(await flaws()).toBeNull();
    });

    it.each<[string, object]>([
      ["a licence that SPDX does not know", { licenses: [{ license: { id: "Free-1.0" } }] }],
      ["a checksum that is too short", { hashes: [{ alg: "SHA-256", content: "ab" }] }],
      ["a word of our own", { digest: "ab" }],
    ])("is refused with %s", async (_, change) => {
      expect(await flaws(withComponent(change))).not.toBeNull();
    });
  });

  it("lists every package that runs, as the lock file has it, and none that only develops", () => {
    const { packages } = JSON.parse(read("package-lock.json")) as { packages: Record<string, LockedPackage> };
    const nameOf = (place: string) => packages[place]!.name ?? place.split("node_modules/").at(-1)!;
    const { "": _self, ...locked } = packages;
    const running = Object.entries(locked).filter(([, { dev }]) => dev !== true);
    const expected = new Set(running.map(([place, { version }]) => `${nameOf(place)}@${version}`));
    const listed = bill.components.filter(({ type }) => type === "library");
    expect(new Set(listed.map(({ name, version }) => `${name}@${version ?? ""}`))).toEqual(expected);
    for (const { name, version, purl, hashes } of listed) {
      expect(purl).toBe(`pkg:npm/${name.replace("@", "%40")}@${version!}`);
      const [integrity] = running.filter(([place, each]) => nameOf(place) === name && each.version === version);
      const [algorithm = "", content = ""] = integrity![1].integrity.split(/-(.*)/s);
      const told = { alg: algorithm.replace("sha", "SHA-"), content: Buffer.from(content, "base64").toString("hex") };
      expect(hashes).toEqual([told]);
    }
  });

  it("has one name for each thing, and depends on nothing that it does not list", () => {
    const names = bill.components.map((component) => component["bom-ref"]);
    expect(new Set(names).size).toBe(names.length);
    const known = new Set([...names, bill.metadata.component["bom-ref"]]);
    const meant = bill.dependencies.flatMap(({ ref, dependsOn = [] }) => [ref, ...dependsOn]);
    expect(meant.filter((name) => !known.has(name))).toEqual([]);
  });

  it("lists charts and pinned images, and images of the manifests that were named", () => {
    const purls = bill.components.map(({ purl }) => purl);
    expect(purls).toContain("pkg:oci/kueue?repository_url=registry.k8s.io%2Fkueue%2Fcharts%2Fkueue&tag=0.19.2");
    expect(purls).toContain("pkg:oci/pause?repository_url=registry.k8s.io%2Fpause&tag=3.10.2");
    expect(purls).toContain("pkg:oci/own?repository_url=registry.example%2Fown&tag=2.0");
  });

  it("prints a table with licences, and why what is not permissive is used", async () => {
    const { code, output } = await mlstack(folder, "sbom", "--format", "table");
    expect(code).toBe(0);
    expect(output).toMatch(/^KIND +NAME +VERSION +LICENCE +KNOWN BY +WHY$/m);
    expect(output).toMatch(/^npm +typescript +6\.0\.3 +Apache-2\.0 +SHA-512$/m);
    expect(output).toMatch(/^chart +keda +2\.20\.2 +Apache-2\.0 +SHA-256$/m);
    expect(output).toMatch(/^image +docker\.io\/library\/mysql +8\.4\.7 +GPL-2\.0-only +runs as it is released/m);
  });
});
