import {
  CustomObjectsApi,
  type KubeConfig,
  PatchStrategy,
  setHeaderOptions,
  type V1Pod,
} from "@kubernetes/client-node";
import { hasCode } from "../../cluster/api-errors";
import type { Outputs } from "./outputs";

const RESOURCE = { group: "argoproj.io", version: "v1alpha1", plural: "workflowtaskresults" };
const WORKFLOW = "workflows.argoproj.io/workflow";
const COMPLETED = "workflows.argoproj.io/report-outputs-completed";
const INSTANCE = "workflows.argoproj.io/controller-instanceid";
const NODE = "workflows.argoproj.io/node-id";

/**
 * Writes what a step says of itself. The controller waits for it where it has begun, and is not completed.
 *
 * @see https://github.com/argoproj/argo-workflows/blob/v4.0.5/workflow/executor/taskresult.go
 */
export class TaskResult {
  constructor(private readonly pod: V1Pod) {}

  /** Says that there will be one. */
  async begin(config: KubeConfig): Promise<void> {
    await this.write(config, undefined, false);
  }

  /** Says what came out of the step, and that this is all. */
  async complete(config: KubeConfig, outputs?: Outputs): Promise<void> {
    await this.write(config, outputs, true);
  }

  private async write(config: KubeConfig, outputs: Outputs | undefined, isCompleted: boolean): Promise<void> {
    const { metadata } = this.pod;
    const at = { ...RESOURCE, namespace: metadata?.namespace ?? "" };
    const name = metadata?.annotations?.[NODE] ?? "";
    const workflow = metadata?.labels?.[WORKFLOW] ?? "";
    const instance = metadata?.labels?.[INSTANCE];
    const labels = {
      [WORKFLOW]: workflow,
      [COMPLETED]: String(isCompleted),
      ...(instance === undefined ? {} : { [INSTANCE]: instance }),
    };
    const owner = metadata?.ownerReferences?.find(({ kind }) => kind === "Workflow");
    const body = {
      apiVersion: `${RESOURCE.group}/${RESOURCE.version}`,
      kind: "WorkflowTaskResult",
      metadata: {
        name,
        labels,
        ownerReferences: owner && [
          { apiVersion: owner.apiVersion, kind: owner.kind, name: owner.name, uid: owner.uid },
        ],
      },
      ...(outputs === undefined ? {} : { outputs }),
    };
    const api = config.makeApiClient(CustomObjectsApi);
    try {
      await api.createNamespacedCustomObject({ ...at, body });
    } catch (error) {
      if (!hasCode(error, 409)) throw error;
      const merge = setHeaderOptions("Content-Type", PatchStrategy.MergePatch);
      await api.patchNamespacedCustomObject(
        { ...at, name, body: { metadata: { labels }, ...(outputs && { outputs }) } },
        merge,
      );
    }
  }
}
