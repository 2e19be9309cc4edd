import { describe, expect, it } from "vitest";
import { containersOf, pathInContainer, pathInPodSet, podSetsOf, type PodSet } from "../../components/model/pod-sets";
import { UNKNOWN } from "../../components/model/unknown";
import type { Tree, TreeObject } from "../../components/model/tree";

function application(spec: TreeObject): TreeObject {
  return {
    apiVersion: "sparkoperator.k8s.io/v1beta2",
    kind: "SparkApplication",
    spec: { type: "Scala", image: "spark:4", driver: {}, executor: {}, ...spec },
  };
}

function podsOf(spec: TreeObject): [driver: PodSet, executor: PodSet] {
  const [driver, executor] = podSetsOf(application(spec));
  return [driver!, executor!];
}

/** What the first container of a set asks for. */
function resourcesOf(podSet: PodSet): Tree {
  return containersOf(podSet)[0]!.container.resources;
}

describe("SparkApplication", () => {
  it("has one driver and its executors, which need each other", () => {
    expect(podSetsOf(application({ executor: { instances: 4 } }))).toMatchObject([
      { path: "spec.driver", role: "driver", count: 1, minCount: 1, gang: "spec" },
      { path: "spec.executor", role: "executor", count: 4, minCount: 1, gang: "spec" },
    ]);
  });

  it.each<[name: string, spec: TreeObject, count: number | undefined]>([
    ["one where it says nothing", {}, 1],
    ["the instances of the configuration", { sparkConf: { "spark.executor.instances": "3" } }, 3],
    ["its instances rather", { executor: { instances: 2 }, sparkConf: { "spark.executor.instances": "3" } }, 2],
    ["the maximum of dynamic allocation", { dynamicAllocation: { enabled: true, maxExecutors: 20 } }, 20],
    ["no known number without a maximum", { dynamicAllocation: { enabled: true } }, undefined],
    ["no known number where all is open", { dynamicAllocation: { enabled: UNKNOWN } }, undefined],
    ["one where dynamic allocation is off", { dynamicAllocation: { enabled: false, maxExecutors: 20 } }, 1],
    [
      "the maximum of the configuration",
      { sparkConf: { "spark.dynamicAllocation.enabled": "true", "spark.dynamicAllocation.maxExecutors": "7" } },
      7,
    ],
  ])("has as many executors: %s", (_name, spec, count) => {
    expect(podsOf(spec)[1].count).toBe(count);
  });

  it("asks for one core, and for 1 GiB with 384 MiB beside it, where it says nothing", () => {
    const amounts = { requests: { cpu: "1", memory: "1408Mi" }, limits: { memory: "1408Mi" } };
    expect(podsOf({}).map(resourcesOf)).toEqual([amounts, amounts]);
  });

  it.each<[name: string, executor: TreeObject, spec: TreeObject, memory: Tree]>([
    ["a share beside the JVM's own", { memory: "8g" }, {}, "9011Mi"],
    ["a larger share for Python", { memory: "8g" }, { type: "Python" }, "11468Mi"],
    ["a larger share for R", { memory: "8g" }, { type: "R" }, "11468Mi"],
    ["a share that is given", { memory: "8g" }, { memoryOverheadFactor: "0.5" }, "12288Mi"],
    ["an amount that is given", { memory: "8g", memoryOverhead: "1g" }, {}, "9216Mi"],
    ["units that Spark knows", { memory: "2048", memoryOverhead: "512MB" }, {}, "2560Mi"],
    ["units that it does not know", { memory: "2Gi" }, {}, UNKNOWN],
    ["an amount that is not known yet", { memory: UNKNOWN }, {}, UNKNOWN],
    ["a type that is not known yet", { memory: "8g" }, { type: UNKNOWN }, UNKNOWN],
    ["an amount with its share of the configuration", {}, { sparkConf: { "spark.executor.memory": "4g" } }, "4505Mi"],
    [
      "memory of Python and memory off the heap",
      { memory: "8g", memoryOverhead: "0" },
      {
        type: "Python",
        sparkConf: {
          "spark.executor.pyspark.memory": "1g",
          "spark.memory.offHeap.enabled": "true",
          "spark.memory.offHeap.size": "2g",
        },
      },
      `${8192 + 1024 + 2048}Mi`,
    ],
  ])("asks for memory: %s", (_name, executor, spec, memory) => {
    const [, set] = podsOf({ ...spec, executor });
    expect(resourcesOf(set)).toMatchObject({ requests: { memory }, limits: { memory } });
  });

  it("may have more memory as its limit than it asks for", () => {
    const [driver] = podsOf({ driver: { memory: "2g", memoryOverhead: "0", memoryLimit: "4g" } });
    expect(resourcesOf(driver)).toMatchObject({ requests: { memory: "2048Mi" }, limits: { memory: "4096Mi" } });
  });

  it.each<[name: string, driver: TreeObject, sparkConf: TreeObject, request: Tree, limit: Tree]>([
    ["its cores", { cores: 3 }, {}, "3", undefined],
    ["another request", { cores: 3, coreRequest: "500m" }, {}, "500m", undefined],
    ["a limit", { cores: 1, coreLimit: "1200m" }, {}, "1", "1200m"],
    ["cores of the configuration", {}, { "spark.driver.cores": "2" }, "2", undefined],
    [
      "request and limit of the configuration",
      { cores: 3 },
      { "spark.kubernetes.driver.request.cores": "1", "spark.kubernetes.driver.limit.cores": "2" },
      "1",
      "2",
    ],
  ])("asks for CPUs: %s", (_name, driver, sparkConf, request, limit) => {
    const [set] = podsOf({ driver, sparkConf });
    const amounts = resourcesOf(set) as { requests: TreeObject; limits: TreeObject };
    expect([amounts.requests.cpu, amounts.limits.cpu]).toEqual([request, limit]);
  });

  it.each<[name: string, executor: TreeObject, sparkConf: TreeObject, devices: TreeObject]>([
    ["by its own field", { gpu: { name: "nvidia.com/gpu", quantity: 2 } }, {}, { "nvidia.com/gpu": "2" }],
    [
      "not yet known how many",
      { gpu: { name: "nvidia.com/gpu", quantity: UNKNOWN } },
      {},
      { "nvidia.com/gpu": UNKNOWN },
    ],
    [
      "by the configuration",
      {},
      { "spark.executor.resource.gpu.amount": "1", "spark.executor.resource.gpu.vendor": "nvidia.com" },
      { "nvidia.com/gpu": "1" },
    ],
  ])("asks for GPUs %s", (_name, executor, sparkConf, devices) => {
    const [driver, set] = podsOf({ executor, sparkConf });
    expect(resourcesOf(set)).toMatchObject({ limits: devices });
    expect(Object.keys((resourcesOf(driver) as { limits: TreeObject }).limits)).toEqual(["memory"]);
  });

  it("asks for no GPUs where none are named or wanted", () => {
    for (const gpu of [{ name: "", quantity: 1 }, { name: "nvidia.com/gpu", quantity: 0 }, { quantity: 1 }]) {
      const [, set] = podsOf({ executor: { gpu } });
      expect(Object.keys((resourcesOf(set) as { limits: TreeObject }).limits)).toEqual(["memory"]);
    }
  });

  it("runs where its fields say", () => {
    const tolerations = [{ key: "nvidia.com/gpu", operator: "Exists" }];
    const [, set] = podsOf({
      nodeSelector: { zone: "a" },
      batchScheduler: "volcano",
      sparkConf: { "spark.kubernetes.executor.node.selector.pool": "train" },
      executor: { tolerations, podSecurityContext: { runAsNonRoot: true }, serviceAccount: "spark" },
    });
    expect(set.template.spec).toMatchObject({
      tolerations,
      nodeSelector: { zone: "a", pool: "train" },
      schedulerName: "volcano",
      securityContext: { runAsNonRoot: true },
      serviceAccountName: "spark",
      restartPolicy: "Never",
    });
    expect(
      ["tolerations", "nodeSelector", "schedulerName", "securityContext", "serviceAccountName", "affinity"].map(
        (field) => pathInPodSet(set, `spec.${field}`),
      ),
    ).toEqual([
      "spec.executor.tolerations",
      "spec.nodeSelector",
      "spec.batchScheduler",
      "spec.executor.podSecurityContext",
      "spec.executor.serviceAccount",
      "spec.executor.affinity",
    ]);
  });

  it("has Spark's container first, then sidecars, with the places of all", () => {
    const gpu = { name: "nvidia.com/gpu", quantity: 1 };
    const executor = { cores: 2, gpu, sidecars: [{ name: "proxy" }], initContainers: [{ name: "fetch" }] };
    const [, set] = podsOf({ executor });
    const containers = containersOf(set);
    expect(containers.map(({ path, container }) => [container.name, path])).toEqual([
      ["fetch", "spec.executor.initContainers[0]"],
      ["spark-kubernetes-executor", "spec.executor"],
      ["proxy", "spec.executor.sidecars[0]"],
    ]);
    const spark = containers[1]!;
    expect(
      ["image", 'resources.limits["nvidia.com/gpu"]', "resources.requests.cpu", "securityContext"].map((field) =>
        pathInContainer(spark, field),
      ),
    ).toEqual(["spec.image", "spec.executor.gpu.quantity", "spec.executor.cores", "spec.executor.securityContext"]);
  });

  it("has the volumes that its container mounts", () => {
    const mount = { name: "shm", mountPath: "/dev/shm" };
    const volumes = [{ name: "other" }, { name: "shm", emptyDir: { medium: "Memory" } }];
    const [driver, executor] = podsOf({ volumes, executor: { volumeMounts: [mount] } });
    expect(driver.template.spec.volumes).toBeUndefined();
    expect(executor.template.spec.volumes).toEqual([volumes[1]]);
    expect(pathInPodSet(executor, "spec.volumes[0].emptyDir.sizeLimit")).toBe("spec.volumes[1].emptyDir.sizeLimit");
    expect(containersOf(executor)[0]!.container.volumeMounts).toEqual([mount]);
  });

  it("adds its fields to a pod template", () => {
    const template = {
      metadata: { labels: { a: "1" } },
      spec: {
        tolerations: [{ key: "team" }],
        nodeSelector: { zone: "a" },
        containers: [{ name: "proxy" }, { name: "spark-kubernetes-executor", env: [{ name: "A" }] }],
      },
    };
    const executor = {
      template,
      image: "spark:5",
      labels: { b: "2" },
      tolerations: [{ key: "gpu" }],
      env: [{ name: "B" }],
    };
    const [, set] = podsOf({ executor });
    expect(set.template.metadata).toEqual({ labels: { a: "1", b: "2" } });
    expect(set.template.spec).toMatchObject({
      tolerations: [{ key: "team" }, { key: "gpu" }],
      nodeSelector: { zone: "a" },
      containers: [
        { name: "proxy" },
        { name: "spark-kubernetes-executor", image: "spark:5", env: [{ name: "A" }, { name: "B" }] },
      ],
    });
    expect(pathInPodSet(set, "spec.tolerations[0].key")).toBe("spec.executor.template.spec.tolerations[0].key");
    expect(pathInPodSet(set, "spec.tolerations[1].key")).toBe("spec.executor.tolerations[0].key");
    expect(containersOf(set).map(({ path }) => path)).toEqual(
      [0, 1].map((i) => `spec.executor.template.spec.containers[${i}]`),
    );
    expect(pathInContainer(containersOf(set)[1]!, "image")).toBe("spec.executor.image");
  });

  it("keeps drivers and executors that are not known yet, and has none that are absent", () => {
    expect(podSetsOf(application({ driver: UNKNOWN, executor: { template: UNKNOWN } }))).toMatchObject([
      { path: "spec.driver", isUnknown: true },
      { path: "spec.executor", isUnknown: true },
    ]);
    expect(podSetsOf(application({ driver: undefined, executor: null }))).toEqual([]);
  });
});

