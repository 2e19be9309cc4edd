import { readdirSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { KINDS_WITH_PODS } from "../../../components/model/pod-sets/pod-sets-of";
import { UNKNOWN, type TreeObject } from "../../../components/model";
import { workloadsOf, type Workload } from "../../../preflight/demand";
import type { PlannedResource } from "../../../preflight/planned-resource";
import { goldenStack, stackOf } from "../pools/written-stack";

const only = (resources: PlannedResource[]): Workload => {
  const workloads = workloadsOf(resources);
  expect(workloads).toHaveLength(1);
  return workloads[0]!;
};

const JOB = `
apiVersion: batch/v1
kind: Job
metadata: { name: mnist, namespace: ml, labels: { kueue.x-k8s.io/queue-name: night } }
spec:
  parallelism: 3
  completions: 3
  template:
    metadata: { labels: { app: mnist } }
    spec: { containers: [{ name: main, resources: { requests: { cpu: "2", nvidia.com/gpu: 1 } } }] }
`;

const deployment = (replicas: string, name = "web") => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: ml }
spec:
  replicas: ${replicas}
  template: { spec: { containers: [{ name: main }] } }
`;

describe("a workload", () => {
  it("is an object with its pods as the scheduler sees them", () => {
    const resources = stackOf(JOB);
    expect(only(resources)).toMatchObject({
      resource: resources[0],
      title: "Job ml/mnist",
      namespace: "ml",
      tenant: undefined,
      clusterQueue: undefined,
      timing: { kind: "once" },
      podSets: [{ title: "Job ml/mnist", count: 3, minCount: 1, priority: 0, podSet: { path: "spec.template" } }],
    });
    const { pod } = only(resources).podSets[0]!;
    expect(pod).toMatchObject({ namespace: "ml", labels: { app: "mnist" }, unknownPaths: [] });
    expect(Object.fromEntries(pod.requests)).toEqual({ pods: 1, cpu: 2000, "nvidia.com/gpu": 1 });
  });

  it("names a node where its pod does, and not the one that it was given when it ran", () => {
    const pod = `
