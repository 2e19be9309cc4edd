import { describe, expect, it } from "vitest";
import {
  LeaderWorkerSetController,
  leaderWorkerSetRendering,
} from "../../../../components/platform/queues/leader-worker-set-controller";
import { leaderWorkerSetValues } from "../../../../components/platform/queues/leader-worker-set-controller-values";
import { childList, problemsOf, startMocks } from "../../../support/mocks";

describe("values of LeaderWorkerSet's chart", () => {
  it("run two pods of the released image, which the restricted level admits, on system nodes", () => {
    expect(leaderWorkerSetValues({ platform: { systemPool: "system" } })).toEqual({
      fullnameOverride: "lws",
      replicaCount: 2,
      image: { manager: { repository: "registry.k8s.io/lws/lws", tag: "v0.10.0", pullPolicy: "IfNotPresent" } },
      podSecurityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
      resources: { requests: { cpu: "500m", memory: "1Gi" }, limits: { memory: "1Gi" } },
      priorityClassName: "system-cluster-critical",
      nodeSelector: { "kubernetes.io/os": "linux", "mlstack.dev/pool": "system" },
      enableCertManager: false,
      enablePrometheus: false,
    });
  });

  it("take certificates and monitors from what is there", () => {
    const values = leaderWorkerSetValues({ platform: { certManager: true, prometheus: true }, version: "0.9.0" });
    expect(values).toMatchObject({
      enableCertManager: true,
      enablePrometheus: true,
      image: { manager: { tag: "v0.9.0" } },
    });
  });

  it("give way to those of a program", () => {
    expect(leaderWorkerSetValues({ values: { enableDisaggregatedSet: true } })).toMatchObject({
      enableDisaggregatedSet: true,
    });
  });
});

describe("what is added to LeaderWorkerSet's chart", () => {
  it.each([
    [2, ["PodDisruptionBudget"]],
    [1, []],
  ])("with %i pods: %j", (replicas, kinds) => {
    const { adjust } = leaderWorkerSetRendering({ replicas });
    expect(adjust!([]).map(({ kind }) => kind)).toEqual(kinds);
  });

  it("is a budget for the pods of the controller", () => {
    const labels = {
      "control-plane": "controller-manager",
      "app.kubernetes.io/name": "lws",
      "app.kubernetes.io/instance": "lws",
    };
    const [budget] = leaderWorkerSetRendering({ namespace: "groups" }).adjust!([]);
    expect(budget).toMatchObject({
      metadata: { namespace: "groups" },
      spec: { minAvailable: 1, selector: { matchLabels: labels } },
    });
  });
});

describe("LeaderWorkerSetController", () => {
  it("creates everything in a restricted namespace", async () => {
    const program = await startMocks();
    new LeaderWorkerSetController("groups");
    expect(childList(await program.resources())).toEqual([
      "mlstack:index:LeaderWorkerSetController groups",
      "kubernetes:core/v1:Namespace groups-namespace < groups",
      "mlstack:internal:RenderedObjects groups-objects < groups",
      "kubernetes:policy/v1:PodDisruptionBudget groups-objects-pod-disruption-budget-lws-controller-manager < groups-objects",
    ]);
    expect(await program.inputsOf("groups-namespace")).toMatchObject({
      metadata: { name: "lws-system", labels: { "pod-security.kubernetes.io/enforce": "restricted" } },
    });
  });

  it("refuses what is wrong", async () => {
    await startMocks();
    expect(problemsOf(() => new LeaderWorkerSetController("groups", { version: "latest" })).reasons).toEqual([
      'version is "latest"; allowed: an exact version such as 1.14.1. Name one release.',
    ]);
  });
});
