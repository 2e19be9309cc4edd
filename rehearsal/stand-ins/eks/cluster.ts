import { createHash } from "node:crypto";
import * as aws from "@pulumi/aws";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { isProperties, type Properties, valueAt } from "../values";
import type { ClusterInputs } from "./cluster-inputs";
import { kubeconfigOf } from "./kubeconfig";
import { createControlPlaneGroup, createNodeGroup, type NodeGroup } from "./security-groups";

const CLUSTER_POLICIES = ["AmazonEKSClusterPolicy"];
const AUTO_MODE_POLICIES = [
  "AmazonEKSComputePolicy",
  "AmazonEKSBlockStoragePolicy",
  "AmazonEKSLoadBalancingPolicy",
  "AmazonEKSNetworkingPolicy",
];
const AUTO_NODE_POLICIES = ["AmazonEKSWorkerNodeMinimalPolicy", "AmazonEC2ContainerRegistryPullOnly"];

/**
 * Makes the same AWS resources as `eks.Cluster`, under the same names: role, control plane, security groups, access
 * entries, add-ons and identity provider, each where the arguments ask for it.
 *
 * @see https://github.com/pulumi/pulumi-eks/blob/v4.3.0/nodejs/eks/cluster/cluster.ts
 */
export class StandInCluster extends pulumi.ComponentResource {
  /** Every output that the SDK declares. */
  readonly state: pulumi.Inputs;

  private readonly autoMode: boolean;

  /** @param known the inputs whose values are known, by which it is decided what there is. */
  constructor(
    private readonly clusterName: string,
    private readonly args: ClusterInputs,
    private readonly known: Properties,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("eks:index:Cluster", clusterName, args, opts);
    this.autoMode = valueAt(known, "autoMode.enabled") === true;
    const policies = [...CLUSTER_POLICIES, ...(this.autoMode ? AUTO_MODE_POLICIES : [])];
    const role = args.serviceRole
      ? { role: pulumi.output(args.serviceRole), attachments: [] }
      : this.serviceRole("eksRole", "eks.amazonaws.com", policies);
    const skipsGroups = (known["skipDefaultSecurityGroups"] ?? this.autoMode) === true;
    const group = skipsGroups ? undefined : createControlPlaneGroup(clusterName, args, this);
    const makesNodeRole = this.autoMode && valueAt(known, "autoMode.createNodeRole") !== false;
    const nodeRole = makesNodeRole ? this.serviceRole("nodeRole", "ec2.amazonaws.com", AUTO_NODE_POLICIES) : undefined;
    const cluster = this.controlPlane(role, nodeRole, group);
    const nodes = group && createNodeGroup(clusterName, args, cluster, group, this);
    this.accessEntries(cluster);
    this.addOns(cluster);
    const kubeconfig = kubeconfigOf(cluster, args.providerCredentialOpts);
    const provider = new kubernetes.Provider(
      `${clusterName}-eks-k8s`,
      { kubeconfig: pulumi.jsonStringify(kubeconfig) },
      { parent: this },
    );
    const oidcProvider = known["createOidcProvider"] === true ? this.oidcProvider(cluster) : undefined;
    this.state = this.outputsOf({ role, nodeRole, group, nodes, cluster, kubeconfig, provider, oidcProvider });
    this.registerOutputs(this.state);
  }

