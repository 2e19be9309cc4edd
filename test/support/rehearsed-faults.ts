import { faultInjectors } from "../../rehearsal/faults";
import { Aftermath } from "../../rehearsal/faults/aftermath";
import { ensureClock } from "../../rehearsal/faults/clock-tool";
import { ControlPlane } from "../../rehearsal/cluster/control-plane";
import { clusterLayout } from "../../rehearsal/cluster/layout";
import type { Fault, FaultEffect, FaultInjector } from "../../rehearsal/scenarios/fault";
import type { RehearsedStack } from "./rehearsed-stack";
import { toolPath } from "./toolchain";

/** Makes faults happen on a stack, one after the other as each test says. */
export class RehearsedFaults {
  private constructor(
    /** The processes of the stack's cluster. */
    readonly controlPlane: ControlPlane,
    private readonly injectors: ReturnType<typeof faultInjectors>,
  ) {}

  static async on({ config, state }: RehearsedStack): Promise<RehearsedFaults> {
    const controlPlane = new ControlPlane(await toolPath("controlplane"), clusterLayout(state));
    const ground = { config, controlPlane, clock: ensureClock, aftermath: new Aftermath(1) };
    return new RehearsedFaults(controlPlane, faultInjectors(ground));
  }

  /** Makes a fault happen now. @throws {Problem} where it finds nothing that it could happen to. */
  async inject(fault: Fault): Promise<FaultEffect> {
    return (this.injectors[fault.kind] as FaultInjector).inject(fault);
  }

  /** Kills the controller of a part of the platform, which starts again by itself. */
  async killController(part: string): Promise<void> {
    await this.inject({ at: 0, kind: "operatorKilled", part });
  }
}
