import type { TreeObject } from "../../../components/model/tree";

/** An object for a controller, with what it may name. */
export interface Sample {
  /** Also the namespace that it goes into. */
  name: string;
  object: TreeObject;
  /** Objects that are there before. */
  others?: TreeObject[];
  /** Containers that the controller puts beside those that are written, by the role in small letters. */
  added?: Record<string, string[]>;
}

const gpus = (count: number) => ({ limits: { "nvidia.com/gpu": count, memory: "8Gi" }, requests: { cpu: "2" } });

/** The spec of a pod that says something in every field that is compared. */
function podSpec(name: string, resources: TreeObject, fields: TreeObject = {}): TreeObject {
  return {
    nodeSelector: { "mlstack.dev/pool": "train" },
    tolerations: [{ key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" }],
    containers: [{ name, image: "registry.example/train:1", command: ["train"], args: ["--role", name], resources }],
    ...fields,
  };
}

function pods(name: string, replicas: number, resources: TreeObject = {}): TreeObject {
  return { replicas, restartPolicy: "Never", template: { spec: podSpec(name, resources) } };
}

function job(parallelism: number, spec: TreeObject): TreeObject {
  return { spec: { parallelism, completions: parallelism, template: { spec: { restartPolicy: "Never", ...spec } } } };
}

function training(kind: string, map: string, roles: TreeObject, apiVersion = "kubeflow.org/v1"): Sample {
  const name = kind.toLowerCase();
  return { name, object: { apiVersion, kind, metadata: { name, namespace: name }, spec: { [map]: roles } } };
}

const ANCESTOR = { metadata: { labels: { "trainer.kubeflow.org/trainjob-ancestor-step": "trainer" } } };

function runtime(name: string, mlPolicy: TreeObject, replicatedJobs: TreeObject[]): TreeObject {
  return {
    apiVersion: "trainer.kubeflow.org/v1alpha1",
    kind: "ClusterTrainingRuntime",
    metadata: { name, labels: { "trainer.kubeflow.org/framework": "torch" } },
    spec: { mlPolicy, template: { spec: { replicatedJobs } } },
  };
}

function trainJob(name: string, spec: TreeObject): TreeObject {
  return {
    apiVersion: "trainer.kubeflow.org/v1alpha1",
    kind: "TrainJob",
    metadata: { name, namespace: name },
    spec: { runtimeRef: { name: `${name}-runtime` }, ...spec },
  };
}

const node = podSpec("node", { limits: { memory: "1Gi" } });

const torch: Sample = {
  name: "train-torch",
  others: [
    runtime("train-torch-runtime", { numNodes: 2, torch: {} }, [
      { name: "node", template: { ...ANCESTOR, ...job(1, node) } },
    ]),
  ],
  object: trainJob("train-torch", {
    trainer: { image: "registry.example/llm:2", args: ["--epochs", "3"], numNodes: 3, resourcesPerNode: gpus(4) },
    runtimePatches: [
      {
        manager: "test.example/pods",
        trainingRuntimeSpec: {
          template: {
            spec: {
              replicatedJobs: [
                {
                  name: "node",
                  template: {
                    spec: {
                      template: {
                        spec: {
                          nodeSelector: { "example.com/rack": "a" },
                          tolerations: [{ key: "team", operator: "Exists" }],
                        },
                      },
                    },
                  },
                },
              ],
            },
          },
        },
      },
    ],
  }),
};

const byRuntime: Sample = {
  name: "train-as-written",
  others: [
    runtime("train-as-written-runtime", { numNodes: 2, torch: {} }, [
      { name: "node", template: { ...ANCESTOR, ...job(1, node) } },
    ]),
  ],
  object: trainJob("train-as-written", {}),
};

const mpi: Sample = {
  name: "train-mpi",
  others: [
    runtime("train-mpi-runtime", { numNodes: 1, mpi: { mpiImplementation: "OpenMPI", runLauncherAsNode: true } }, [
      { name: "launcher", template: { ...ANCESTOR, ...job(1, node) } },
      { name: "node", template: job(1, node) },
    ]),
  ],
  object: trainJob("train-mpi", { trainer: { numNodes: 4, resourcesPerNode: gpus(1) } }),
};

/** Objects of every kind that the controllers know, each with more than one role or number. */
export const SAMPLES: Sample[] = [
  {
    name: "jobset",
    object: {
      apiVersion: "jobset.x-k8s.io/v1alpha2",
      kind: "JobSet",
      metadata: { name: "jobset", namespace: "jobset" },
      spec: {
        replicatedJobs: [
          { name: "driver", template: job(1, podSpec("driver", {})) },
          { name: "worker", replicas: 2, template: job(3, podSpec("worker", gpus(1))) },
          {
            name: "capped",
            template: { spec: { ...(job(4, podSpec("capped", {})).spec as TreeObject), completions: 2 } },
          },
        ],
      },
    },
  },
  training("TFJob", "tfReplicaSpecs", {
    Chief: pods("tensorflow", 1),
    PS: pods("tensorflow", 2, gpus(1)),
    Worker: pods("tensorflow", 3, gpus(2)),
    Evaluator: pods("tensorflow", 1),
  }),
  {
    ...training("PyTorchJob", "pytorchReplicaSpecs", {
      Master: pods("pytorch", 1, gpus(8)),
      Worker: pods("pytorch", 3, gpus(8)),
    }),
    // Workers wait in it until the master has an address.
    added: { worker: ["init-pytorch"] },
  },
  training("XGBoostJob", "xgbReplicaSpecs", { Master: pods("xgboost", 1), Worker: pods("xgboost", 2) }),
  training("PaddleJob", "paddleReplicaSpecs", { Worker: pods("paddle", 2, gpus(1)) }),
  training("JAXJob", "jaxReplicaSpecs", { Worker: pods("jax", 2, gpus(1)) }),
  training(
    "MPIJob",
    "mpiReplicaSpecs",
    { Launcher: pods("mpi", 1), Worker: pods("mpi", 3, gpus(1)) },
    "kubeflow.org/v2beta1",
  ),
  torch,
  byRuntime,
  mpi,
];