describe("other kinds of the Spark operator", () => {
  it("ScheduledSparkApplication has the pods of one run", () => {
    const spec = { schedule: "@daily", template: { image: "spark:4", driver: {}, executor: { instances: 3 } } };
    const object = { apiVersion: "sparkoperator.k8s.io/v1beta2", kind: "ScheduledSparkApplication", spec };
    const sets = podSetsOf(object);
    expect(sets).toMatchObject([
      { path: "spec.template.driver", count: 1, gang: "spec.template" },
      { path: "spec.template.executor", count: 3, gang: "spec.template" },
    ]);
    expect(pathInContainer(containersOf(sets[1]!)[0]!, "image")).toBe("spec.template.image");
  });

  it("SparkConnect has a server as its template says, and executors as Spark makes them", () => {
    const template = {
      spec: { tolerations: [{ key: "a" }], containers: [{ name: "c", resources: { requests: { cpu: "1" } } }] },
    };
    const spec = {
      image: "spark:4",
      server: { cores: 4, memory: "8g", template },
      executor: { cores: 2, memory: "4g" },
    };
    const object = { apiVersion: "sparkoperator.k8s.io/v1alpha1", kind: "SparkConnect", spec };
    const [server, executor] = podSetsOf(object);
    expect(server).toMatchObject({ path: "spec.server", role: "server", count: 1 });
    expect(containersOf(server!)).toMatchObject([
      {
        path: "spec.server.template.spec.containers[0]",
        container: { name: "c", image: "spark:4", resources: { requests: { cpu: "1" } } },
      },
    ]);
    expect(executor).toMatchObject({ path: "spec.executor", role: "executor", count: 2 });
    expect(resourcesOf(executor!)).toEqual({
      requests: { cpu: "2", memory: "4505Mi" },
      limits: { memory: "4505Mi" },
    });
  });
});
