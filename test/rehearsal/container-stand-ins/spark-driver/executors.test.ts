import type { V1Pod } from "@kubernetes/client-node";
import { describe, expect, test } from "vitest";
import { executorPod } from "../../../../rehearsal/container-stand-ins/spark-driver/executor-pod";
import { executorCount, parseProperties } from "../../../../rehearsal/container-stand-ins/spark-driver/properties";

const driver: V1Pod = {
  metadata: {
    name: "etl-driver",
    namespace: "data",
    uid: "1234",
    labels: { "spark-app-selector": "spark-abc", "spark-role": "driver", "spark-version": "4.0.1" },
  },
  spec: { serviceAccountName: "spark", containers: [{ name: "spark-kubernetes-driver" }] },
};

const settings = parseProperties(
  [
    "#Java properties built from Kubernetes config map",
    "spark.executor.instances=3",
    "spark.kubernetes.container.image=ghcr.io/acme/etl\\:1",
    "spark.executor.cores=2",
    "spark.executor.memory=2g",
    "spark.kubernetes.executor.label.sparkoperator.k8s.io/app-name=etl",
    "spark.kubernetes.executor.annotation.mlstack.dev/simulate=succeed after\\=2s",
    "spark.kubernetes.executor.volumes.persistentVolumeClaim.data.mount.path=/data",
    "spark.kubernetes.executor.volumes.persistentVolumeClaim.data.options.claimName=tables",
    "spark.executor.resource.gpu.amount=1",
    "spark.executor.resource.gpu.vendor=nvidia.com",
    "",
  ].join("\n"),
);

describe("an executor", () => {
  const pod = executorPod(driver, settings, 2);

  test("belongs to its driver, and says which one it is", () => {
    expect(pod.metadata).toMatchObject({
      name: "etl-exec-2",
      namespace: "data",
      labels: {
        "spark-app-selector": "spark-abc",
        "spark-exec-id": "2",
        "spark-role": "executor",
        "spark-version": "4.0.1",
        "sparkoperator.k8s.io/app-name": "etl",
      },
      ownerReferences: [{ kind: "Pod", name: "etl-driver", uid: "1234", controller: true }],
    });
    expect(pod.spec?.serviceAccountName).toBe("spark");
  });

  test("asks for its heap and what is beside it, cores and devices", () => {
    expect(pod.spec?.containers[0]).toMatchObject({
      image: "ghcr.io/acme/etl:1",
      resources: {
        requests: { cpu: "2", memory: "2432Mi" },
        limits: { memory: "2432Mi", "nvidia.com/gpu": "1" },
      },
    });
  });

  test("has the volumes of the application", () => {
    expect(pod.spec?.volumes).toEqual([{ name: "data", persistentVolumeClaim: { claimName: "tables" } }]);
    expect(pod.spec?.containers[0]?.volumeMounts).toEqual([{ name: "data", mountPath: "/data", readOnly: false }]);
  });

  test("lives as long as its driver, whatever the driver does, unless it is to fail", () => {
    expect(pod.metadata?.annotations?.["mlstack.dev/simulate"]).toBe("run");
    const fails = new Map([
      ...settings,
      ["spark.kubernetes.executor.annotation.mlstack.dev/simulate", "fail after=5s"],
    ]);
    expect(executorPod(driver, fails, 1).metadata?.annotations?.["mlstack.dev/simulate"]).toBe("fail after=5s");
  });

  test("is made from the template of the application", () => {
    const template: Partial<V1Pod> = {
      spec: { priorityClassName: "batch", containers: [{ name: "executor", securityContext: { runAsUser: 185 } }] },
    };
    expect(executorPod(driver, settings, 1, template).spec).toMatchObject({
      priorityClassName: "batch",
      containers: [{ name: "executor", image: "ghcr.io/acme/etl:1", securityContext: { runAsUser: 185 } }],
    });
  });
});

describe("the number of executors", () => {
  test.each([
    ["two where nothing is said", {}, 2],
    ["what is said", { "spark.executor.instances": "5" }, 5],
    ["at first the least where it is dynamic", { "spark.dynamicAllocation.minExecutors": "3" }, 3],
    ["the first where that is more", { "spark.dynamicAllocation.initialExecutors": "4" }, 4],
  ])("is %s", (_, given, expected) => {
    const isDynamic = Object.keys(given).some((name) => name.includes("dynamic"));
    const dynamic = { "spark.dynamicAllocation.enabled": String(isDynamic) };
    expect(executorCount(new Map(Object.entries({ ...dynamic, ...given })))).toBe(expected);
  });
});
