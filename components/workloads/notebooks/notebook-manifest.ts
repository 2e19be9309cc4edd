import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { compact, isPlain } from "../../internal";
import { type Manifest, objectMetadata, queueLabels, type WorkloadMetadata, workloadMetadata } from "../object";
import { type JobVolume, podTemplate, type PodTemplate } from "../pods";
import { type NotebookArgs, NotebookServer } from "./notebook-args";

/** Where images of Kubeflow have their user's home. */
const DEFAULT_WORKSPACE_PATH = "/home/jovyan";

/** Size of a workspace, as Kubeflow's own form has it. */
const DEFAULT_WORKSPACE_SIZE = "10Gi";

/** Name of the volume of the workspace. */
export const WORKSPACE_VOLUME = "workspace";

/**
 * Group of the user of Kubeflow's images. The controller gives it the volumes only where a pod says nothing of its user.
 *
 * @see https://github.com/kubeflow/notebooks/blob/v1.11.0/components/notebook-controller/controllers/notebook_controller.go
 */
const USERS_GROUP = 100;

/** A PersistentVolumeClaim object as it is given to Kubernetes; leaves may be outputs. */
export interface ClaimManifest {
  apiVersion: "v1";
  kind: "PersistentVolumeClaim";
  metadata: k8s.types.input.meta.v1.ObjectMeta;
  spec: k8s.types.input.core.v1.PersistentVolumeClaimSpec;
}

/** What a notebook consists of. */
export interface NotebookManifests {
  /** The notebook. */
  notebook: Manifest;
  /** The claim of its workspace; undefined where one is given. */
  workspace?: ClaimManifest;
}

/**
 * The objects that a {@link Notebook} with these arguments is.
 *
 * @param name name of the notebook where the arguments give none.
 */
export function notebookManifests(name: string, args: NotebookArgs): NotebookManifests {
  const metadata = workloadMetadata(name, args, args.image);
  const workspace = args.workspaceClaim === undefined ? workspaceManifest(args, metadata) : undefined;
  return compact({ notebook: notebookManifest(args, metadata), workspace });
}

/** Path at which the workspace is mounted. */
export function workspacePath({ workspacePath: given = DEFAULT_WORKSPACE_PATH }: NotebookArgs): string {
  return given;
}

/** The controller takes labels and annotations of the pods from those of the notebook; its template has a spec alone. */
function notebookManifest(args: NotebookArgs, metadata: WorkloadMetadata): Manifest {
  const { metadata: ofPods, spec } = notebookPod(args, metadata);
  const annotations = {
    ...LEFT_IN_PEACE,
    ...(ofPods.annotations as Record<string, pulumi.Input<string>> | undefined),
    ...serverAnnotations(args, metadata),
    ...(args.stopped === true ? { "kubeflow-resource-stopped": "true" } : {}),
  };
  return {
    apiVersion: "kubeflow.org/v1",
    kind: "Notebook",
    metadata: objectMetadata(args, { ...metadata, annotations }, queueLabels(args)),
    spec: { template: { spec } },
  };
}

/**
 * A notebook that is moved to save nodes loses what its kernels have in memory.
 *
 * @see https://karpenter.sh/docs/concepts/disruption/#pod-level-controls (Karpenter v1.14)
 * @see https://github.com/kubernetes/autoscaler/blob/cluster-autoscaler-1.36.0/cluster-autoscaler/FAQ.md "What types of pods
 * can prevent CA from removing a node?"
 */
const LEFT_IN_PEACE = {
  "karpenter.sh/do-not-disrupt": "true",
  "cluster-autoscaler.kubernetes.io/safe-to-evict": "false",
};

function notebookPod(args: NotebookArgs, metadata: WorkloadMetadata): PodTemplate {
  const path = workspacePath(args);
  const workspace: JobVolume = {
    name: WORKSPACE_VOLUME,
    mountPath: path,
    persistentVolumeClaim: args.workspaceClaim ?? claimName(metadata),
  };
  const template = podTemplate(
    { ...args, volumes: [workspace, ...(args.volumes ?? [])] },
    {
      ...metadata,
      pools: args.pools,
      defaultGpus: 0,
      pods: 1,
      // The controller tells the notebook's state by the container of its name.
      containerName: metadata.objectName,
      container: {
        workingDir: path,
        ...(args.port === undefined
          ? {}
          : { ports: [{ name: "notebook-port", containerPort: args.port, protocol: "TCP" }] }),
      },
    },
  );
  const ofUsers = { fsGroup: USERS_GROUP, fsGroupChangePolicy: "OnRootMismatch" };
  const securityContext = {
    ...ofUsers,
    ...(template.spec.securityContext as k8s.types.input.core.v1.PodSecurityContext),
  };
  return { ...template, spec: { ...template.spec, securityContext } };
}

/**
 * How the console's route reaches servers that do not know their address.
 *
 * @see https://github.com/kubeflow/notebooks/blob/v1.11.0/components/crud-web-apps/jupyter/backend/apps/common/form.py
 */
function serverAnnotations(args: NotebookArgs, { objectName }: WorkloadMetadata): Record<string, pulumi.Input<string>> {
  const { server = NotebookServer.jupyter, namespace } = args;
  const group = { [NotebookServer.jupyter]: "jupyter", [NotebookServer.codeServer]: "group-one" }[server as string];
  const type = { "notebooks.kubeflow.org/server-type": group ?? "group-two" };
  if (server === NotebookServer.jupyter) return type;
  const rewritten = { ...type, "notebooks.kubeflow.org/http-rewrite-uri": "/" };
  if (server === NotebookServer.codeServer) return rewritten;
  const headers = (space: string) => JSON.stringify({ "X-RStudio-Root-Path": `/notebook/${space}/${objectName}/` });
  return {
    ...rewritten,
    "notebooks.kubeflow.org/http-headers-request-set": isPlain(namespace)
      ? headers(namespace)
      : pulumi.output(namespace).apply((space) => headers(space ?? "")),
  };
}

function workspaceManifest(args: NotebookArgs, metadata: WorkloadMetadata): ClaimManifest {
  const { workspaceSize = DEFAULT_WORKSPACE_SIZE, workspaceStorageClassName } = args;
  return {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: compact({ name: claimName(metadata), namespace: args.namespace, labels: metadata.labels }),
    spec: compact({
      accessModes: ["ReadWriteOnce"],
      storageClassName: workspaceStorageClassName,
      resources: { requests: { storage: workspaceSize } },
    }),
  };
}

function claimName({ objectName }: WorkloadMetadata): string {
  return `${objectName}-workspace`;
}
