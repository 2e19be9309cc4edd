import fc from "fast-check";
import type { Flaw } from "./workload-case";

/** What is wrong with an argument, and the path that a problem has for it. */
type Wrong = [path: string, changes: Record<string, unknown>];

const PROGRAM: Wrong[] = [
  ["image", { image: " " }],
  ['env["BATCH-SIZE"]', { env: { "BATCH-SIZE": "1" } }],
  ['env["NVIDIA_VISIBLE_DEVICES"]', { env: { NVIDIA_VISIBLE_DEVICES: "all" } }],
  ['secretEnv["1"]', { secretEnv: { "1": { name: "a", key: "b" } } }],
  ["runAsUser", { runAsUser: 0 }],
  ['annotations["mlstack.dev/simulate"]', { annotations: { "mlstack.dev/simulate": "sucede" } }],
  ["volumes[0].name", { volumes: [{ name: "A B", mountPath: "/a", scratch: {} }] }],
  ["volumes[0].mountPath", { volumes: [{ name: "a", mountPath: "a", scratch: {} }] }],
  ["volumes[0]", { volumes: [{ name: "a", mountPath: "/a" }] }],
  ["volumes[1].name", { volumes: ["/a", "/b"].map((mountPath) => ({ name: "a", mountPath, scratch: {} })) }],
];

const HARDWARE: Wrong[] = [
  ["gpus", { gpus: -1 }],
  ["gpus", { gpus: 0.5 }],
  ["gpuMemoryGib", { gpus: 1, gpuMemoryGib: 100_000 }],
  ["gpuSharing", { gpuSharing: "sometimes" }],
  ["migProfile", { gpus: 1, gpuSharing: "mig", migProfile: "half" }],
  ["migProfile", { gpuSharing: "exclusive", migProfile: "1g.10gb" }],
  ["gpus", { gpus: 2, gpuSharing: "time-slicing" }],
  ["cpu", { cpu: "four" }],
  ["memory", { memory: "16GB" }],
  ["sharedMemory", { memory: "1Gi", sharedMemory: "1Gi", gpus: 1, gpuSharing: "mig", migProfile: "1g.10gb" }],
  ["pool", { pool: "My Pool" }],
  ["tolerations[0].key", { tolerations: [{ key: "" }] }],
  ["architecture", { architecture: "riscv64" }],
  ["efa", { efa: -1 }],
];

const OBJECT: Wrong[] = [
  ["objectName", { objectName: "UPPER" }],
  ["objectName", { objectName: "x".repeat(64) }],
  ["namespace", { namespace: "my namespace" }],
  ['labels["app.kubernetes.io/name"]', { labels: { "app.kubernetes.io/name": "other" } }],
  ['labels["-"]', { labels: { "-": "x" } }],
  ['labels["a"]', { labels: { a: "two words" } }],
  ["lineage.commit", { lineage: { commit: "main" } }],
  ["lineage.imageDigest", { lineage: { imageDigest: "latest" } }],
];

const QUEUE: Wrong[] = [
  ["queue", { queue: "my queue" }],
  ["queuePriority", { queuePriority: "Very High" }],
];

const GANG: Wrong[] = [
  ...QUEUE,
  ["topology.level", { topology: { level: "continent" } }],
  ["gang", { gang: false, topology: { level: "rack", byQueue: true } }],
];

/** Flaws of arguments that several kinds have. */
export const FLAWS = { program: PROGRAM, hardware: HARDWARE, object: OBJECT, queue: QUEUE, gang: GANG };

/**
 * Valid arguments with one of these things wrong in them.
 *
 * @param role argument that holds what is wrong, for example `worker`; the arguments themselves by default.
 */
export function flawed<Args extends object>(
  args: fc.Arbitrary<Args>,
  wrongs: Wrong[],
  role?: string,
): fc.Arbitrary<Flaw<Args>> {
  return fc.tuple(args, fc.constantFrom(...wrongs)).map(([valid, [path, changes]]) => {
    if (role === undefined) return { args: { ...valid, ...changes }, path };
    const inner = (valid as Record<string, object>)[role];
    return { args: { ...valid, [role]: { ...inner, ...changes } }, path: `${role}.${path}` };
  });
}
