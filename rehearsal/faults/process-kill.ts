import { Problem } from "../problem";
import type { FaultInjector } from "../scenarios/fault";
import type { FaultedCluster } from "./index";

/** Kills a process of the control plane, and starts it again as `up` does: nothing but its memory is lost. */
export function processKill({ controlPlane }: FaultedCluster): FaultInjector<"processKilled"> {
  return {
    async inject({ process: name }) {
      const found = (await controlPlane.status()).find((each) => each.name === name);
      if (found?.pid === undefined) throw new Problem(`no process ${name} runs`, "Name one that does.");
      process.kill(found.pid, "SIGKILL");
      const killed = Date.now();
      await controlPlane.start();
      return `${name} was killed, and was ready again after ${((Date.now() - killed) / 1000).toFixed(1)} s of the clock`;
    },
  };
}
