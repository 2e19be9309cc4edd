import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { describe, expect, it } from "vitest";
import { check, isBlocking } from "../../cli/check/checking";
import { readInput } from "../../cli/check/input";
import { subjectsOf } from "../../policies/engine/written-resource";
import { upstreamFolder } from "../support/platform-mirror";

/** Examples of one project, as its own pages show them. */
interface Examples {
  /** Where they lie: a module in the cache that Go keeps, or data beside the checkout. */
  root: string;
  folders: string[];
  /** Files that are refused: with places to fill in, or text in brackets without indentation, which only Go takes. */
  unread: number;
  /** Objects that bring about pods. */
  workloads: number;
  /** The mandatory rules that the examples break: how often, and what is wrong in them. */
  broken: Record<string, [findings: number, why: string]>;
}

const ESCALATION = "containers leave allowPrivilegeEscalation out, which means true";
const AMOUNTS = "containers have no requests or no limit of memory, and nobody adds them";
const TAGS = "images have the tag latest or none";
const UNTOLERATED = "GPU pods tolerate no taint, and the GPU pools of this platform have one (GPU-07)";
const DEFAULT_NAMESPACE = "the namespace is written out, and is default";

const EXAMPLES: Record<string, Examples> = {
  "Argo Workflows": {
    root: module("github.com/argoproj/argo-workflows/v4@v4.0.5"),
    folders: ["examples"],
    unread: 9,
    workloads: 202,
    broken: {
      "POD-01": [1, "Docker in Docker is privileged"],
      "POD-08": [289, ESCALATION],
      "POD-20": [856, AMOUNTS],
      "POD-22": [131, TAGS],
    },
  },
  "Spark Operator": {
    root: module("github.com/kubeflow/spark-operator/v2@v2.5.2"),
    folders: ["examples", "config/samples"],
    unread: 1,
    workloads: 16,
    broken: { "POD-08": [8, ESCALATION], "RBAC-04": [13, DEFAULT_NAMESPACE] },
  },
  Katib: {
    root: module("github.com/kubeflow/katib@v0.19.0"),
    folders: ["examples"],
    unread: 0,
    workloads: 32,
    broken: { "GPU-02": [2, UNTOLERATED], "POD-08": [34, ESCALATION], "POD-20": [93, AMOUNTS], "POD-22": [2, TAGS] },
  },
  Trainer: {
    root: module("github.com/kubeflow/trainer/v2@v2.3.0"),
    folders: ["examples", "manifests/base/runtimes"],
    unread: 0,
    workloads: 20,
    broken: { "GPU-02": [3, UNTOLERATED], "POD-08": [25, ESCALATION], "POD-20": [3, AMOUNTS], "POD-22": [19, TAGS] },
  },
  "Training Operator": {
    root: module("github.com/kubeflow/training-operator@v1.9.4"),
    folders: ["examples"],
    unread: 0,
    workloads: 28,
    broken: {
      "GPU-02": [10, UNTOLERATED],
      "POD-03": [1, "a PersistentVolume is a folder of the node"],
      "POD-08": [47, ESCALATION],
      "POD-20": [128, AMOUNTS],
      "POD-22": [37, TAGS],
    },
  },
  "MPI Operator": {
    root: module("github.com/kubeflow/mpi-operator@v0.8.2"),
    folders: ["examples"],
    unread: 0,
    workloads: 5,
    broken: { "GPU-02": [1, UNTOLERATED], "POD-08": [10, ESCALATION], "POD-20": [6, AMOUNTS], "POD-22": [4, TAGS] },
  },
  KServe: {
    root: module("github.com/kserve/kserve@v0.20.0"),
    folders: ["docs/samples", "config/runtimes", "config/llmisvcconfig"],
    unread: 10,
    workloads: 163,
    broken: {
      "DATA-01": [1, "MinIO has the secret key that its documentation has"],
      "DATA-03": [3, "a Secret has that key, too"],
      "GPU-02": [22, UNTOLERATED],
      "NET-05": [2, "Redis and Feast are behind load balancers that are open to everybody"],
      "POD-06": [18, "servers that use RDMA add IPC_LOCK, SYS_RAWIO and NET_RAW"],
      "POD-08": [47, ESCALATION],
      "POD-18": [1, "the key of MinIO is written out"],
      "POD-20": [62, `${AMOUNTS}; with GPUs, memory is requested below its limit`],
      "POD-22": [32, TAGS],
      "POD-28": [5, "services are of v1alpha2 and serving.kubeflow.org, and a Deployment of extensions/v1beta1"],
      "RBAC-02": [2, "a Namespace says nothing of Pod Security admission"],
      "RBAC-04": [5, DEFAULT_NAMESPACE],
    },
  },
  Kueue: {
    root: module("sigs.k8s.io/kueue@v0.19.2"),
    folders: ["cmd/kueueviz/examples"],
    unread: 0,
    workloads: 3,
    broken: { "POD-08": [3, ESCALATION], "POD-20": [3, AMOUNTS], "POD-22": [3, TAGS] },
  },
  Karpenter: {
    root: module("github.com/aws/karpenter-provider-aws@v1.14.1"),
    folders: ["examples"],
    unread: 0,
    workloads: 11,
    broken: { "GPU-02": [1, UNTOLERATED], "POD-08": [4, ESCALATION], "POD-20": [11, AMOUNTS] },
  },
  "the NVIDIA device plugin": {
    root: upstreamFolder,
    folders: ["nvidia-device-plugin/manifests"],
    unread: 0,
    workloads: 6,
    broken: {
      "POD-01": [5, "the plugin and feature discovery are privileged in some of the variants"],
      "POD-03": [6, "feature discovery has folders of the node, though none of them is a device plugin's"],
      "POD-20": [18, AMOUNTS],
    },
  },
  "Model Registry": {
    root: upstreamFolder,
    folders: ["hub/manifests"],
    unread: 0,
    workloads: 10,
    broken: {
      "DATA-03": [3, "the databases have passwords for a demonstration"],
      "POD-20": [18, AMOUNTS],
      "POD-22": [2, TAGS],
      "RBAC-01": [1, "the user interface is cluster-admin"],
    },
  },
};

