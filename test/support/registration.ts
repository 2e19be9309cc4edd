import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ModelVersionArgs, modelVersionManifests } from "../../components/workloads/registry";
import { ModelRegistryStandIn } from "./model-registry";

/** Seconds between tries, so that tests do not take minutes. */
const PAUSE = "0.01";

const FIT = "import sys; sys.exit(sys.version_info < (3, 8))";

/** Whether there is a Python that runs the script. */
export const hasPython = spawnSync("python3", ["-c", FIT], { stdio: "ignore" }).status === 0;

/** What is registered where a test says nothing else. */
export const exampleVersion: ModelVersionArgs = {
  model: "resnet/50 für $HOME",
  version: "1",
  uri: "s3://models/resnet/1",
  format: "onnx",
  description: "first",
  properties: { team: "vision" },
  metrics: { accuracy: 0.93, epochs: 90 },
  lineage: { commit: "0123abc", data: "s3://lake/imagenet", parameters: { lr: "0.1" } },
};

/** How a registration has ended. */
export interface Ending {
  code: number;
  output: string;
  error: string;
}

/** A registry, and a folder for the files of the pods that register something there. */
export class RegistrationBench {
  private constructor(
    /** The registry. */
    public readonly registry: ModelRegistryStandIn,
    /** The folder. */
    public readonly folder: string,
  ) {}

  /** Makes both. */
  static async start(): Promise<RegistrationBench> {
    const folder = mkdtempSync(join(tmpdir(), "mlstack-register-"));
    return new RegistrationBench(await ModelRegistryStandIn.start(), folder);
  }

  /** Removes both. */
  async stop(): Promise<void> {
    await this.registry.stop();
    rmSync(this.folder, { recursive: true });
  }

  /** Runs the script that a ModelVersion mounts, as a process, on what its container finds in the environment. */
  register(args: Partial<ModelVersionArgs> = {}, token?: string): Promise<Ending> {
    const given = { ...exampleVersion, registry: this.registry.address, ...args };
    const { script, job } = modelVersionManifests("resnet", given);
    const path = join(this.folder, "register-model.py");
    writeFileSync(path, script.data["register-model.py"] as string);
    const { spec } = job.spec.template as { spec: { containers: { env: { name: string; value: string }[] }[] } };
    const { value } = spec.containers[0]!.env.find(({ name }) => name === "MODEL_VERSION")!;
    const env = {
      PATH: process.env["PATH"],
      // As the kubelet reads it.
      MODEL_VERSION: value.replaceAll("$$", () => "$"),
      ...(token === undefined ? {} : { MODEL_REGISTRY_TOKEN: token }),
    };
    return new Promise((resolve) => {
      execFile("python3", [path, PAUSE], { env }, (failure, output, error) => {
        resolve({ code: failure === null ? 0 : Number(failure.code), output: output.trim(), error: error.trim() });
      });
    });
  }
}
