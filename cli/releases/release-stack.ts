import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensurePlatformSources } from "../../rehearsal/charts/module-sources";
import { DIGESTS_VARIABLE } from "../../rehearsal/stand-ins/digests";
import { RENDERER_VARIABLE } from "../../rehearsal/stand-ins/kubernetes/renderer";
import { binaryOf, ensure } from "../../rehearsal/toolchain/resolve";
import { OfflineStack } from "../offline";
import type { Pulumi } from "../pulumi";
import { readStackFile } from "../stack-file";
import { type Change, changesOfPreview } from "./changes";
import { type ExportedState, recordedText, stateOfText } from "./recorded-state";

/** A stack to be recorded, or to be upgraded from what was recorded. */
export interface ReleaseStackOptions {
  /** Name of the environment. */
  stack: string;
  /** Its configuration in place of `stacks/Pulumi.<stack>.yaml`. */
  config?: string;
}

/**
 * An environment that the real engine runs against the stand-in providers, in a folder of its own: long inputs are digests, and
 * charts and manifests are rendered by the real Kubernetes provider as far as Go modules carry them.
 */
export class ReleaseStack {
  private constructor(
    private readonly offline: OfflineStack,
    private readonly engine: Pulumi,
    private readonly name: string,
  ) {}

  /** Prepares the stack, with nothing in it yet. */
  static async prepare({ stack: name, config }: ReleaseStackOptions): Promise<ReleaseStack> {
    const stack = await readStackFile({ stack: name, ...(config === undefined ? {} : { config }) });
    const provider = await ensure("kubernetes-provider");
    const mirror = await ensurePlatformSources();
    const folder = await mkdtemp(join(tmpdir(), "mlstack-release-"));
    const offline = await OfflineStack.prepare(stack, await ensure("pulumi"), folder, mirror);
    const engine = offline.pulumi.with({
      [DIGESTS_VARIABLE]: "true",
      [RENDERER_VARIABLE]: binaryOf(provider, "pulumi-resource-kubernetes"),
      PULUMI_SKIP_CHECKPOINTS: "true",
    });
    return new ReleaseStack(offline, engine, name);
  }

  /** Brings all of it up. @returns its state, as it is recorded. */
  async record(): Promise<string> {
    await this.engine.quietly(["up", "--yes", "--skip-preview", ...this.offline.stackArguments]);
    const exported = await this.engine.quietly(["stack", "export", "--show-secrets", "--stack", this.name]);
    return recordedText(JSON.parse(exported) as ExportedState, this.offline.folder);
  }

  /** What the program of this checkout would change in a recorded state. */
  async changesOver(recorded: string): Promise<Change[]> {
    const file = join(this.offline.folder, "recorded.json");
    await writeFile(file, JSON.stringify(stateOfText(recorded)));
    await this.engine.quietly(["stack", "import", "--file", file, "--stack", this.name]);
    return changesOfPreview(await this.engine.quietly(["preview", "--json", ...this.offline.stackArguments]));
  }

  /** Removes all of it. */
  async remove(): Promise<void> {
    await this.offline.remove();
  }
}
