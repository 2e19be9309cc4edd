import { join } from "node:path";
import { CoreV1Api, type V1Pod } from "@kubernetes/client-node";
import { killProcess, liveProcesses } from "../cluster/process-table";
import { CONTROLLERS } from "../operators/controllers";
import { podFolder } from "../operators/pod-folder";
import { Problem } from "../problem";
import type { FaultInjector } from "../scenarios/fault";
import type { FaultGround } from ".";

/** Kills processes of the control plane, and starts them again. */
export function processInjector({ controlPlane }: FaultGround): FaultInjector<"processKilled"> {
  return {
    inject: async ({ process: name }) => {
      const live = (await controlPlane.status()).find((each) => each.name === name);
      if (live?.pid === undefined) throw new Problem(`${name} does not run`, "Name a process that runs.");
      await killProcess(live.pid);
      await controlPlane.start();
      return `${name} was killed, and has started again`;
    },
  };
}

/** Kills the program of a controller, which its supervisor then starts again as a kubelet would. */
export function operatorInjector({ config, controlPlane }: FaultGround): FaultInjector<"operatorKilled"> {
  return {
    inject: async ({ part }) => {
      const images = imagesOf(part);
      const { items } = await config.makeApiClient(CoreV1Api).listPodForAllNamespaces();
      const pods = items.filter(({ spec }) =>
        spec?.containers.some(({ image = "" }) => images.some((each) => image.startsWith(`${each}:`))),
      );
      const killed = (await Promise.all(pods.map(killProgramOf))).filter(Boolean);
      if (killed.length === 0) {
        throw new Problem(
          `no controller of the part ${part} runs`,
          "Name a part of the platform whose controller runs.",
        );
      }
      return `${killed.length === 1 ? "the controller" : `${killed.length} controllers`} of ${part} killed`;
    },
  };

  async function killProgramOf({ metadata }: V1Pod): Promise<boolean> {
    const folder = join(controlPlane.layout.pods, podFolder(metadata?.uid ?? ""));
    const programs = (await liveProcesses()).filter(({ command }) => command.includes(`${folder}/`));
    await Promise.all(programs.map(({ pid }) => killProcess(pid)));
    return programs.length > 0;
  }
}

/**
 * Images of the controllers of a part.
 *
 * @throws {Problem} where no controller of the part can run.
 */
export function imagesOf(part: string): string[] {
  const images = CONTROLLERS.filter((controller) => controller.part === part).map(({ image }) => image);
  if (images.length > 0) return images;
  const known = [...new Set(CONTROLLERS.map((controller) => controller.part))].sort();
  throw new Problem(`the part ${part} has no controller that runs`, `Name one of these: ${known.join(", ")}.`);
}
