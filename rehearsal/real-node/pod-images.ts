import { IMAGES } from "../../components/model/images";
import { MANIFESTS } from "../../components/model/versions";
import type { CompletedModule } from "../toolchain/completed-module";

/** Versions of programs that a real node has beside those of the platform; the `go.mod` files under `rehearsal/modules` agree. */
export const POD_PROGRAM_VERSIONS = {
  coreDns: "1.15.0",
  metricsServer: "0.9.0",
} as const;

/** A program of Go's that pods of a real node run, and the image that it is put into. */
export interface PodImage {
  /** Name of its binary and of its tool in the cache. */
  name: string;
  /** What it is, as progress lines say it. */
  title: string;
  /** What pods run it for. */
  purpose: string;
  /** Folder of the Go module under `rehearsal/modules`. */
  folder: string;
  package: string;
  /** Module that the package is of, and its version. */
  module: string;
  version: string;
  /** Values stamped into Go variables at link time; none by default. */
  stamps?: Record<string, string>;
  /** Arguments that make it print its version; none where it prints none, so that what Go notes in it is looked for. */
  versionArguments?: string[];
  /** Oldest Go that it builds with, where that is newer than the one that the others need. */
  go?: string;
  /** Module that lacks files which the build adds; none by default. */
  completed?: CompletedModule;
  /** Name with tag, as manifests and controllers use it. */
  image: string;
  /** Path of the program in the image. */
  target: string;
  entrypoint: string[];
  /** User and group, as numbers; root by default, where upstream's image says none. */
  user?: string;
  /** Minutes that its build takes on two idle cores, once the control plane and those before it were built. */
  typicalMinutes: number;
}

/** The image of a component names the version of its program. */
const VERSITY_VERSION = IMAGES.versityGateway.replace(/^.*:/, "");

const ARGO = "github.com/argoproj/argo-workflows/v4";

/**
 * Programs of Go's that pods of a real node run. Each image has the name, the place of the program, the entry and the user of
 * its publisher's.
 *
 * @see https://github.com/coredns/coredns/blob/v1.15.0/Dockerfile
 * @see https://github.com/kubernetes-sigs/metrics-server/blob/v0.9.0/Dockerfile
 * @see https://github.com/argoproj/argo-workflows/blob/v4.0.5/Dockerfile
 * @see https://github.com/kubeflow/katib/blob/v0.19.0/cmd/metricscollector/v1beta1/file-metricscollector/Dockerfile
 * @see https://github.com/versity/versitygw/blob/v1.8.0/Dockerfile
 */
export const POD_IMAGES: readonly PodImage[] = [
  {
    name: "coredns",
    title: "CoreDNS",
    purpose: "answers for the names of Services and pods",
    folder: "real-node/dns",
    package: ".",
    module: "github.com/coredns/coredns",
    version: `v${POD_PROGRAM_VERSIONS.coreDns}`,
    versionArguments: ["-version"],
    image: `registry.k8s.io/coredns/coredns:v${POD_PROGRAM_VERSIONS.coreDns}`,
    target: "/coredns",
    entrypoint: ["/coredns"],
    user: "65532:65532",
    typicalMinutes: 2,
  },
  {
    name: "metrics-server",
    title: "metrics server",
    purpose: "tells what pods of real nodes use of CPU and memory",
    folder: "real-node/metrics",
    package: "sigs.k8s.io/metrics-server/cmd/metrics-server",
    module: "sigs.k8s.io/metrics-server",
    version: `v${POD_PROGRAM_VERSIONS.metricsServer}`,
    go: "1.26.4",
    image: `registry.k8s.io/metrics-server/metrics-server:v${POD_PROGRAM_VERSIONS.metricsServer}`,
    target: "/metrics-server",
    entrypoint: ["/metrics-server"],
    user: "65534",
    typicalMinutes: 2,
  },
  {
    name: "argoexec",
    title: "Argo's executor",
    purpose: "runs steps of workflows, and fetches and stores their artifacts",
    folder: "operators/workflows",
    package: `${ARGO}/cmd/argoexec`,
    module: ARGO,
    version: `v${MANIFESTS.argoWorkflows.version}`,
    stamps: { [`${ARGO}.version`]: `v${MANIFESTS.argoWorkflows.version}` },
    versionArguments: ["version", "--short"],
    completed: {
      module: ARGO,
      additions: "real-node/argo-executor",
      target: "workflow/executor/osspecific",
    },
    image: `quay.io/argoproj/argoexec:v${MANIFESTS.argoWorkflows.version}`,
    target: "/bin/argoexec",
    entrypoint: ["argoexec"],
    typicalMinutes: 3,
  },
  {
    name: "file-metricscollector",
    title: "Katib's metrics collector",
    purpose: "reads the metrics of a trial from its output",
    folder: "operators/tuning",
    package: "github.com/kubeflow/katib/cmd/metricscollector/v1beta1/file-metricscollector",
    module: "github.com/kubeflow/katib",
    version: `v${MANIFESTS.katib.version}`,
    image: `ghcr.io/kubeflow/katib/file-metrics-collector:v${MANIFESTS.katib.version}`,
    target: "/app/file-metricscollector",
    entrypoint: ["/app/file-metricscollector"],
    typicalMinutes: 1,
  },
  {
    name: "versitygw",
    title: "Versity S3 Gateway",
    purpose: "keeps artifacts in folders of a volume, behind the S3 API",
    folder: "real-node/storage",
    package: "github.com/versity/versitygw/cmd/versitygw",
    module: "github.com/versity/versitygw",
    version: VERSITY_VERSION,
    stamps: { "main.Version": VERSITY_VERSION },
    versionArguments: ["--version"],
    image: IMAGES.versityGateway,
    target: "/usr/local/bin/versitygw",
    entrypoint: ["/usr/local/bin/versitygw"],
    typicalMinutes: 2,
  },
];

/**
 * Name with tag of an image in the table.
 *
 * @throws when there is none of this name.
 */
export function imageOf(name: string): string {
  const found = POD_IMAGES.find((image) => image.name === name);
  if (found === undefined) throw new Error(`there is no program ${name} among those of pods`);
  return found.image;
}
