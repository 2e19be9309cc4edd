import fc from "fast-check";
import {
  Notebook,
  type NotebookArgs,
  notebookManifests,
  TensorBoard,
  type TensorBoardArgs,
  tensorBoardManifests,
  type TensorBoardServerArgs,
  validateNotebook,
  validateTensorBoard,
} from "../../../../components/workloads/notebooks";
import {
  dnsLabel,
  hardwareArgs,
  images,
  joined,
  objectArgs,
  programArgs,
  queueArgs,
  someOf,
} from "../../../support/workloads/arguments";
import { FLAWS, flawed } from "../../../support/workloads/flaws";
import { workloadCase } from "../../../support/workloads/workload-case";

const image = "ghcr.io/kubeflow/kubeflow/notebook-servers/jupyter-pytorch-cuda-full:v1.11.0";

const workspaces = fc.oneof(
  someOf<NotebookArgs>({
    workspaceSize: fc.constantFrom("5Gi", "100Gi"),
    workspaceStorageClassName: dnsLabel(),
    workspacePath: fc.constantFrom("/home/jovyan", "/workspace"),
  } as never),
  fc.constant<Partial<NotebookArgs>>({ workspaceClaim: "work-of-ada" }),
);

const ofServer = someOf<NotebookArgs>({
  server: fc.constantFrom("jupyter", "code-server", "rstudio"),
  port: fc.integer({ min: 1, max: 65_535 }),
  stopped: fc.boolean(),
} as never);

const notebookArgs: fc.Arbitrary<NotebookArgs> = joined(
  joined(joined(programArgs, hardwareArgs(0)), joined(objectArgs, queueArgs)),
  joined(workspaces, ofServer),
).map((args) => (args.server === "rstudio" ? { ...args, namespace: "ml" } : args));

const notebookWrongs: typeof FLAWS.program = [
  ...FLAWS.program,
  ...FLAWS.hardware,
  ...FLAWS.object,
  ...FLAWS.queue,
  ["server", { server: "emacs" }],
  ["port", { port: 0 }],
  ["namespace", { server: "rstudio", namespace: undefined }],
  ["workspaceSize", { workspaceClaim: undefined, workspaceSize: "large" }],
  ["workspaceSize", { workspaceClaim: "work", workspaceSize: "5Gi" }],
  ["workspaceStorageClassName", { workspaceClaim: "work", workspaceStorageClassName: "gp3" }],
  ["workspaceStorageClassName", { workspaceStorageClassName: "GP 3" }],
  ["workspacePath", { workspacePath: "home" }],
  ["volumes[0].name", { volumes: [{ name: "workspace", mountPath: "/a", scratch: {} }] }],
  ["volumes[0].mountPath", { workspacePath: "/work", volumes: [{ name: "a", mountPath: "/work", scratch: {} }] }],
  ['labels["statefulset"]', { labels: { statefulset: "x" } }],
  ['labels["notebook-name"]', { labels: { "notebook-name": "x" } }],
  ['annotations["example.com/notebook"]', { annotations: { "example.com/notebook": "x" } }],
  ['env["NB_PREFIX"]', { env: { NB_PREFIX: "/" } }],
  ['secretEnv["NB_PREFIX"]', { env: {}, secretEnv: { NB_PREFIX: { name: "a", key: "b" } } }],
  ["objectName", { objectName: "x".repeat(53) }],
  ["objectName", { objectName: "1st" }],
];

const logs = fc.constantFrom<Partial<TensorBoardArgs>>(
  { logsClaim: "runs" },
  { logsClaim: "runs", logsFolder: "resnet/2026" },
  { logsUrl: "s3://acme-runs/resnet" },
);

const server: fc.Arbitrary<TensorBoardServerArgs> = joined(
  programArgs.map(({ command: _command, args: _args, volumes: _volumes, runAsNonRoot: _nonRoot, ...rest }) => rest),
  someOf<TensorBoardServerArgs>({
    args: fc.constantFrom([], ["--reload_interval=30", "--samples_per_plugin=images=100"]),
    cpu: fc.constantFrom("250m", "2"),
    memory: fc.constantFrom("1Gi", "4Gi"),
    pool: dnsLabel(),
    tolerations: fc.constant([{ key: "night" }]),
    architecture: fc.constantFrom("amd64", "arm64"),
    image: images,
  } as never),
);

