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
const PATIENCE = 900_000;

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
    // Two at a time, as each is several processes that mostly wait for each other.
    const waiting: string[] = [...RECORDED_STACKS].reverse();
    const preview = async () => {
      for (let stack = waiting.shift(); stack !== undefined; stack = waiting.shift())
        changes[stack] = await upgrade(version, stack);
    };
    await Promise.all([preview(), preview()]);
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
      const text = asIf(recorded(version, "dev"), [
        // The release called the Job's resource otherwise, and nobody has written an alias.
        ["kubernetes:batch/v1:Job", "mnist-job", (line) => line.replace('"name":"mnist-job"', '"name":"mnist-run"')],
        // The release gave the controller more pods by default.
        [
          "kubernetes:apps/v1:Deployment",
          "platform-kueue-objects-deployment-kueue-controller-manager",
          (line) => line.replace('"replicas":1', '"replicas":3'),
        ],
        // So it did where nobody here has the chart.
        [
          "kubernetes:stand-in.invalid/v1:UnrenderedChart",
          "platform-metrics-server-objects-unrendered-chart-metrics-server",
          (line) => line.replace('"replicas":1', '"replicas":3'),
        ],
        // The release made what nobody can change afterwards of another kind: volumes, and machines.
        [
          "kubernetes:storage.k8s.io/v1:StorageClass",
          "add-ons-gp3",
          (line) => line.replace('"type":"gp3"', '"type":"gp2"'),
        ],
        [
          "aws:eks/nodeGroup:NodeGroup",
          "experiments-nodes",
          (line) => line.replace('"AL2023_x86_64_NVIDIA"', '"BOTTLEROCKET_x86_64_NVIDIA"'),
        ],
      ]);
      const changes = unlistedChanges(await upgrade(version, "dev", text), listed, version);
      // Tags of a group's machines go with it.
      const found = changes.filter(({ type }) => type !== "aws:autoscaling/tag:Tag");
      expect(found.map(describeChange)).toEqual([
        "delete kubernetes:batch/v1:Job mnist-run",
        "replace aws:eks/nodeGroup:NodeGroup experiments-nodes (amiType)",
        "replace kubernetes:storage.k8s.io/v1:StorageClass add-ons-gp3 (parameters.type)",
        "update kubernetes:apps/v1:Deployment platform-kueue-objects-deployment-kueue-controller-manager (spec.replicas)",
        "update kubernetes:stand-in.invalid/v1:UnrenderedChart platform-metrics-server-objects-unrendered-chart-metrics-server (spec.values.replicas)",
      ]);
    },
    PATIENCE,
  );
});
