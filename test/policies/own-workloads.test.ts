import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { RULES as GPU_ML } from "../../policies/gpu-ml/rules";
import { RULES as POD_SECURITY } from "../../policies/pod-security/rules";
import { checkoutRoot } from "../../rehearsal/checkout";
import { analyze, type TestResource } from "./analyzer";

const folder = join(checkoutRoot(), "test", "golden");

interface Manifest {
  apiVersion: string;
  kind: string;
}

function manifestsOf(file: string): TestResource[] {
  const documents = parseAllDocuments(readFileSync(join(folder, file), "utf8"));
  return documents
    .map((document) => document.toJS() as Partial<Manifest> | null)
    .filter((manifest): manifest is Manifest => manifest?.apiVersion !== undefined && manifest.kind !== undefined)
    .map((manifest) => {
      const version = manifest.apiVersion.includes("/") ? manifest.apiVersion : `core/${manifest.apiVersion}`;
      return { type: `kubernetes:${version}:${manifest.kind}`, props: manifest };
    });
}

describe("the packs have nothing against what our own components create", () => {
  it.each(readdirSync(folder).filter((file) => file.endsWith(".yaml")))("%s", (file) => {
    const findings = manifestsOf(file).flatMap((resource) => analyze([...POD_SECURITY, ...GPU_ML], resource));

    expect(findings.map(({ message }) => message)).toEqual([]);
  });
});