  private serviceRole(suffix: string, service: string, policies: string[]): ServiceRole {
    const name = `${this.clusterName}-${suffix}`;
    const parent = new pulumi.ComponentResource("eks:index:ServiceRole", name, {}, { parent: this });
    const { tags } = this.args;
    const assumeRolePolicy = JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Action: ["sts:AssumeRole", "sts:TagSession"], Effect: "Allow", Principal: { Service: service } }],
    });
    const role = new aws.iam.Role(`${name}-role`, { assumeRolePolicy, ...given({ tags }) }, { parent });
    const attachments = policies.map((policy) => {
      const policyArn = `arn:aws:iam::aws:policy/${policy}`;
      const digest = createHash("sha1").update(policyArn).digest("hex").slice(0, 8);
      return new aws.iam.RolePolicyAttachment(`${name}-${digest}`, { policyArn, role: role.name }, { parent });
    });
    return { role: pulumi.output(role), attachments };
  }

  private controlPlane(
    role: ServiceRole,
    nodeRole: ServiceRole | undefined,
    group: aws.ec2.SecurityGroup | undefined,
  ): aws.eks.Cluster {
    const { args, autoMode } = this;
    const name = `${this.clusterName}-eksCluster`;
    const { endpointPrivateAccess, endpointPublicAccess, publicAccessCidrs } = args;
    const { version, enabledClusterLogTypes, upgradePolicy, deletionProtection } = args;
    const computeConfig = pulumi
      .all([args.autoMode?.computeConfig, nodeRole?.role.arn])
      .apply(([config, nodeRoleArn]) => ({
        enabled: true,
        ...given({ nodeRoleArn }),
        nodePools: ["general-purpose", "system"],
        ...config,
      }));
    const networkConfig = {
      serviceIpv4Cidr: args.kubernetesServiceIpAddressRange,
      ipFamily: args.ipFamily,
      elasticLoadBalancing: autoMode ? { enabled: true } : undefined,
    };
    return new aws.eks.Cluster(
      name,
      given({
        name: args.name,
        roleArn: role.role.arn,
        version,
        enabledClusterLogTypes,
        upgradePolicy,
        deletionProtection,
        bootstrapSelfManagedAddons: autoMode ? false : (args.bootstrapSelfManagedAddons ?? true),
        accessConfig: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: true },
        encryptionConfig:
          args.encryptionConfigKeyArn === undefined
            ? undefined
            : { provider: { keyArn: args.encryptionConfigKeyArn }, resources: ["secrets"] },
        kubernetesNetworkConfig: Object.keys(given(networkConfig)).length > 0 ? given(networkConfig) : undefined,
        computeConfig: autoMode ? computeConfig : undefined,
        storageConfig: autoMode ? { blockStorage: { enabled: true } } : undefined,
        vpcConfig: given({
          subnetIds: this.subnetIds(),
          securityGroupIds: group ? [group.id] : undefined,
          endpointPrivateAccess,
          endpointPublicAccess,
          publicAccessCidrs,
        }),
        tags: pulumi
          .all([args.tags, args.clusterTags])
          .apply(([tags, clusterTags]) => ({ Name: name, ...clusterTags, ...tags })),
      }),
      {
        parent: this,
        ignoreChanges: ["accessConfig.bootstrapClusterCreatorAdminPermissions", "bootstrapSelfManagedAddons"],
        // Without their policies the roles are of no use to the cluster, from its first to its last moment.
        dependsOn: [...role.attachments, ...(nodeRole?.attachments ?? [])],
      },
    );
  }

  private subnetIds(): pulumi.Input<string[]> {
    const { subnetIds, publicSubnetIds, privateSubnetIds } = this.args;
    if (subnetIds !== undefined) return subnetIds;
    return pulumi.all([publicSubnetIds ?? [], privateSubnetIds ?? []]).apply(([open, closed]) => [...open, ...closed]);
  }

  private accessEntries(cluster: aws.eks.Cluster): void {
    for (const [key, entry] of Object.entries(this.args.accessEntries ?? {})) {
      const { accessPolicies = {}, username, ...rest } = entry;
      const name = `${this.clusterName}-${key}`;
      const made = new aws.eks.AccessEntry(
        name,
        { ...rest, clusterName: cluster.name, ...given({ userName: username }) },
        { parent: this, dependsOn: [cluster] },
      );
      for (const [policyKey, { accessScope, policyArn }] of Object.entries(accessPolicies)) {
        const scope = accessScope as aws.types.input.eks.AccessPolicyAssociationAccessScope;
        new aws.eks.AccessPolicyAssociation(
          `${name}-${policyKey}`,
          { clusterName: cluster.name, principalArn: entry.principalArn, policyArn, accessScope: scope },
          { parent: made, dependsOn: [made] },
        );
      }
    }
  }

  private addOns(cluster: aws.eks.Cluster): void {
    const { autoMode, clusterName, known } = this;
    const isOn = (key: string, usual: boolean) => (valueAt(known, `${key}.enabled`) ?? usual) === true;
    const usesOwnCni = known["useDefaultVpcCni"] === undefined ? !autoMode : known["useDefaultVpcCni"] !== true;
    if (isOn("kubeProxyAddonOptions", !autoMode)) this.addOn("kube-proxy", "kubeProxyAddonOptions", cluster, this);
    const configuresDns = valueAt(known, "corednsAddonOptions.configurationValues") !== undefined;
    if (isOn("corednsAddonOptions", autoMode || configuresDns))
      this.addOn("coredns", "corednsAddonOptions", cluster, this);
    if (usesOwnCni) {
      const name = `${clusterName}-vpc-cni`;
      const parent = new pulumi.ComponentResource("eks:index:VpcCniAddon", name, {}, { parent: this });
      this.addOn("vpc-cni", "vpcCniOptions", cluster, parent);
    }
  }

  private addOn(addonName: string, key: string, cluster: aws.eks.Cluster, parent: pulumi.Resource): void {
    const options = isProperties(this.known[key]) ? this.known[key] : {};
    const { configurationValues } = options;
    new aws.eks.Addon(
      `${this.clusterName}-${addonName}`,
      given({
        clusterName: cluster.name,
        addonName,
        addonVersion: options["version"] ?? options["addonVersion"] ?? "v1.0.0-eksbuild.1",
        preserve: true,
        resolveConflictsOnCreate: options["resolveConflictsOnCreate"] ?? "OVERWRITE",
        resolveConflictsOnUpdate: options["resolveConflictsOnUpdate"] ?? "OVERWRITE",
        configurationValues: configurationValues === undefined ? undefined : pulumi.jsonStringify(configurationValues),
        tags: this.args.tags,
      }) as unknown as aws.eks.AddonArgs,
      { parent },
    );
  }

  private oidcProvider(cluster: aws.eks.Cluster): aws.iam.OpenIdConnectProvider {
    return new aws.iam.OpenIdConnectProvider(
      `${this.clusterName}-oidcProvider`,
      {
        clientIdLists: ["sts.amazonaws.com"],
        url: issuerOf(cluster),
        thumbprintLists: ["0".repeat(40)],
      },
      { parent: this },
    );
  }

  private outputsOf(made: MadeParts): pulumi.Inputs {
    const { role, nodeRole, group, nodes, cluster, kubeconfig, provider, oidcProvider } = made;
    const ownGroup = cluster.vpcConfig.clusterSecurityGroupId;
    const { vpcId, tags } = this.args;
    return given({
      autoModeNodeRoleName: nodeRole?.role.name ?? "",
      clusterIngressRuleId: nodes?.ingressRule.securityGroupRuleId ?? "",
      clusterSecurityGroup: group,
      clusterSecurityGroupId: group?.id ?? ownGroup,
      core: given({
        cluster,
        clusterIamRole: role.role,
        clusterSecurityGroup: group,
        endpoint: cluster.endpoint,
        instanceRoles: [],
        kubeconfig,
        nodeGroupOptions: {},
        oidcProvider,
        provider,
        subnetIds: this.subnetIds(),
        tags,
        vpcId,
      }),
      defaultNodeGroupAsgName: "",
      eksCluster: cluster,
      eksClusterIngressRule: nodes?.ingressRule,
      fargateProfileId: "",
      fargateProfileStatus: "",
      instanceRoles: [],
      kubeconfig,
      kubeconfigJson: pulumi.jsonStringify(kubeconfig),
      nodeSecurityGroup: nodes?.group,
      nodeSecurityGroupId: nodes?.group.id ?? ownGroup,
      oidcIssuer: issuerOf(cluster).apply((url) => url.replace("https://", "")),
      oidcProviderArn: oidcProvider?.arn ?? "",
      oidcProviderUrl: issuerOf(cluster),
    });
  }
}

interface ServiceRole {
  role: pulumi.Output<aws.iam.Role>;
  attachments: aws.iam.RolePolicyAttachment[];
}

interface MadeParts {
  role: ServiceRole;
  nodeRole: ServiceRole | undefined;
  group: aws.ec2.SecurityGroup | undefined;
  nodes: NodeGroup | undefined;
  cluster: aws.eks.Cluster;
  kubeconfig: pulumi.Output<object>;
  provider: kubernetes.Provider;
  oidcProvider: aws.iam.OpenIdConnectProvider | undefined;
}

function issuerOf(cluster: aws.eks.Cluster): pulumi.Output<string> {
  return cluster.identities.apply((identities) => identities[0]?.oidcs[0]?.issuer ?? "");
}

function given<T extends object>(values: T): T {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T;
}
