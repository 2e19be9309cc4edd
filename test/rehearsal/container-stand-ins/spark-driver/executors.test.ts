import type { V1Pod } from "@kubernetes/client-node";
import { describe, expect, test } from "vitest";
import { executorPod } from "../../../../rehearsal/container-stand-ins/spark-driver/executor-pod";
import {
  executorCount,
  failuresAllowed,
  mayBegin,
  parseProperties,
} from "../../../../rehearsal/container-stand-ins/spark-driver/properties";

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
  const pod = executorPod(driver, settings, { id: 2 });

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
    expect(executorPod(driver, fails, { id: 1 }).metadata?.annotations?.["mlstack.dev/simulate"]).toBe("fail after=5s");
  });

  test("is told how many failed before it, so that the first of them can fail", () => {
    const told = (simulate: string) => {
      const given = new Map([...settings, ["spark.kubernetes.executor.annotation.mlstack.dev/simulate", simulate]]);
      return executorPod(driver, given, { id: 3, failed: 2 }).metadata?.annotations;
    };
    expect(told("succeed fail-first=2 after=3s")).toEqual({
      "mlstack.dev/simulate": "run fail-first=2 after=3s",
      "mlstack.dev/tries-before": "2",
    });
  });

  test("is made from the template of the application", () => {
    const template: Partial<V1Pod> = {
      spec: { priorityClassName: "batch", containers: [{ name: "executor", securityContext: { runAsUser: 185 } }] },
    };
    expect(executorPod(driver, settings, { id: 1, template }).spec).toMatchObject({
      priorityClassName: "batch",
      containers: [{ name: "executor", image: "ghcr.io/acme/etl:1", securityContext: { runAsUser: 185 } }],
    });
  });
});

describe("the number of executors", () => {
  const dynamic = (given: Record<string, string>) => {
    const named = Object.entries(given).map(([name, value]) => [`spark.dynamicAllocation.${name}`, value] as const);
    return new Map([["spark.dynamicAllocation.enabled", "true"] as const, ...named]);
  };

  test.each([
    ["two where nothing is said", {}, 2],
    ["what is said", { "spark.executor.instances": "5" }, 5],
  ])("is %s", (_, given, expected) => {
    const properties = new Map(Object.entries(given));
    expect([0, 9].map((seconds) => executorCount(properties, seconds))).toEqual([expected, expected]);
  });

  test.each([
    ["the least at first", { minExecutors: "3", maxExecutors: "12" }, [3, 4, 6, 10, 12, 12]],
    [
      "the first where that is more",
      { minExecutors: "1", initialExecutors: "4", maxExecutors: "5" },
      [4, 5, 5, 5, 5, 5],
    ],
    ["none at first where nothing is said but the most", { maxExecutors: "4" }, [0, 1, 3, 4, 4, 4]],
    ["one in the end where nothing is said", {}, [0, 1, 1, 1, 1, 1]],
    ["the first for ever where nothing says how many there may be", { initialExecutors: "2" }, [2, 2, 2, 2, 2, 2]],
  ])("is, where it is dynamic, %s, and then more with each second", (_, given, expected) => {
    const properties = dynamic(given);
    expect(expected.map((_count, seconds) => executorCount(properties, seconds))).toEqual(expected);
  });

  test.each([
    ["three at least", new Map<string, string>(), 3],
    ["twice as many as there are", new Map([["spark.executor.instances", "5"]]), 10],
    ["twice as many as there may be", dynamic({ maxExecutors: "4" }), 8],
    ["all of them where any number may be there", dynamic({}), Infinity],
    ["what is said", new Map([["spark.executor.maxNumFailures", "1"]]), 1],
  ])("that may fail is %s", (_, properties, expected) => {
    expect(failuresAllowed(properties)).toBe(expected);
  });
});

describe("the work of a driver", () => {
  const asking = (...lines: string[]) => parseProperties(lines.join("\n"));
  const five = asking("spark.executor.instances=5");
  const dynamic = asking("spark.dynamicAllocation.enabled=true", "spark.dynamicAllocation.minExecutors=2");

  test.each([
    ["waits for four fifths of the executors", five, 3, 0, false],
    ["begins with these", five, 4, 0, true],
    ["waits for all where there are few", asking("spark.executor.instances=2"), 1, 29, false],
    ["begins without, once it has waited long", five, 0, 30, true],
    ["waits for those that a dynamic allocation begins with", dynamic, 1, 5, false],
    ["needs no more of these", dynamic, 2, 5, true],
    ["begins at once where it begins with none", asking("spark.dynamicAllocation.enabled=true"), 0, 0, true],
  ])("%s", (_, properties, running, seconds, expected) => {
    expect(mayBegin(properties, running, seconds)).toBe(expected);
  });
});
