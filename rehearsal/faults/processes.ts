import { join } from "node:path";
import { CoreV1Api, type V1Pod } from "@kubernetes/client-node";
import { killProcess, liveProcesses } from "../cluster/process-table";
import { podFolder } from "../operators/pod-folder";
import { Problem } from "../problem";
import type { FaultInjector } from "../scenarios/fault";
import type { FaultGround } from ".";
import { controllerPods } from "./controller-pods";

/** Kills processes of the control plane, and starts them again. */
export function processInjector({ controlPlane }: FaultGround): FaultInjector<"processKilled"> {
  return {
    inject: async ({ process: name }) => {
      const live = (await controlPlane.status()).find((each) => each.name === name);
      if (live?.pid === undefined) throw new Problem(`${name} does not run`, "Name a process that runs.");
      await killProcess(live.pid);
      await controlPlane.start();
      return { did: `${name} was killed, and has started again` };
    },
  };
}

/** Kills the program of a controller, which its supervisor then starts again as a kubelet would. */
export function operatorInjector({ config, controlPlane }: FaultGround): FaultInjector<"operatorKilled"> {
  return {
    inject: async ({ part }) => {
      const pods = await controllerPods(config.makeApiClient(CoreV1Api), part);
      const killed = (await Promise.all(pods.map(killProgramOf))).flat();
      if (killed.length === 0) {
        throw new Problem(
          `no controller of the part ${part} runs`,
          "Name a part of the platform whose controller runs.",
        );
      }
      const did = `${killed.length === 1 ? "the controller" : `${killed.length} controllers`} of ${part} killed`;
      return { did, controllers: killed };
    },
  };

  /** @returns uid of the pod; none where no program of it runs. */
  async function killProgramOf({ metadata }: V1Pod): Promise<string[]> {
    const uid = metadata?.uid ?? "";
    const folder = join(controlPlane.layout.pods, podFolder(uid));
    const programs = (await liveProcesses()).filter(({ command }) => command.includes(`${folder}/`));
    await Promise.all(programs.map(({ pid }) => killProcess(pid)));
    return programs.length > 0 ? [uid] : [];
  }
}