const tensorBoardArgs: fc.Arbitrary<TensorBoardArgs> = fc
  .tuple(joined(objectArgs, logs), fc.option(server), fc.boolean())
  .map(([args, ofServers, standalone]): TensorBoardArgs => {
    if (ofServers === null) return args;
    return { ...args, standalone: true, ...(standalone || args.logsUrl !== undefined ? { server: ofServers } : {}) };
  });

const standaloneArgs = joined(
  objectArgs,
  fc.constant({ logsClaim: "runs", standalone: true, server: { image: "ghcr.io/acme/tensorboard:2.19.0" } }),
);

/** Hardware and program of the server, as far as it has them. */
const serverFlaws = [...FLAWS.program, ...FLAWS.hardware].filter(([path, changes]) => {
  const has = [
    "cpu",
    "memory",
    "pool",
    "tolerations",
    "architecture",
    "env",
    "secretEnv",
    "image",
    "runAsUser",
    "annotations",
  ];
  return has.includes(path.split(/[.[]/)[0]!) && !("sharedMemory" in changes);
});

const tensorBoardWrongs: typeof FLAWS.program = [
  ...FLAWS.object,
  ["logsClaim", { logsClaim: undefined, logsUrl: undefined }],
  ["logsClaim", { logsClaim: "My Claim" }],
  ["logsUrl", { logsClaim: "runs", logsUrl: "s3://runs" }],
  ["logsUrl", { logsUrl: "gs://runs" }],
  ["logsFolder", { logsClaim: undefined, logsUrl: "s3://runs", logsFolder: "a" }],
  ["logsFolder", { logsClaim: "runs", logsFolder: "../a" }],
  ["server", { standalone: false, server: {} }],
  ['labels["app"]', { standalone: false, labels: { app: "x" } }],
  ["objectName", { standalone: false, objectName: "x".repeat(59) }],
  ["objectName", { objectName: "1st" }],
  ["server.image", { standalone: true, logsClaim: undefined, logsUrl: "s3://runs", server: {} }],
  ["server.args[0]", { standalone: true, server: { args: ["--logdir=/a"] } }],
  ["server.args[1]", { standalone: true, server: { args: ["--reload_interval=1", "30"] } }],
];

const objectsOf = (manifests: object) => Object.values(manifests) as object[];

/** Notebooks, and what looks at the logs of training. */
export const notebookCases = [
  workloadCase<NotebookArgs>({
    component: "Notebook",
    create: (name, args, opts) => new Notebook(name, args, opts),
    validate: validateNotebook,
    objects: (name, args) => objectsOf(notebookManifests(name, args)),
    variants: {
      minimal: { image },
      gpu: { image, gpus: 1, gpuMemoryGib: 20, workspaceSize: "50Gi", workspaceStorageClassName: "gp3" },
      "shared-gpu": { image, gpus: 1, gpuSharing: "time-slicing", runAsUser: 1000, queue: "default" },
      rstudio: {
        image: "ghcr.io/kubeflow/kubeflow/notebook-servers/rstudio-tidyverse:v1.11.0",
        server: "rstudio",
        namespace: "ml",
        workspaceClaim: "work-of-ada",
        stopped: true,
      },
    },
    args: notebookArgs,
    flaws: flawed(notebookArgs, notebookWrongs),
  }),
  workloadCase<TensorBoardArgs>({
    component: "TensorBoard",
    create: (name, args, opts) => new TensorBoard(name, args, opts),
    validate: validateTensorBoard,
    objects: (name, args) => objectsOf(tensorBoardManifests(name, args)),
    variants: {
      minimal: { logsClaim: "runs", logsFolder: "resnet" },
      bucket: { logsUrl: "s3://acme-runs/resnet" },
      standalone: { logsClaim: "runs", logsFolder: "resnet", standalone: true },
      "standalone-bucket": {
        logsUrl: "s3://acme-runs/resnet",
        standalone: true,
        server: {
          image: "ghcr.io/acme/tensorboard:2.19.0",
          env: { AWS_REGION: "eu-central-1" },
          serviceAccountName: "runs",
          args: ["--reload_interval=30"],
        },
      },
    },
    args: tensorBoardArgs,
    flaws: fc.oneof(
      flawed(tensorBoardArgs, tensorBoardWrongs),
      flawed<TensorBoardArgs>(standaloneArgs, serverFlaws, "server"),
    ),
  }),
];
