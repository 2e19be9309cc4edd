import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { checkoutRoot } from "../rehearsal/checkout";
import { prepareStandIns, standInEnvironment } from "../rehearsal/stand-ins/installation";
import { binaryOf, type Found } from "../rehearsal/toolchain/resolve";
import { Pulumi } from "./pulumi";
import { type StackFile, writeOfflineStackFile } from "./stack-file";

/** Server of the kubeconfig that stacks on clusters of their users get; nothing connects to it, and nothing could. */
const NO_SERVER = "https://stand-in.invalid";

/**
 * A stack in a folder of its own that is planned against the stand-in providers: with no state, account, cluster or
 * network, and none of the secrets of its configuration.
 */
export class OfflineStack {
  private constructor(
    /** Folder that holds all of it. */
    readonly folder: string,
    private readonly name: string,
    /** The engine that runs it. */
    readonly pulumi: Pulumi,
  ) {}

  /** Arguments that name the stack and its configuration to every Pulumi command. */
  get stackArguments(): string[] {
    return ["--stack", this.name, "--config-file", configFileOf(this.folder, this.name)];
  }

  /**
   * Prepares a stack.
   *
   * @param folder an empty folder; a new temporary one by default.
   * @param chartMirror folder with charts to render, for stand-ins that can; by default none are rendered.
   */
  static async prepare(stack: StackFile, engine: Found, folder?: string, chartMirror?: string): Promise<OfflineStack> {
    const root = folder ?? (await mkdtemp(join(tmpdir(), "mlstack-offline-")));
    await prepareStandIns(root);
    const variables = { ...standInEnvironment(root), PULUMI_CONFIG_PASSPHRASE: randomBytes(16).toString("base64url") };
    const pulumi = new Pulumi(binaryOf(engine, "pulumi"), variables, true);
    await createStack(pulumi, root, stack.name);
    const kubeconfig = join(root, "kubeconfig");
    await writeFile(kubeconfig, KUBECONFIG, { mode: 0o600 });
    await writeOfflineStackFile(stack, configFileOf(root, stack.name), kubeconfig, chartMirror);
    return new OfflineStack(root, stack.name, pulumi);
  }

  /** Removes all of it. */
  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** First and last line of whatever an offline stack prints. */
export function offlineLabel(stack: string): string {
  return `OFFLINE: ${stack} is planned against stand-in providers. Nothing is asked of AWS or of a cluster; ids, ARNs and addresses are invented, or unknown as in any first preview.`;
}

const KUBECONFIG = JSON.stringify({
  apiVersion: "v1",
  kind: "Config",
  clusters: [{ name: "stand-in", cluster: { server: NO_SERVER } }],
  users: [{ name: "stand-in", user: {} }],
  contexts: [{ name: "stand-in", context: { cluster: "stand-in", user: "stand-in" } }],
  "current-context": "stand-in",
});

/** Pulumi writes the salt of the stack's encryption beside the project file, and the checkout's must not change. */
async function createStack(pulumi: Pulumi, folder: string, stack: string): Promise<void> {
  const project = projectOf(folder);
  const { name } = parse(await readFile(join(checkoutRoot(), "Pulumi.yaml"), "utf8")) as { name: string };
  await mkdir(project, { recursive: true });
  await writeFile(join(project, "Pulumi.yaml"), `name: ${name}\nruntime: nodejs\n`);
  await pulumi.quietly(["stack", "init", stack, "--secrets-provider", "passphrase", "--cwd", project]);
}

function projectOf(folder: string): string {
  return join(folder, "project");
}

function configFileOf(folder: string, stack: string): string {
  return join(projectOf(folder), `Pulumi.${stack}.yaml`);
}
