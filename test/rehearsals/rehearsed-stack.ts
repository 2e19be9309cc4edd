import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BatchV1Api, CoreV1Api, CustomObjectsApi, type KubeConfig, KubernetesObjectApi } from "@kubernetes/client-node";
import { parseDocument } from "yaml";
import { checkoutRoot } from "../../rehearsal/checkout";
import { readKubeconfig } from "../../rehearsal/cluster/kubeconfig";
import { clusterLayout } from "../../rehearsal/cluster/layout";
import { mlstack, type Outcome } from "../support/mlstack";

/** What of the local stack a rehearsal has, in place of all of it. */
export interface Chosen {
  /** Parts of the platform. */
  parts: string[];
  /** Further values of the configuration, by their path within it. */
  set?: [path: (string | number)[], value: unknown][];
}

/** The local stack, or a part of it, on a cluster of a test file's own whose controllers run. */
export class RehearsedStack {
  private constructor(
    readonly folder: string,
    readonly up: Outcome,
  ) {}

  /** Brings it up. @throws Error where it does not come up. */
  static async up(chosen: Chosen): Promise<RehearsedStack> {
    const folder = await mkdtemp(join(tmpdir(), "mlstack-rehearsal-"));
    const config = join(folder, "rehearsal.yaml");
    await writeFile(config, await configurationOf(chosen));
    const outcome = await mlstack(join(folder, "state"), "up", "--config", config);
    const stack = new RehearsedStack(folder, outcome);
    if (outcome.code === 0) return stack;
    await stack.remove();
    throw new Error(outcome.output);
  }

  /** Folder of its state, for the command line. */
  get state(): string {
    return join(this.folder, "state");
  }

  get config(): KubeConfig {
    return readKubeconfig(clusterLayout(join(this.folder, "state")).kubeconfig);
  }

  get core(): CoreV1Api {
    return this.config.makeApiClient(CoreV1Api);
  }

  get batch(): BatchV1Api {
    return this.config.makeApiClient(BatchV1Api);
  }

  get custom(): CustomObjectsApi {
    return this.config.makeApiClient(CustomObjectsApi);
  }

  async create(object: object): Promise<void> {
    await KubernetesObjectApi.makeApiClient(this.config).create(object);
  }

  async remove(): Promise<void> {
    await mlstack(join(this.folder, "state"), "down", "--force");
    await rm(this.folder, { recursive: true, force: true });
  }
}

async function configurationOf({ parts, set = [] }: Chosen): Promise<string> {
  const document = parseDocument(await readFile(join(checkoutRoot(), "stacks", "Pulumi.local.yaml"), "utf8"));
  const key = ["config", "mlstack:platform", "parts"];
  const known = Object.keys(
    (document.toJS() as { config: Record<string, { parts: object }> }).config["mlstack:platform"]!.parts,
  );
  for (const part of known.filter((part) => !parts.includes(part))) document.deleteIn([...key, part]);
  document.setIn(["config", "mlstack:cluster", "controllers"], "processes");
  document.setIn(["config", "mlstack:scenarios"], []);
  for (const [path, value] of set) document.setIn(["config", ...path], value);
  return document.toString();
}