apiVersion: v1
kind: Pod
metadata: { name: solo, namespace: ml }
spec: { nodeName: gpu-0, containers: [{ name: main }] }
`;
    expect(only(stackOf(pod)).podSets[0]!.pod.nodeName).toBe("gpu-0");
    const running = `${pod}status: { phase: Running, conditions: [{ type: PodScheduled, status: "True" }] }`;
    expect(only(stackOf(running)).podSets[0]!.pod.nodeName).toBeUndefined();
  });

  it("runs on the operating system that it is for, as kubelets of others refuse it", () => {
    const onWindows = JOB.replace(
      "spec: { containers",
      "spec: { os: { name: windows }, nodeSelector: { disk: ssd }, containers",
    );
    expect(only(stackOf(onWindows)).podSets[0]!.pod.nodeSelector).toEqual([
      ["disk", "ssd"],
      ["kubernetes.io/os", "windows"],
    ]);
    expect(only(stackOf(JOB)).podSets[0]!.pod.nodeSelector).toEqual([]);
    expect(
      only(stackOf(JOB.replace("spec: { containers", 'spec: { os: { name: "" }, containers'))).podSets,
    ).toMatchObject([{ pod: { nodeSelector: [], unknownPaths: [] } }]);
  });

  it("is for an operating system that is not known yet, where that is not", () => {
    const template: TreeObject = { spec: { os: { name: UNKNOWN }, containers: [{ name: "main" }] } };
    const properties: TreeObject = { ...stackOf(JOB)[0]!.properties, spec: { template } };
    expect(only([{ ...stackOf(JOB)[0]!, properties }]).podSets[0]!.pod.unknownPaths).toEqual(["spec.os.name"]);
  });

  it("is in the namespace default where it names none, and is called without it", () => {
    expect(only(stackOf(JOB.replace("namespace: ml, ", "")))).toMatchObject({
      title: "Job mnist",
      namespace: "default",
    });
  });

  it("is in no namespace that is known while that is not", () => {
    const [job] = stackOf(JOB);
    const metadata: TreeObject = { ...(job!.properties["metadata"] as TreeObject), namespace: UNKNOWN };
    expect(only([{ ...job!, properties: { ...job!.properties, metadata } }]).namespace).toBe("");
  });

  it("is called by the beginning of a name that is made up, and by that in the program where there is none", () => {
    expect(only(stackOf(JOB.replace("name: mnist,", "generateName: mnist-,"))).title).toBe("Job ml/mnist-*");
    const [job] = stackOf(JOB);
    const nameless = { ...job!, name: "in-program", properties: { ...job!.properties, metadata: {} } };
    expect(only([nameless]).title).toBe("Job in-program");
  });

  it("calls a set like itself where its pods have no part of their own", () => {
    const titles = only(goldenStack("workload-workflow-release")).podSets.map(({ title }) => title);
    expect(titles).toContain("Workflow example");
    expect(titles.filter((title) => title.includes("undefined"))).toEqual([]);
  });

  it("names each of several sets by what its pods do", () => {
    const { podSets } = only(goldenStack("workload-py-torch-job-several-nodes"));
    expect(podSets.map(({ title, count, minCount }) => [title, count, minCount])).toEqual([
      ["PyTorchJob example Master", 1, 1],
      ["PyTorchJob example Worker", 3, 3],
    ]);
  });

  it("is none where it runs no pods, or pods of every node", () => {
    expect(workloadsOf(stackOf(deployment("0")))).toEqual([]);
    expect(workloadsOf(goldenStack("device-plugin"))).toEqual([]);
    expect(workloadsOf(goldenStack("workload-workflow-template-minimal"))).toEqual([]);
    expect(workloadsOf(goldenStack("example-gpu-node-pool-managed"))).toEqual([]);
    const component = { type: "mlstack:index:GpuJob", name: "a", urn: "a", properties: stackOf(JOB)[0]!.properties };
    expect(workloadsOf([component])).toEqual([]);
  });

  it("is each item of a list", () => {
    const items = [deployment("1", "a"), deployment("2", "b")].map((text) => stackOf(text)[0]!.properties);
    const list: PlannedResource = {
      type: "kubernetes:apps/v1:DeploymentList",
      name: "list",
      urn: "urn:list",
      properties: { apiVersion: "apps/v1", kind: "DeploymentList", items: [...items, null] },
    };
    expect(workloadsOf([list]).map(({ title, resource }) => [title, resource.urn])).toEqual([
      ["Deployment ml/a", "urn:list"],
      ["Deployment ml/b", "urn:list"],
    ]);
  });

  it("has a tenant where its namespace is labelled with one", () => {
    const namespace = "apiVersion: v1\nkind: Namespace\nmetadata: { name: ml, labels: { mlstack.dev/tenant: vision } }";
    expect(only(stackOf(`${namespace}\n---\n${JOB}`)).tenant).toBe("vision");
    expect(only(stackOf(`${namespace.replace("name: ml", "name: other")}\n---\n${JOB}`)).tenant).toBeUndefined();
    expect(only(stackOf(`${namespace.replace("tenant", "other")}\n---\n${JOB}`)).tenant).toBeUndefined();
    expect(only(stackOf(`${namespace.replace("vision", "7")}\n---\n${JOB}`)).tenant).toBeUndefined();
  });
});

describe("the queue of a workload", () => {
  const LOCAL = `
apiVersion: kueue.x-k8s.io/v1beta2
kind: LocalQueue
metadata: { name: night, namespace: ml }
spec: { clusterQueue: research }
`;
  const queueOf = (text: string) => only(stackOf(`${LOCAL}\n---\n${text}`)).clusterQueue;
  const unqueued = JOB.replace("labels: { kueue.x-k8s.io/queue-name: night }", "labels: {}");

  it("is the one behind the LocalQueue that it names", () => {
    expect(queueOf(JOB)).toBe("research");
    expect(queueOf(JOB.replace("night", "day"))).toBeUndefined();
    expect(queueOf(JOB.replace("namespace: ml", "namespace: other"))).toBeUndefined();
    expect(queueOf(unqueued)).toBeUndefined();
  });

  it("is named by its pods as well", () => {
    expect(queueOf(unqueued.replace("{ app: mnist }", "{ kueue.x-k8s.io/queue-name: night }"))).toBe("research");
  });

  it.each([
    [
      "the Jobs of a CronJob",
      `
