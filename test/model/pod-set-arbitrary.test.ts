import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { containersOf, pathInContainer, pathInPodSet, podSetsOf, type PodSet } from "../../components/model/pod-sets";
import { KINDS_WITH_PODS } from "../../components/model/pod-sets/pod-sets-of";
import { isUnknown, UNKNOWN } from "../../components/model/unknown";
import type { Tree, TreeObject } from "../../components/model/tree";

/** Fields that finders read; a tree of these comes closer to real objects than one of any names. */
const FIELDS = [
  ...["spec", "template", "metadata", "labels", "annotations", "name", "jobTemplate", "containers", "initContainers"],
  ...["replicas", "parallelism", "completions", "completionMode", "replicatedJobs", "dependsOn", "status", "podSets"],
  ...["tfReplicaSpecs", "pytorchReplicaSpecs", "mpiReplicaSpecs", "Worker", "Launcher", "elasticPolicy", "maxReplicas"],
  ...[
    "trainer",
    "numNodes",
    "resourcesPerNode",
    "runtimePatches",
    "trainingRuntimeSpec",
    "runtimeRef",
    "mlPolicy",
    "mpi",
  ],
  ...[
    "driver",
    "executor",
    "server",
    "sparkConf",
    "memory",
    "cores",
    "gpu",
    "quantity",
    "dynamicAllocation",
    "instances",
  ],
  ...["spark.executor.resource.gpu.amount", "spark.executor.resource.gpu.vendor", "nodeSelector", "tolerations"],
  ...[
    "templates",
    "steps",
    "dag",
    "tasks",
    "depends",
    "dependencies",
    "inline",
    "entrypoint",
    "withItems",
    "withParam",
  ],
  ...[
    "withSequence",
    "container",
    "containerSet",
    "script",
    "resource",
    "manifest",
    "podSpecPatch",
    "templateDefaults",
  ],
  ...["volumes", "volumeMounts", "volumeClaimTemplates", "executorPlugins", "sidecar", "sidecars", "workflowSpec"],
  ...["trialTemplate", "trialSpec", "parallelTrialCount", "workflow", "predictor", "model", "workerSpec", "canary"],
  ...["minReplicas", "trafficPercent", "worker", "prefill", "router", "scheduler", "leaderWorkerTemplate", "size"],
  ...["leaderTemplate", "workerTemplate", "headGroupSpec", "workerGroupSpecs", "rayClusterSpec", "pipelineSpec"],
  ...["deploymentSpec", "executors", "accelerator", "components", "items", "apiVersion", "kind", "$patch", "__proto__"],
  ...["workflowTemplateRef", "templateRef", "clusterScope", "hooks", "onExit", "podMetadata", "configMap", "data"],
  ...["configMapName", "templatePath", "modelFormat", "runtime", "supportedModelFormats", "autoSelect", "priority"],
  ...["protocolVersions", "disabled", "storageUri", "storageUris", "supportedUriFormats", "prefix", "regex", "sklearn"],
  ...["tensorParallelSize", "pipelineParallelSize", "resources", "requests", "limits", "args", "env", "runtimeVersion"],
];

const TEXTS = [
  ...[
    "",
    "x",
    "main",
    "node",
    "Complete",
    "Indexed",
    "a && b.Succeeded",
    "{{inputs.parameters.n}}",
    "2g",
    "512Mi",
    "3",
  ],
  ...["containers: [{name: main, image: '{{x}}'}]", "a: &a {x: *a, y: *a}", "]", "---\n---\n", '["a", "b"]', "Python"],
  ...["apiVersion: batch/v1\nkind: Job\nspec: {parallelism: 2, template: {spec: {containers: [{name: a}]}}}"],
];

const leaf = fc.oneof(
  fc.constantFrom<Tree[]>(UNKNOWN, null, undefined, true, false, -1, 0, 0.5, 2, 1e300, NaN, Infinity, 2 ** 53),
  fc.constantFrom(...TEXTS),
);

const { tree } = fc.letrec<{ tree: Tree; object: TreeObject }>((tie) => ({
  tree: fc.oneof(
    { depthSize: "medium", withCrossShrink: true },
    leaf,
    tie("object"),
    fc.array(tie("tree"), { maxLength: 4 }),
  ),
  object: fc.dictionary(fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...FIELDS) }, fc.string()), tie("tree")),
}));

const [group, kind] = [
  (name: string) => name.slice(0, name.indexOf("/")),
  (name: string) => name.slice(name.indexOf("/") + 1),
];

const objects = fc
  .tuple(
    fc.constantFrom(...KINDS_WITH_PODS, "/List", "example.com/Thing"),
    fc.dictionary(fc.constantFrom(...FIELDS), tree),
  )
  .map(([name, spec]): TreeObject => {
    const apiVersion = group(name) === "" ? "v1" : `${group(name)}/v1`;
    return { ...spec, apiVersion, kind: kind(name), spec, items: [spec] };
  });