describe("every mandatory finding about upstream's examples is right", () => {
  it.for(Object.entries(EXAMPLES))("of %s", { timeout: 60_000 }, async ([, examples], { skip }) => {
    const { root, folders, unread, workloads, broken } = examples;
    skip(!existsSync(root), `${root} is not on this machine`);

    const files = folders.flatMap((folder) => manifestsIn(join(root, folder)));
    const judged = await Promise.all(files.map(judge));
    const findings = judged.flatMap((file) => file?.findings ?? []);
    const unexplained = findings.filter(({ finding }) => !Object.hasOwn(broken, finding.rule));

    expect(
      unexplained.map(({ finding: { rule, object, path, observed } }) => `${rule} ${object}: ${path} is ${observed}`),
    ).toEqual([]);
    expect(countsOf(findings.map(({ finding }) => finding.rule))).toEqual(
      Object.fromEntries(Object.entries(broken).map(([rule, [count]]) => [rule, count])),
    );
    expect({
      unread: judged.filter((file) => file === undefined).length,
      workloads: judged.reduce((sum, file) => sum + (file?.workloads ?? 0), 0),
    }).toEqual({ unread, workloads });
  });
});

/** Judges a file as a stack of its own, at the profile that is the default; undefined where it is no YAML. */
async function judge(file: string) {
  const input = await readInput([file], () => Promise.resolve("")).catch(() => undefined);
  if (input === undefined) return undefined;
  const { findings } = check(input.documents, {}, "2026-11-26");
  const subjects = subjectsOf(input.documents.map(({ resource }) => resource));
  return {
    findings: findings.filter(isBlocking),
    workloads: subjects.filter(({ pods }) => pods.length > 0).length,
  };
}

function countsOf(words: string[]): Record<string, number> {
  return Object.fromEntries([...new Set(words)].map((word) => [word, words.filter((other) => other === word).length]));
}

function manifestsIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => /\.ya?ml$/.test(file))
    .map((file) => join(folder, file))
    .toSorted();
}

/** The folder of a Go module. */
function module(name: string): string {
  const { GOMODCACHE, GOPATH } = process.env;
  const goPath = (GOPATH ?? "").split(delimiter)[0] || join(homedir(), "go");
  return join(GOMODCACHE || join(goPath, "pkg", "mod"), name);
}
