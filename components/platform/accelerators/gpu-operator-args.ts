import { checkEnum, checkTaintSyntax, type InputProblem, problemAt, type Toleration } from "../../internal";
import { type ChartPartArgs, checkPart } from "../part/part-args";
import { MigStrategy } from "./device-plugin-config";

/** Which of its programs a {@link GpuOperator} runs on GPU nodes. */
export interface GpuOperands {
  /**
   * Whether it installs the driver; false by default, as images for GPU nodes have one. Where true it compiles or loads
   * kernel modules on each node, in a privileged container.
   */
  driver?: boolean;
  /** Whether it installs NVIDIA's container toolkit; false by default, as images for GPU nodes have it. */
  toolkit?: boolean;
  /** Whether it runs the device plugin; true by default. */
  devicePlugin?: boolean;
  /** Whether it labels nodes with what their GPUs are (GPU Feature Discovery); true by default. */
  featureDiscovery?: boolean;
  /** Whether it runs the DCGM exporter; true by default. */
  dcgmExporter?: boolean;
  /** Whether it splits GPUs as the node label `nvidia.com/mig.config` says; false by default, as that stops what runs on them. */
  migManager?: boolean;
  /**
   * Whether it brings Node Feature Discovery; true by default. Without, another one must label nodes: the operator sets
   * `nvidia.com/gpu.present` to `false` on nodes without its labels, and nothing runs on them any more.
   */
  nodeFeatureDiscovery?: boolean;
}

/** What a {@link GpuOperator} is made from. Every argument has a default. */
export interface GpuOperatorArgs extends ChartPartArgs {
  /** What it runs on GPU nodes. */
  operands?: GpuOperands;
  /** How GPUs that are split by MIG are shown; `single` by default, as upstream has it. */
  migStrategy?: MigStrategy;
  /** Tolerations beside that of every `nvidia.com/gpu` taint: one for each further taint of the GPU pools. */
  tolerations?: Toleration[];
}

/** Operands with their defaults. */
export const DEFAULT_OPERANDS: Required<GpuOperands> = {
  driver: false,
  toolkit: false,
  devicePlugin: true,
  featureDiscovery: true,
  dcgmExporter: true,
  migManager: false,
  nodeFeatureDiscovery: true,
};

/** Checks an operator's inputs. */
export function validateGpuOperator(_name: string, args: GpuOperatorArgs): InputProblem[] {
  return [
    ...checkPart(args),
    ...checkEnum("migStrategy", args.migStrategy, MigStrategy),
    ...checkTaintSyntax("tolerations", args.tolerations),
  ];
}

/** What stands beside a {@link GpuOperator} on the same GPU nodes. */
export interface GpuNeighbours {
  /** Whether there is a NvidiaDevicePlugin. */
  devicePlugin: boolean;
  /** Whether there is a DcgmExporter. */
  dcgmExporter: boolean;
}

/**
 * Checks that no program runs twice on GPU nodes: two device plugins hand out each GPU twice, and two exporters count it
 * twice. Whoever installs an operator beside other parts calls this.
 *
 * @param path of the operator's arguments in messages, for example `gpuOperator`.
 */
export function gpuOperatorConflicts(path: string, args: GpuOperatorArgs, beside: GpuNeighbours): InputProblem[] {
  const operands = { ...DEFAULT_OPERANDS, ...args.operands };
  const doubled = [
    { part: "NvidiaDevicePlugin", operand: "devicePlugin", there: beside.devicePlugin && operands.devicePlugin },
    { part: "DcgmExporter", operand: "dcgmExporter", there: beside.dcgmExporter && operands.dcgmExporter },
  ];
  return doubled
    .filter(({ there }) => there)
    .map(({ part, operand }) => {
      const at = `${path}.operands.${operand}`;
      return problemAt(at, `true beside a ${part}`, "one of the two", `Set ${at} to false, or leave the ${part} out.`);
    });
}