apiVersion: batch/v1
kind: CronJob
metadata: { name: a, namespace: ml }
spec:
  schedule: "@daily"
  jobTemplate:
    metadata: { labels: { kueue.x-k8s.io/queue-name: night } }
    spec: { template: { spec: { containers: [{ name: main }] } } }
`,
    ],
    [
      "the trials of an experiment",
      `
apiVersion: kubeflow.org/v1beta1
kind: Experiment
metadata: { name: a, namespace: ml }
spec:
  trialTemplate:
    trialSpec:
      apiVersion: batch/v1
      kind: Job
      metadata: { labels: { kueue.x-k8s.io/queue-name: night } }
      spec: { template: { spec: { containers: [{ name: main }] } } }
`,
    ],
    [
      "the workflows of a schedule",
      `
apiVersion: argoproj.io/v1alpha1
kind: CronWorkflow
metadata: { name: a, namespace: ml }
spec:
  schedules: ["@daily"]
  workflowMetadata: { labels: { kueue.x-k8s.io/queue-name: night } }
  workflowSpec: { entrypoint: main, templates: [{ name: main, container: { image: a } }] }
`,
    ],
  ])("is named by %s", (_, text) => {
    expect(queueOf(text)).toBe("research");
  });
});

describe("pods of which not all is known", () => {
  const runtime = goldenStack("training-runtime-torch-distributed");
  const unknownPaths = (resources: PlannedResource[]) =>
    workloadsOf(resources).flatMap(({ podSets }) => podSets.flatMap(({ pod }) => pod.unknownPaths));

  it("are completed by objects of the stack", () => {
    const job = goldenStack("workload-train-job-minimal");
    expect(unknownPaths(job)).toEqual(["spec.nodeSelector", "spec.affinity"]);
    expect(unknownPaths([...job, ...runtime])).toEqual([]);
  });

  it("ask for nothing where they say nothing, and nobody else does", () => {
    expect(unknownPaths(stackOf(deployment("1")))).toEqual([]);
  });

  it("may ask for anything where another object says it and they say nothing", () => {
    const fetched = workloadsOf(goldenStack("workload-train-job-fetched"))[0]!.podSets;
    expect(fetched.map(({ pod }) => pod.unknownPaths.includes("spec.containers"))).toEqual([false, true, true]);
  });

  it("may be anything where they are not there yet", () => {
    const [experiment] = goldenStack("workload-sweep-minimal");
    const spec: TreeObject = { ...(experiment!.properties["spec"] as TreeObject), trialTemplate: UNKNOWN };
    expect(unknownPaths([{ ...experiment!, properties: { ...experiment!.properties, spec } }])).toEqual(["spec"]);
  });
});

describe("a stack on EKS", () => {
  const tolerated = (...others: PlannedResource[]) =>
    workloadsOf([...stackOf(JOB), ...others])[0]!
      .podSets[0]!.pod.tolerations.map(({ key }) => key)
      .filter((key) => !key.startsWith("node.kubernetes.io/"));
  const resource = (type: string, properties: TreeObject = {}) => ({ type, name: "a", urn: "urn:a", properties });

  it("lets pods tolerate the taints of the devices that they ask for", () => {
    expect(tolerated(resource("aws:eks/cluster:Cluster"))).toEqual(["nvidia.com/gpu"]);
    expect(tolerated(resource("aws:eks/nodeGroup:NodeGroup"))).toEqual(["nvidia.com/gpu"]);
    expect(tolerated(resource("eks:index:Cluster"))).toEqual(["nvidia.com/gpu"]);
    expect(tolerated(resource("mlstack:index:GpuNodePool", { eks: { name: "lab" } }))).toEqual(["nvidia.com/gpu"]);
  });

  it("is told by nothing else", () => {
    expect(tolerated()).toEqual([]);
    expect(tolerated(resource("mlstack:index:GpuNodePool"))).toEqual([]);
    expect(tolerated(resource("aws:s3/bucket:Bucket", { eks: {} }))).toEqual([]);
  });
});

describe("every golden file of this project", () => {
  const names = readdirSync(join(__dirname, "../../golden"))
    .filter((file) => file.endsWith(".yaml"))
    .map((file) => file.slice(0, -".yaml".length));

  it("has pods that can be judged", () => {
    const workloads = names.flatMap((name) => workloadsOf(goldenStack(name)).map((workload) => ({ name, workload })));
    expect(workloads.length).toBeGreaterThan(100);
    for (const { name, workload } of workloads) {
      for (const { pod, minCount, title } of workload.podSets) {
        expect(pod.requests.get("pods"), name).toBe(1);
        expect(minCount, name).toBeGreaterThanOrEqual(1);
        expect(title.startsWith(workload.title), name).toBe(true);
      }
    }
  });
});

describe("whatever a stack holds", () => {
  it("is read without throwing", () => {
    const keys =
      `metadata name namespace labels annotations mlstack.dev/expected-duration kueue.x-k8s.io/queue-name spec
      template containers initContainers resources requests limits cpu memory replicas parallelism schedule schedules suspend
      volumes persistentVolumeClaim claimName volumeClaimTemplates volumeName claimRef nodeAffinity required nodeSelectorTerms
      storageClassName allowedTopologies matchLabelExpressions values key hard scopes type default defaultRequest max min
      overhead podFixed scheduling nodeSelector tolerations runtimeClassName priorityClassName value globalDefault
      scaleTargetRef maxReplicas maxTrialCount parallelTrialCount trialTemplate trialSpec replicatedJobs failurePolicy
      maxRestarts activeDeadlineSeconds trigger periodicSchedule intervalSecond resourceGroups flavors nominalQuota
      cohortName clusterQueue items kind apiVersion`.split(/\s+/);
    const kinds = [
      ...KINDS_WITH_PODS,
      "/LimitRange",
      "/ResourceQuota",
      "/PersistentVolume",
      "/PersistentVolumeClaim",
      "/Namespace",
      "storage.k8s.io/StorageClass",
      "node.k8s.io/RuntimeClass",
      "scheduling.k8s.io/PriorityClass",
      "kueue.x-k8s.io/ClusterQueue",
      "kueue.x-k8s.io/LocalQueue",
      "kueue.x-k8s.io/ResourceFlavor",
      "kueue.x-k8s.io/Cohort",
      "autoscaling/HorizontalPodAutoscaler",
      "kubeflow.org/ScheduledWorkflow",
      "/PodList",
    ];
    const leaf = fc.constantFrom<unknown>(
      UNKNOWN,
      null,
      undefined,
      true,
      -1,
      0,
      3,
      NaN,
      "",
      "a",
      "1Gi",
      "@daily",
      "2d",
    );
    const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 6 },
        leaf,
        fc.array(tie("tree"), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom(...keys), tie("tree"), { maxKeys: 8 }),
      ),
    }));
    const resource = fc
      .tuple(fc.constantFrom(...kinds), fc.dictionary(fc.constantFrom(...keys), tree, { maxKeys: 8 }))
      .map(([named, properties]) => {
        const [group = "", kind = ""] = named.split("/");
        const apiVersion = group === "" ? "v1" : `${group}/v1`;
        return {
          type: `kubernetes:${apiVersion}:${kind}`,
          name: "a",
          urn: "u",
          properties: { ...properties, apiVersion, kind },
        };
      });
    fc.assert(
      fc.property(fc.array(resource, { maxLength: 6 }), (resources) => {
        for (const { podSets, timing } of workloadsOf(resources)) {
          expect(podSets.length).toBeGreaterThan(0);
          expect(timing.hours ?? 1).toBeGreaterThan(0);
        }
      }),
      { seed: 8, numRuns: 500 },
    );
  });
});