function isCount(count: number | undefined): boolean {
  return count === undefined || (Number.isSafeInteger(count) && count >= 0);
}

/** What is wrong with a set that was found in whatever tree. */
function problemsOf(podSet: PodSet): string[] {
  const paths = containersOf(podSet).flatMap((at) => [at.path, pathInContainer(at, "image")]);
  const broken = [...paths, pathInPodSet(podSet, "spec.tolerations")].filter((path) => !/^[^.].*[^.]$/s.test(path));
  return [
    ...(isCount(podSet.count) ? [] : [`count ${podSet.count}`]),
    ...(isCount(podSet.minCount) && podSet.minCount >= 1 ? [] : [`minCount ${podSet.minCount}`]),
    ...(isUnknown(podSet.template.spec) ? ["an unknown spec"] : []),
    ...broken.map((path) => `path ${path}`),
  ];
}

/** An object that names another one, with that one: what both say beside that is arbitrary. */
const references = fc
  .tuple(fc.dictionary(fc.constantFrom(...FIELDS), tree), fc.dictionary(fc.constantFrom(...FIELDS), tree), fc.nat(3))
  .map(([own, other, which]): [TreeObject, TreeObject] => {
    const named = (apiVersion: string, kind: string, spec: TreeObject) => ({
      apiVersion,
      kind,
      metadata: { name: "x" },
      spec,
    });
    const argo = "argoproj.io/v1alpha1";
    const templateRef = { name: "x", template: "main" };
    const serving = "serving.kserve.io/v1";
    const server = { name: "kserve-container" };
    const runtime = {
      ...other,
      supportedModelFormats: [{ name: "x" }],
      disabled: false,
      containers: [{ ...other, ...server }],
      workerSpec: { ...other, containers: [{ ...other, name: "worker-container" }] },
    };
    const model = { ...own, modelFormat: { name: "x" }, protocolVersion: null, runtime: "x" };
    const pairs: [TreeObject, TreeObject][] = [
      [named(argo, "Workflow", { ...own, workflowTemplateRef: { name: "x" } }), named(argo, "WorkflowTemplate", other)],
      [
        named(argo, "Workflow", { ...own, entrypoint: "m", templates: [{ name: "m", steps: [[{ templateRef }]] }] }),
        named(argo, "WorkflowTemplate", { ...other, templates: [{ container: {}, ...other, name: "main" }] }),
      ],
      [named(serving, "InferenceService", { predictor: { ...own, model } }), named(serving, "ServingRuntime", runtime)],
      [
        named(serving, "InferenceService", {
          predictor: { ...own, model, workerSpec: own },
          canary: [{ predictor: own }],
        }),
        named(serving, "ClusterServingRuntime", runtime),
      ],
    ];
    return pairs[which]!;
  });

describe("arbitrary trees", () => {
  it("are followed without a throw from one object into another that it names, and every set found makes sense", () => {
    let followed = 0;
    fc.assert(
      fc.property(references, ([object, other]) => {
        const sets = podSetsOf(object, [other]);
        followed += sets.some(({ completedBy }) => completedBy === undefined) ? 1 : 0;
        expect(sets.flatMap(problemsOf)).toEqual([]);
      }),
      { numRuns: 200 },
    );
    expect(followed).toBeGreaterThan(40);
  });

  it("are searched without a throw, alone or with others that they may name, and every set found makes sense", () => {
    let found = 0;
    fc.assert(
      fc.property(fc.oneof(tree, objects, objects), objects, (object, other) => {
        const sets = [...podSetsOf(object), ...podSetsOf(object, [other, object])];
        found += sets.length;
        expect(sets.flatMap(problemsOf)).toEqual([]);
      }),
      { numRuns: 1000 },
    );
    expect(found).toBeGreaterThan(100);
  });

  it.each(KINDS_WITH_PODS)("may be as deep as they like in a %s", (name) => {
    let deep: Tree = { containers: [{ name: "main" }] };
    for (let depth = 0; depth < 20_000; depth += 1)
      deep = { spec: deep, template: deep, templates: [deep], driver: deep };
    const object = { apiVersion: `${group(name)}/v1`, kind: kind(name), spec: deep, metadata: {} };
    expect(() => podSetsOf(object)).not.toThrow();
  });

  it("are searched in little time, however often their steps lead back to each other", () => {
    const step = (to: number) => [{ name: `s${to}`, template: `t${to}`, withItems: [1, 2, 3] }];
    const templates = Array.from({ length: 60 }, (_, index) => ({
      name: `t${index}`,
      steps: Array.from({ length: 61 }, (_, to) => step(to)),
    }));
    const workflow = {
      apiVersion: "argoproj.io/v1alpha1",
      kind: "Workflow",
      spec: { entrypoint: "t0", templates: [...templates, { name: "t60", container: {} }] },
    };
    expect(podSetsOf(workflow)).toMatchObject([{ count: undefined }]);
  });
});
