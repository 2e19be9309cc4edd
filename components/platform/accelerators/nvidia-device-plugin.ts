import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { checkedInputs, compact, privilegedNamespace } from "../../internal";
import { devicePluginConfigFile } from "./device-plugin-config";
import { type NvidiaDevicePluginArgs, validateNvidiaDevicePlugin } from "./nvidia-device-plugin-args";
import {
  DEFAULT_CONFIG,
  DEVICE_PLUGIN_NAME,
  hasNamedConfigs,
  nvidiaDevicePluginManifest,
} from "./nvidia-device-plugin-manifest";

/**
 * NVIDIA's device plugin: makes the GPUs of nodes show as `nvidia.com/gpu`. It runs on nodes labelled
 * `nvidia.com/gpu.present=true`, as those of a GpuNodePool are, or `feature.node.kubernetes.io/pci-10de.present=true`, as
 * Node Feature Discovery labels them.
 *
 * Not for nodes that bring a plugin of their own, such as Bottlerocket's and those of EKS Auto Mode.
 *
 * Creates a namespace, a service account and a DaemonSet; a config map where `timeSlicing` or `namedConfigs` are
 * given; and with `namedConfigs` a cluster role and its binding, to read the nodes' labels.
 */
export class NvidiaDevicePlugin extends pulumi.ComponentResource {
  /** Namespace of the plugin. */
  public readonly namespace: pulumi.Output<string>;
  /** True once the plugin runs on every GPU node there is, which may be none yet. */
  public readonly ready: pulumi.Output<boolean>;

  /**
   * @throws pulumi.InputPropertiesError when the namespace is not one of the plugin's own, when a configuration has an
   * unknown MIG strategy or fewer than 2 replicas, or when a toleration, path or quantity is misspelt.
   */
  constructor(name: string, args: NvidiaDevicePluginArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    const errors = validateNvidiaDevicePlugin(name, args);
    super("mlstack:index:NvidiaDevicePlugin", name, checkedInputs("NvidiaDevicePlugin", name, args, errors), opts);

    const namespace = new k8s.core.v1.Namespace(
      `${name}-namespace`,
      { metadata: { name: args.namespace ?? DEVICE_PLUGIN_NAME, labels: privilegedNamespace } },
      { parent: this },
    );
    this.namespace = namespace.metadata.name;
    const serviceAccount = new k8s.core.v1.ServiceAccount(
      `${name}-service-account`,
      { metadata: { name: DEVICE_PLUGIN_NAME, namespace: this.namespace } },
      { parent: this },
    );
    const subject = { namespace: this.namespace, serviceAccount: serviceAccount.metadata.name };
    if (hasNamedConfigs(args)) grantNodeReading(this, name, subject);

    const configMap = createConfigMap(this, name, this.namespace, args)?.metadata.name;
    const daemonSet = new k8s.apps.v1.DaemonSet(
      `${name}-daemon-set`,
      nvidiaDevicePluginManifest(args, compact({ ...subject, configMap })),
      { parent: this },
    );
    this.ready = daemonSet.id.apply(() => true);
    this.registerOutputs({ namespace: this.namespace, ready: this.ready });
  }
}

/** The name is left to Pulumi: a changed configuration is a new object, which rolls the DaemonSet. */
function createConfigMap(
  parent: NvidiaDevicePlugin,
  name: string,
  namespace: pulumi.Output<string>,
  args: NvidiaDevicePluginArgs,
): k8s.core.v1.ConfigMap | undefined {
  const { migStrategy, timeSlicing, namedConfigs } = args;
  if (timeSlicing === undefined && !hasNamedConfigs(args)) return undefined;
  const configs = { ...namedConfigs, [DEFAULT_CONFIG]: compact({ migStrategy, timeSlicing }) };
  const files = Object.entries(configs).map(([key, config]) => [key, devicePluginConfigFile(config)] as const);
  return new k8s.core.v1.ConfigMap(
    `${name}-config`,
    { metadata: { namespace }, data: Object.fromEntries(files) },
    { parent },
  );
}

function grantNodeReading(
  parent: NvidiaDevicePlugin,
  name: string,
  subject: { namespace: pulumi.Output<string>; serviceAccount: pulumi.Output<string> },
): void {
  const role = new k8s.rbac.v1.ClusterRole(
    `${name}-node-reader`,
    { rules: [{ apiGroups: [""], resources: ["nodes"], verbs: ["get", "list", "watch"] }] },
    { parent },
  );
  new k8s.rbac.v1.ClusterRoleBinding(
    `${name}-node-reader-binding`,
    {
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role.metadata.name },
      subjects: [{ kind: "ServiceAccount", name: subject.serviceAccount, namespace: subject.namespace }],
    },
    { parent },
  );
}
