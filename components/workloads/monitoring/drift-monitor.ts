import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { checkedInputs } from "../../internal";
import type { DriftMonitorArgs } from "./drift-monitor-args";
import { driftMonitorManifests } from "./drift-monitor-manifest";
import { validateDriftMonitor } from "./drift-monitor-validation";

/**
 * Watches what a model is asked and how good its answers are, and has it trained again where these are no longer what it was
 * trained on.
 *
 * At set times, a pod compares recent rows with those of the reference, feature by feature. Where enough have moved, or
 * predictions have become too bad, it starts one run of what trains the model, and no other one for a while.
 *
 * Creates a CronJob, two ConfigMaps (the program; what it knows of itself, with the last report), and a ServiceAccount with a
 * Role for nothing but that.
 */
export class DriftMonitor extends pulumi.ComponentResource {
  /** Name of the CronJob. */
  public readonly objectName: pulumi.Output<string>;
  /** Namespace of the CronJob. */
  public readonly namespace: pulumi.Output<string>;
  /** Name of the ConfigMap with the last report, in `report.json`. */
  public readonly reportName: pulumi.Output<string>;

  /**
   * @throws pulumi.InputPropertiesError when the schedule cannot be read or never comes true, when files are not below their
   * volume's root, when there is not exactly one thing that trains the model, when GPUs or adapters are asked for, when a
   * count, number or quantity is out of its range, or when a name, column or address is missing or misspelt.
   */
  constructor(name: string, args: DriftMonitorArgs, opts?: pulumi.ComponentResourceOptions) {
    const errors = validateDriftMonitor(name, args);
    super("mlstack:index:DriftMonitor", name, checkedInputs("DriftMonitor", name, args, errors), opts);

    const { program, state, account, role, binding, schedule } = driftMonitorManifests(name, args);
    const parent = { parent: this };
    const files = new k8s.core.v1.ConfigMap(`${name}-program`, plain(program), parent);
    // What the monitor writes there is no change of the stack's.
    const memory = new k8s.core.v1.ConfigMap(`${name}-state`, plain(state), { ...parent, ignoreChanges: ["data"] });
    const identity = new k8s.core.v1.ServiceAccount(`${name}-account`, plain(account), parent);
    const rights = new k8s.rbac.v1.Role(`${name}-role`, plain(role), parent);
    // Which namespace the provider takes by default is known to it alone.
    const subjects = binding.subjects.map((subject) => ({ ...subject, namespace: identity.metadata.namespace }));
    const bound = new k8s.rbac.v1.RoleBinding(
      `${name}-binding`,
      { ...plain(binding), subjects },
      { ...parent, dependsOn: [rights] },
    );
    const cron = new k8s.batch.v1.CronJob(`${name}-schedule`, plain(schedule), {
      ...parent,
      dependsOn: [files, memory, bound],
    });

    this.objectName = cron.metadata.name;
    this.namespace = cron.metadata.namespace;
    this.reportName = memory.metadata.name;
    const { objectName, namespace, reportName } = this;
    this.registerOutputs({ objectName, namespace, reportName });
  }
}

/** What the class of a built-in kind takes: it knows its version and kind itself. */
function plain<T extends { apiVersion: string; kind: string }>(manifest: T): Omit<T, "apiVersion" | "kind"> {
  const { apiVersion: _, kind: __, ...others } = manifest;
  return others;
}
