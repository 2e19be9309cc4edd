import type { V1ContainerState, V1ContainerStatus, V1Pod, V1PodStatus } from "@kubernetes/client-node";

/** How the one container that is run stands. */
export interface RunState {
  isReady: boolean;
  restarts: number;
  state: V1ContainerState;
  lastState?: V1ContainerState;
}

/** Status of a pod of which one container is run; the others, which have no program here, count as doing their part. */
export function statusOf(pod: V1Pod, run: string, ip: string, started: Date, container: RunState): V1PodStatus {
  const { isReady } = container;
  const statuses = (pod.spec?.containers ?? []).map(({ name, image = "" }): V1ContainerStatus => {
    const base = { name, image, imageID: "" };
    if (name !== run) {
      return { ...base, ready: true, started: true, restartCount: 0, state: { running: { startedAt: started } } };
    }
    return {
      ...base,
      ready: isReady,
      started: container.state.running !== undefined,
      restartCount: container.restarts,
      state: container.state,
      ...(container.lastState === undefined ? {} : { lastState: container.lastState }),
    };
  });
  const condition = (type: string, isTrue: boolean) => ({ type, status: isTrue ? "True" : "False" });
  return {
    phase: "Running",
    startTime: started,
    podIP: ip,
    podIPs: [{ ip }],
    conditions: [
      condition("PodScheduled", true),
      condition("PodReadyToStartContainers", true),
      condition("Initialized", true),
      condition("ContainersReady", isReady),
      condition("Ready", isReady),
    ],
    containerStatuses: statuses,
  };
}
