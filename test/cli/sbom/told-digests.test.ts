import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { sbom } from "../../../cli/commands/sbom";
import type { Bill } from "../../../cli/sbom/bill";
import { imageComponent } from "../../../cli/sbom/platform-sources";
import { toldDigests } from "../../../cli/sbom/told-digests";
import { IMAGES } from "../../../components/model/images";
import { serve } from "../../rehearsal/charts/publishers";
import { scratchFolder } from "../../support/scratch";

const [digest, other] = ["ab".repeat(32), "cd".repeat(32)];

/** A registry that hands tokens to everybody, and has one image: `ml/train:1.0`. */
async function registry(headers: Record<string, string> = { "docker-content-digest": `sha256:${digest}` }) {
  const publisher = await serve(({ url = "", method, headers: sent }, response) => {
    if (url.startsWith("/token?")) return response.end(JSON.stringify({ token: "everybody" }));
    if (sent.authorization !== "Bearer everybody") {
      response.setHeader(
        "www-authenticate",
        `Bearer realm="http://${publisher.host}/token",service="registry.example"`,
      );
      response.statusCode = 401;
    } else if (url !== "/v2/ml/train/manifests/1.0" || method !== "HEAD") response.statusCode = 404;
    else for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    return response.end();
  });
  return publisher;
}

describe("the digests that registries tell", () => {
  it("are those that tags have now, asked for with a token and without a pull", async () => {
    const { host, asked } = await registry();
    const { components, untold } = await toldDigests([imageComponent(`${host}/ml/train:1.0`, { name: "train" })]);
    expect(untold).toEqual([]);
    const expected = imageComponent(`${host}/ml/train:1.0`, { name: "train" });
    const purl = `pkg:oci/train@sha256%3A${digest}?repository_url=${encodeURIComponent(`${host}/ml/train`)}&tag=1.0`;
    expect(components).toEqual([{ ...expected, purl, hashes: [{ alg: "SHA-256", content: digest }] }]);
    const manifest = "/v2/ml/train/manifests/1.0";
    expect(asked).toEqual([manifest, "/token?service=registry.example", manifest]);
  });

  it("are not asked for where the reference has one, nor of what is no image", async () => {
    const { host, asked } = await registry();
    const pinned = imageComponent(`${host}/ml/train@sha256:${other}`);
    const chart = { type: "application", "bom-ref": "chart:a@1", name: "a" } as const;
    expect(await toldDigests([pinned, chart])).toEqual({ components: [pinned, chart], untold: [] });
    expect(asked).toEqual([]);
  });

  it("are missed, with the reason, where a registry does not tell them", async () => {
    const [lacking, silent] = [await registry(), await registry({})];
    const images = [`${lacking.host}/ml/train:2.0`, `${silent.host}/ml/train:1.0`].map((each) => imageComponent(each));
    const { components, untold } = await toldDigests(images);
    expect(components).toEqual(images);
    const messages = [
      `${lacking.host}/ml/train:2.0: ${lacking.host}/v2/ml/train/manifests/2.0 answers 404 Not Found`,
      `${silent.host}/ml/train:1.0: ${silent.host}/ml/train:1.0 has no digest that its registry tells`,
    ];
    expect(untold).toEqual(messages.sort());
  });
});

describe("mlstack sbom --resolve", () => {
  /** Runs the command for a manifest with two images of others, with a registry of which it is told each answer. */
  async function resolved(answer: (url: URL) => Response) {
    const folder = await scratchFolder();
    const [manifest, output] = [join(folder, "pod.yaml"), join(folder, "bill.json")];
    const containers = ["registry.example/own:2.0", `registry.example/pinned@sha256:${other}`].map((image, index) => {
      return { name: `main-${index}`, image };
    });
    const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "own" }, spec: { containers } };
    await writeFile(manifest, JSON.stringify(pod));
    const told = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    const options = { format: "cyclonedx", output, resolve: true };
    const code = await sbom([manifest], options, (url) => Promise.resolve(answer(new URL(url))));
    const messages = told.mock.calls.map(([message]) => String(message)).filter((each) => each.startsWith("No digest"));
    told.mockRestore();
    const { components } = JSON.parse(await readFile(output, "utf8")) as Bill;
    return { code, messages, images: components.filter(({ type }) => type === "container") };
  }
  const known = () => new Response(null, { headers: { "docker-content-digest": `sha256:${digest}` } });

  it("lists every image by digest", async () => {
    const { code, messages, images } = await resolved(known);
    expect({ code, messages }).toEqual({ code: 0, messages: [] });
    expect(images).toHaveLength(Object.keys(IMAGES).length + 2);
    for (const { name, hashes } of images) {
      const content = name === "registry.example/pinned" ? other : digest;
      expect(hashes, name).toEqual([{ alg: "SHA-256", content }]);
    }
  });

  it("asks Docker's registry under the name that it answers to", async () => {
    const hosts = new Set<string>();
    await resolved(({ host }) => {
      hosts.add(host);
      return known();
    });
    expect(hosts).toContain("registry-1.docker.io");
    expect(hosts).not.toContain("docker.io");
  });

  it("names images whose registry says no, lists them by tag, and ends with 1", async () => {
    const { code, messages, images } = await resolved(({ host }) => {
      return host === "registry.example" ? new Response(null, { status: 403, statusText: "Forbidden" }) : known();
    });
    const own = "registry.example/own:2.0";
    expect({ code, messages }).toEqual({
      code: 1,
      messages: [`No digest of ${own}: registry.example/v2/own/manifests/2.0 answers 403 Forbidden\n`],
    });
    const { hashes, version } = images.find(({ name }) => name === "registry.example/own")!;
    expect({ hashes, version }).toEqual({ hashes: undefined, version: "2.0" });
  });
});
