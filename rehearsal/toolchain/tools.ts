import type { CompletedModule } from "./completed-module";
import { OLDEST_OFFICIAL_PULUMI, PINS } from "./pins";

/** Names of the tools that the local environment needs. */
export type ToolName = "pulumi" | "kubernetes-provider" | "controlplane";

/** One tool: what it is, where its sources are, how it is built and how its version is checked. */
export interface Tool {
  name: string;
  /** What it is for, as `doctor` and the progress lines say it. */
  title: string;
  version: string;
  /** Folders under `rehearsal/modules` that the build reads; the first is the one it runs in. */
  modules: string[];
  builds: Build[];
  /** Oldest Go that it builds with, where that is newer than the one that the others need. */
  go?: string;
  /** Module that lacks files which the build adds; none by default. */
  completed?: CompletedModule;
  /** How to do without a build, as the end of the sentence "Install Go…". */
  instead: string;
  /** Minutes that a build takes from empty caches on two idle cores (`npm run doctor` shows them). */
  typicalMinutes: number;
}

/** One binary of a tool. */
export interface Build {
  binary: string;
  package: string;
  /** Values stamped into Go variables at link time. */
  stamps: Record<string, string>;
  /** Arguments that make the binary print its version; none where it does not. */
  versionArguments: string[];
  /** Text that the version output of a healthy binary contains, or the binary itself where it prints no version. */
  versionText: string;
}

const [kubernetesMajor, kubernetesMinor] = PINS.kubernetes.split(".");

/** Charts compare their `kubeVersion` with these stamps. */
export const kubernetesStamps = Object.fromEntries(
  ["k8s.io/component-base/version", "k8s.io/client-go/pkg/version"].flatMap((path) => [
    [`${path}.gitVersion`, `v${PINS.kubernetes}`],
    [`${path}.gitMajor`, kubernetesMajor ?? ""],
    [`${path}.gitMinor`, kubernetesMinor ?? ""],
    // Unset, these would read as unexpanded templates in user agents.
    [`${path}.gitCommit`, ""],
    [`${path}.gitTreeState`, "archive"],
  ]),
);

/** Every tool, in the order in which `up` needs them. */
export const TOOLS: Record<ToolName, Tool> = {
  controlplane: {
    name: "controlplane",
    title: "Kubernetes control plane (etcd, API server, controller manager, scheduler, KWOK)",
    version: PINS.kubernetes,
    modules: ["controlplane"],
    builds: [
      {
        binary: "controlplane",
        package: ".",
        stamps: kubernetesStamps,
        versionArguments: ["version"],
        versionText: `v${PINS.kubernetes}`,
      },
    ],
    instead: "; only stacks on an existing cluster do without",
    typicalMinutes: 6,
  },
  pulumi: {
    name: "pulumi",
    title: "Pulumi engine and its Node.js language host",
    version: PINS.pulumi,
    modules: ["pulumi"],
    builds: [
      {
        binary: "pulumi",
        package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
        stamps: { "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": `v${PINS.pulumi}` },
        versionArguments: ["version"],
        versionText: `v${PINS.pulumi}`,
      },
      {
        binary: "pulumi-language-nodejs",
        package: "./language-host",
        stamps: { "main.version": PINS.pulumi },
        versionArguments: ["-version"],
        versionText: PINS.pulumi,
      },
    ],
    instead: `, or put an official Pulumi ${OLDEST_OFFICIAL_PULUMI} or newer on PATH (https://www.pulumi.com/docs/install/)`,
    typicalMinutes: 4,
  },
  "kubernetes-provider": {
    name: "kubernetes-provider",
    title: "Pulumi's Kubernetes provider",
    version: PINS.kubernetesProvider,
    modules: ["kubernetes-provider", "kubernetes-sdk"],
    builds: [
      {
        binary: "pulumi-resource-kubernetes",
        package: ".",
        stamps: {
          "github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/version.Version": `v${PINS.kubernetesProvider}`,
        },
        versionArguments: ["-version"],
        versionText: PINS.kubernetesProvider,
      },
    ],
    instead: `, or run \`pulumi plugin install resource kubernetes ${PINS.kubernetesProvider}\``,
    typicalMinutes: 3,
  },
};
