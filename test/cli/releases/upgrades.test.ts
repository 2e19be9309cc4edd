import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { type Change, describeChange } from "../../../cli/releases/changes";
import { listedChanges, missingNotes, staleEntries, unlistedChanges } from "../../../cli/releases/listed-changes";
import {
  changesFile,
  configurationFile,
  RECORDED_STACKS,
  recordedReleases,
  stateFile,
} from "../../../cli/releases/release-files";
import { ReleaseStack } from "../../../cli/releases/release-stack";
import { allMatches, read } from "../../support/pages";

/** Real previews of whole environments. */
const PATIENCE = 600_000;

const listed = listedChanges(readFileSync(changesFile(), "utf8"));
const recorded = (version: string, stack: string) => readFileSync(stateFile(version, stack), "utf8");

/** What this version of the package would change in a recorded state, of whoever keeps their configuration. */
async function upgrade(version: string, stack: string, text = recorded(version, stack)): Promise<Change[]> {
  const environment = await ReleaseStack.prepare({ stack, config: configurationFile(version, stack) });
  try {
    return await environment.changesOver(text);
  } finally {
    await environment.remove();
  }
}

describe.each(recordedReleases())("an upgrade from %s", (version) => {
  const changes: Record<string, Change[]> = {};
  beforeAll(async () => {
    for (const stack of RECORDED_STACKS) changes[stack] = await upgrade(version, stack);
  }, PATIENCE);

  it.each(RECORDED_STACKS)("replaces, deletes and changes nothing of %s but what is listed with a reason", (stack) => {
    expect(unlistedChanges(changes[stack]!, listed, version).map(describeChange)).toEqual([]);
  });

  it("is what the list of changes tells of: nothing of it is over", () => {
    expect(staleEntries(Object.values(changes).flat(), listed, version)).toEqual([]);
  });
});

describe("the list of changes", () => {
  it("goes with what the changelog says of each and, where users have to prepare, with a migration note", () => {
    expect(missingNotes(listed, read("CHANGELOG.md"), read("docs/upgrades.md"))).toEqual([]);
  });

  it("is about releases that were recorded", () => {
    expect(listed.map(({ from }) => from).filter((from) => !recordedReleases().includes(from))).toEqual([]);
  });
});

describe("the recorded releases", () => {
  it("are all that the changelog tells of, and one at least", () => {
    const released = allMatches(/^## \[(\d+\.\d+\.\d+)\]/gm, read("CHANGELOG.md"));
    expect(released.filter((version) => !recordedReleases().includes(version))).toEqual([]);
    expect(recordedReleases()).not.toEqual([]);
  });

  it.each(recordedReleases().flatMap((version) => RECORDED_STACKS.map((stack) => [version, stack] as const)))(
    "%s of %s holds no secret, no path of a machine and nothing that was sealed",
    (version, stack) => {
      const text = recorded(version, stack);
      expect(text.split("\n").length).toBeGreaterThan(100);
      expect(text).not.toMatch(/ciphertext|PRIVATE KEY|"plaintext"|mlstack-release-|platform-sources-/);
      for (const line of text.split("\n").filter((each) => each.includes('"kubernetes:core/v1:Secret"'))) {
        const { inputs } = JSON.parse(line) as { inputs: { data?: Record<string, string> } };
        for (const value of Object.values(inputs.data ?? {})) expect(value).toBe("secret-removed");
      }
    },
  );
});

describe("what was planted", () => {
  const version = recordedReleases().at(-1)!;

  /** A recorded state as if the release had been another one: a line is found by its type and name, and changed. */
  function asIf(text: string, edits: [type: string, name: string, edit: (line: string) => string][]): string {
    const lines = text.split("\n");
    for (const [type, name, edit] of edits) {
      const index = lines.findIndex((line) => line.includes(`"name":"${name}"`) && line.includes(`"type":"${type}"`));
      const changed = edit(lines[index] ?? "");
      expect(changed, name).not.toBe(lines[index]);
      lines[index] = changed;
    }
    return lines.join("\n");
  }

  it(
    "is found in a whole environment: a rename without alias, another default, a replacement",
    async () => {
      const text = asIf(recorded(version, "local"), [
        // The release called the Job's resource otherwise, and nobody has written an alias.
        ["kubernetes:batch/v1:Job", "mnist-job", (line) => line.replace('"name":"mnist-job"', '"name":"mnist-run"')],
        // The release gave the controller one pod by default.
        [
          "kubernetes:apps/v1:Deployment",
          "platform-kueue-objects-deployment-kueue-controller-manager",
          (line) => line.replace('"replicas":2', '"replicas":1'),
        ],
        // The release made the claim for pods of one node, which no claim can change.
        [
          "kubernetes:core/v1:PersistentVolumeClaim",
          "refit-data",
          (line) => line.replace('"accessModes":["ReadWriteMany"]', '"accessModes":["ReadWriteOnce"]'),
        ],
      ]);
      const found = unlistedChanges(await upgrade(version, "local", text), listed, version);
      expect(found.map(describeChange)).toEqual([
        "delete kubernetes:batch/v1:Job mnist-run",
        "replace kubernetes:core/v1:PersistentVolumeClaim refit-data (spec.accessModes[0])",
        "update kubernetes:apps/v1:Deployment platform-kueue-objects-deployment-kueue-controller-manager (spec.replicas)",
      ]);
    },
    PATIENCE,
  );
});
