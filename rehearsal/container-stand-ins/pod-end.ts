import { CoreV1Api, type KubeConfig, PatchStrategy, setHeaderOptions, type V1Pod } from "@kubernetes/client-node";

/** Characters that a container's last message has at most. @see https://kubernetes.io/docs/tasks/debug/debug-application/determine-reason-pod-failure/ */
const LONGEST_MESSAGE = 4096;

/** Why a pod fails: a container that did not do its work. */
export interface ContainerError {
  container: string;
  exitCode: number;
  message: string;
}

/** Ends a pod: well without an error, else because of a container. */
export async function endPod(config: KubeConfig, pod: V1Pod, error?: ContainerError): Promise<void> {
  const now = new Date();
  const containerStatuses = structuredClone(pod.status?.containerStatuses ?? []).map((status) => {
    const startedAt = status.state?.running?.startedAt ?? status.state?.terminated?.startedAt ?? now;
    const message = error?.message.slice(0, LONGEST_MESSAGE);
    const failed = { exitCode: error?.exitCode ?? 1, reason: "Error", message };
    const ended = { exitCode: 0, reason: "Completed" };
    const terminated = { ...(status.name === error?.container ? failed : ended), startedAt, finishedAt: now };
    return Object.assign(status, { ready: false, started: false, state: { terminated } });
  });
  const status = { phase: error === undefined ? "Succeeded" : "Failed", containerStatuses };
  const { name = "", namespace = "" } = pod.metadata ?? {};
  const merge = setHeaderOptions("Content-Type", PatchStrategy.MergePatch);
  await config.makeApiClient(CoreV1Api).patchNamespacedPodStatus({ name, namespace, body: { status } }, merge);
}
