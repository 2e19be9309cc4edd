import { join } from "node:path";
import { Problem } from "../problem";
import { build } from "../toolchain/build";
import type { BuildProgress } from "../toolchain/go-runner";
import type { Tool } from "../toolchain/tools";
import { type Controller, CONTROLLERS } from "./controllers";
import type { PodPrograms } from "./program-file";

const INSTEAD = "; only controllers that run as processes need it";

/** What runs a program as a container would run it. */
export const SANDBOX: Tool = {
  name: "sandbox",
  title: "Sandbox of processes",
  version: "1.0.0",
  modules: ["sandbox"],
  builds: [
    {
      binary: "sandbox",
      package: ".",
      stamps: { "main.version": "1.0.0" },
      versionArguments: ["version"],
      versionText: "sandbox 1.0.0",
    },
  ],
  instead: INSTEAD,
  typicalMinutes: 1,
};

/** How the program of a controller is built. It says its version nowhere, so it is known by the module that Go notes in it. */
export function toolOf(controller: Controller): Tool {
  const { name, title, folder, package: path, module, version, completed, typicalMinutes } = controller;
  return {
    name,
    title,
    version: version.replace(/^v/, ""),
    modules: completed === undefined ? [folder] : [folder, completed.additions],
    builds: [
      {
        binary: name,
        package: path,
        stamps: {},
        versionArguments: [],
        versionText: `\t${module}\t${version}`,
      },
    ],
    ...(completed === undefined ? {} : { completed }),
    instead: INSTEAD,
    typicalMinutes,
  };
}

/**
 * The programs that run in place of the controllers of some parts of the platform; they are built on first use.
 *
 * @throws {Problem} when this machine is no Linux, or one of them has to be built and cannot be.
 */
export async function ensurePodPrograms(
  parts: readonly string[],
  progress: BuildProgress = () => undefined,
): Promise<PodPrograms> {
  if (process.platform !== "linux") {
    throw new Problem(
      `controllers run as processes in namespaces of Linux, and this machine is ${process.platform}`,
      "Leave mlstack:cluster.controllers out, or use a machine with Linux.",
    );
  }
  const sandbox = join(await build(SANDBOX, progress), "sandbox");
  const images: PodPrograms["images"] = {};
  for (const controller of CONTROLLERS.filter(({ part }) => parts.includes(part))) {
    const tool = toolOf(controller);
    const folder = await build(tool, (doing) => {
      progress(`${tool.title} ${tool.version}: ${doing}`);
    });
    const image = await controller.imageParts?.();
    const binary = { binary: join(folder, controller.name), entry: controller.entry };
    const program = image === undefined ? binary : { ...binary, image };
    for (const name of [controller.image, ...(controller.furtherImages ?? [])]) images[name] = program;
  }
  return { sandbox, images, ...(parts.includes("metricsServer") ? { hasMetricsServer: true } : {}) };
}
