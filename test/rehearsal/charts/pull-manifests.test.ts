import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { PinnedManifests } from "../../../components/model/versions";
import { renderCall } from "../../../components/rendering/source";
import { rendered } from "../../support/rendering";
import { scratchFolder, setForTest } from "../../support/scratch";
import { gitRepository } from "./publishers";
import { pulling, VERSION } from "./pulling";

describe("manifests of a Git repository", () => {
  const files = {
    "deploy/base/kustomization.yaml": "resources: [settings.yaml]\n",
    "deploy/base/settings.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings }\n",
    "README.md": "Elsewhere\n",
  };
  const pinned = (repository: string, more: Partial<PinnedManifests> = {}): PinnedManifests => {
    return { name: "gadgets", repository, version: VERSION, tagPrefix: "v", root: "deploy", ...more };
  };
  const oneSet = (manifests: PinnedManifests) => new Map([["gadgets", { manifests }]]);

  it("are put into the mirror by the commit of their tag, and can be built from there", async () => {
    const { address, commit } = await gitRepository(`v${VERSION}`, files);
    const manifests = pinned(address);
    const { mirror, pulled, lock } = await pulling({ sources: oneSet(manifests) });
    expect(pulled).toEqual([{ name: "gadgets", version: VERSION, from: address, digest: commit, known: "first seen" }]);
    expect(lock).toEqual({ gadgets: { version: VERSION, digest: commit } });
    expect(await readdir(join(mirror, "gadgets-1.2.3"))).toEqual(["base"]);
    const { result } = await rendered(renderCall({ manifests, folder: "base" }, { chartMirror: mirror }));
    expect(result).toMatchObject([{ kind: "ConfigMap", metadata: { name: "settings" } }]);
  });

  it("are not taken where the tag has moved to another commit", async () => {
    const { address, commit, git } = await gitRepository(`v${VERSION}`, files);
    const { lock } = await pulling({ sources: oneSet(pinned(address)) });
    await git("commit", "--quiet", "--allow-empty", "--message", "More");
    await git("tag", "--force", `v${VERSION}`);
    const { problem, mirror } = await pulling({ sources: oneSet(pinned(address)), lock });
    expect(problem).toMatchObject({
      message: `gadgets 1.2.3 has the digest ${await git("rev-parse", "HEAD")}, and ${commit} is in the lock file`,
      remedy: "Do not use it before you know why: a released version does not change.",
    });
    expect(await readdir(mirror)).toEqual([]);
  });

  it("are named where the repository lacks the version or the folder", async () => {
    const { address } = await gitRepository(`v${VERSION}`, files);
    const absent = await pulling({ sources: oneSet(pinned(address, { version: "9.9.9" })) });
    expect(absent.problem).toMatchObject({
      message: `${address} v9.9.9 cannot be cloned: fatal: Remote branch v9.9.9 not found in upstream origin`,
      remedy: "Check the network and that Git is on PATH.",
    });
    const moved = await pulling({ sources: oneSet(pinned(address, { root: "manifests" })) });
    expect(moved.problem).toMatchObject({
      message: `${address} v${VERSION} has no folder manifests`,
      remedy: "Check the pinned root of the manifests.",
    });
  });

  it("need Git", async () => {
    const { address } = await gitRepository(`v${VERSION}`, files);
    setForTest("PATH", await scratchFolder());
    const { problem } = await pulling({ sources: oneSet(pinned(address)) });
    expect(problem?.message).toBe(`${address} v${VERSION} cannot be cloned: spawn git ENOENT`);
  });
});
