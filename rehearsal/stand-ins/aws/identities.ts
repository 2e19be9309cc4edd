/**
 * How the ids, ARNs and telling outputs of a kind of AWS resource are made up.
 *
 * Every text is a template: `{hex}` (17 digits), `{hex8}`, `{hex32}`, `{uuid}` and `{number}` (0-250) differ from resource
 * to resource and are the same in each run; `{region}`, `{zoneCode}` (`use1`), `{zoneNumber}`, `{partition}`, `{dnsSuffix}` and
 * `{account}` are where the resource is; any other name is a property of the resource, `{id}` its id.
 */
export interface Identity {
  /** Template of the id; the physical name where there is one, else the kind with `{hex}`. */
  id?: string;
  /** Template of the ARN behind `arn:{partition}:`; service, region, account, kind and id by default. */
  arn?: string;
  /** Templates of further outputs by dotted path, `*` standing for each item of a list. */
  values?: Record<string, string | number | boolean>;
  /** Numbers that grow by one with each update. */
  versions?: string[];
}

/**
 * Identities of the kinds that have none of the common form.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html (forms of the ARNs)
 */
export const IDENTITIES: Record<string, Identity> = {
  "aws:autoscaling/group:Group": {
    id: "{name}",
    arn: "autoscaling:{region}:{account}:autoScalingGroup:{uuid}:autoScalingGroupName/{name}",
  },
  "aws:budgets/budget:Budget": { id: "{account}:{name}", arn: "budgets::{account}:budget/{name}" },
  "aws:cloudwatch/eventRule:EventRule": { id: "{name}", arn: "events:{region}:{account}:rule/{name}" },
  "aws:cloudwatch/eventTarget:EventTarget": { id: "{rule}-{targetId}" },
  "aws:cloudwatch/logGroup:LogGroup": { id: "{name}", arn: "logs:{region}:{account}:log-group:{name}" },
  "aws:cloudwatch/metricAlarm:MetricAlarm": { id: "{name}", arn: "cloudwatch:{region}:{account}:alarm:{name}" },
  "aws:ebs/snapshot:Snapshot": { id: "snap-{hex}", arn: "ec2:{region}::snapshot/{id}" },
  "aws:ebs/volume:Volume": { id: "vol-{hex}", arn: "ec2:{region}:{account}:volume/{id}" },
  "aws:ec2/capacityBlockReservation:CapacityBlockReservation": {
    id: "cr-{hex}",
    arn: "ec2:{region}:{account}:capacity-reservation/{id}",
  },
  "aws:ec2/capacityReservation:CapacityReservation": {
    id: "cr-{hex}",
    arn: "ec2:{region}:{account}:capacity-reservation/{id}",
  },
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": {
    id: "sg-{hex}",
    arn: "ec2:{region}:{account}:security-group/{id}",
    values: { name: "default", description: "default VPC security group", namePrefix: "" },
  },
  "aws:ec2/eip:Eip": {
    id: "eipalloc-{hex}",
    arn: "ec2:{region}:{account}:elastic-ip/{id}",
    values: { allocationId: "{id}", publicIp: "203.0.113.{number}" },
  },
  "aws:ec2/flowLog:FlowLog": { id: "fl-{hex}", arn: "ec2:{region}:{account}:vpc-flow-log/{id}" },
  "aws:ec2/internetGateway:InternetGateway": { id: "igw-{hex}", arn: "ec2:{region}:{account}:internet-gateway/{id}" },
  "aws:ec2/launchTemplate:LaunchTemplate": {
    id: "lt-{hex}",
    arn: "ec2:{region}:{account}:launch-template/{id}",
    values: { latestVersion: 1, defaultVersion: 1 },
    versions: ["latestVersion", "defaultVersion"],
  },
  "aws:ec2/natGateway:NatGateway": { id: "nat-{hex}", arn: "ec2:{region}:{account}:natgateway/{id}" },
  "aws:ec2/networkAcl:NetworkAcl": { id: "acl-{hex}", arn: "ec2:{region}:{account}:network-acl/{id}" },
  "aws:ec2/networkInterface:NetworkInterface": {
    id: "eni-{hex}",
    arn: "ec2:{region}:{account}:network-interface/{id}",
  },
  "aws:ec2/placementGroup:PlacementGroup": {
    id: "{name}",
    arn: "ec2:{region}:{account}:placement-group/{name}",
    values: { placementGroupId: "pg-{hex}" },
  },
  "aws:ec2/route:Route": {
    id: "r-{routeTableId}-{hex8}",
    values: { instanceId: "", instanceOwnerId: "", origin: "CreateRoute", state: "active" },
  },
  "aws:ec2/routeTable:RouteTable": { id: "rtb-{hex}", arn: "ec2:{region}:{account}:route-table/{id}" },
  "aws:ec2/routeTableAssociation:RouteTableAssociation": { id: "rtbassoc-{hex}" },
  "aws:ec2/securityGroup:SecurityGroup": { id: "sg-{hex}", arn: "ec2:{region}:{account}:security-group/{id}" },
  "aws:ec2/securityGroupRule:SecurityGroupRule": { id: "sgrule-{hex8}", values: { securityGroupRuleId: "sgr-{hex}" } },
  "aws:ec2/subnet:Subnet": { id: "subnet-{hex}", arn: "ec2:{region}:{account}:subnet/{id}" },
  "aws:ec2/vpc:Vpc": { id: "vpc-{hex}", arn: "ec2:{region}:{account}:vpc/{id}" },
  "aws:ec2/vpcEndpoint:VpcEndpoint": {
    id: "vpce-{hex}",
    arn: "ec2:{region}:{account}:vpc-endpoint/{id}",
    values: { state: "available" },
  },
  "aws:ecr/repository:Repository": {
    id: "{name}",
    values: { repositoryUrl: "{account}.dkr.ecr.{region}.{dnsSuffix}/{name}" },
  },
  "aws:efs/accessPoint:AccessPoint": {
    id: "fsap-{hex}",
    arn: "elasticfilesystem:{region}:{account}:access-point/{id}",
  },
  "aws:efs/fileSystem:FileSystem": {
    id: "fs-{hex}",
    arn: "elasticfilesystem:{region}:{account}:file-system/{id}",
    values: { dnsName: "{id}.efs.{region}.{dnsSuffix}" },
  },
  "aws:efs/mountTarget:MountTarget": {
    id: "fsmt-{hex}",
    values: { dnsName: "{fileSystemId}.efs.{region}.{dnsSuffix}", ipAddress: "10.0.0.{number}" },
  },
  "aws:eks/accessEntry:AccessEntry": {
    id: "{clusterName}:{principalArn}",
    values: {
      accessEntryArn: "arn:{partition}:eks:{region}:{account}:access-entry/{clusterName}/role/{account}/{hex8}/{uuid}",
    },
  },
  "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": { id: "{clusterName}#{principalArn}#{policyArn}" },
  "aws:eks/addon:Addon": {
    id: "{clusterName}:{addonName}",
    arn: "eks:{region}:{account}:addon/{clusterName}/{addonName}/{uuid}",
    values: { addonVersion: "v1.0.0-eksbuild.1" },
  },
  "aws:eks/cluster:Cluster": {
    id: "{name}",
    arn: "eks:{region}:{account}:cluster/{name}",
    values: {
      // What stands for a certificate authority is no certificate: whoever connects by mistake fails at once.
      "certificateAuthority.data": "c3RhbmQtaW4=",
      endpoint: "https://{hex32}.gr7.{region}.eks.{dnsSuffix}",
      "identities.*.oidcs.*.issuer": "https://oidc.eks.{region}.{dnsSuffix}/id/{hex32}",
      "kubernetesNetworkConfig.ipFamily": "ipv4",
      "kubernetesNetworkConfig.serviceIpv4Cidr": "172.20.0.0/16",
      "kubernetesNetworkConfig.serviceIpv6Cidr": "fd00::/108",
      platformVersion: "eks.1",
      "upgradePolicy.supportType": "EXTENDED",
    },
  },
  "aws:eks/nodeGroup:NodeGroup": {
    id: "{clusterName}:{nodeGroupName}",
    arn: "eks:{region}:{account}:nodegroup/{clusterName}/{nodeGroupName}/{uuid}",
    values: {
      "resources.*.autoscalingGroups.*.name": "eks-{nodeGroupName}-{uuid}",
      "resources.*.remoteAccessSecurityGroupId": "",
    },
  },
  "aws:eks/podIdentityAssociation:PodIdentityAssociation": {
    id: "a-{hex}",
    values: {
      associationId: "{id}",
      associationArn: "arn:{partition}:eks:{region}:{account}:podidentityassociation/{clusterName}/{id}",
    },
  },
  "aws:fsx/dataRepositoryAssociation:DataRepositoryAssociation": {
    id: "dra-{hex}",
    arn: "fsx:{region}:{account}:association/{fileSystemId}/{id}",
  },
  "aws:fsx/lustreFileSystem:LustreFileSystem": {
    id: "fs-{hex}",
    arn: "fsx:{region}:{account}:file-system/{id}",
    values: { dnsName: "{id}.fsx.{region}.{dnsSuffix}", mountName: "{hex8}" },
  },
  "aws:fsx/openZfsFileSystem:OpenZfsFileSystem": {
    id: "fs-{hex}",
    arn: "fsx:{region}:{account}:file-system/{id}",
    values: { dnsName: "{id}.fsx.{region}.{dnsSuffix}", rootVolumeId: "fsvol-{hex}" },
  },
  "aws:iam/instanceProfile:InstanceProfile": {
    id: "{name}",
    arn: "iam::{account}:instance-profile{path}{name}",
    values: { uniqueId: "AIPA{hex}" },
  },
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider": { id: "{arn}", arn: "iam::{account}:oidc-provider/{hex32}" },
  "aws:iam/policy:Policy": { id: "{arn}", arn: "iam::{account}:policy{path}{name}", values: { policyId: "ANPA{hex}" } },
  "aws:iam/role:Role": { id: "{name}", arn: "iam::{account}:role{path}{name}", values: { uniqueId: "AROA{hex}" } },
  "aws:iam/rolePolicy:RolePolicy": { id: "{role}:{name}" },
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": { id: "{role}-{hex}" },
  "aws:kms/alias:Alias": { id: "{name}", arn: "kms:{region}:{account}:{name}" },
  "aws:kms/key:Key": { id: "{uuid}", arn: "kms:{region}:{account}:key/{id}", values: { keyId: "{id}" } },
  "aws:lb/loadBalancer:LoadBalancer": {
    id: "{arn}",
    arn: "elasticloadbalancing:{region}:{account}:loadbalancer/net/{name}/{hex}",
    values: { dnsName: "{name}-{hex}.elb.{region}.{dnsSuffix}" },
  },
  "aws:s3/bucket:Bucket": {
    id: "{bucket}",
    arn: "s3:::{bucket}",
    values: {
      bucketDomainName: "{bucket}.s3.{dnsSuffix}",
      bucketRegionalDomainName: "{bucket}.s3.{region}.{dnsSuffix}",
    },
  },
  "aws:sns/topic:Topic": { id: "{arn}", arn: "sns:{region}:{account}:{name}" },
  "aws:sns/topicSubscription:TopicSubscription": { id: "{arn}", arn: "sns:{region}:{account}:topic:{uuid}" },
  "aws:sqs/queue:Queue": {
    id: "https://sqs.{region}.{dnsSuffix}/{account}/{name}",
    arn: "sqs:{region}:{account}:{name}",
    values: { url: "{id}" },
  },
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": {
    id: "sgr-{hex}",
    arn: "ec2:{region}:{account}:security-group-rule/{id}",
    values: { securityGroupRuleId: "{id}" },
  },
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": {
    id: "sgr-{hex}",
    arn: "ec2:{region}:{account}:security-group-rule/{id}",
    values: { securityGroupRuleId: "{id}" },
  },
};

/** Kinds that configure one other resource and have its id: `aws:s3/bucketVersioning:…` has the bucket's. */
export const SATELLITES: [tokens: RegExp, id: string][] = [
  [/^aws:s3\/bucket[A-Z]/, "{bucket}"],
  [/^aws:sqs\/queue[A-Z]/, "{queueUrl}"],
  [/^aws:efs\/(?:backupPolicy|fileSystemPolicy):/, "{fileSystemId}"],
  [/^aws:sns\/topicPolicy:/, "{arn}"],
];

/** Templates of texts by the name of the property, the first that matches; used where a kind has no value of its own. */
export const TEXTS: [names: RegExp, template: string][] = [
  [/^(?:ownerId|accountId|registryId|ownerAccountId)$|AccountId$/, "{account}"],
  [/^region$|Region$/, "{region}"],
  [/^availabilityZone$/, "{region}a"],
  [/^availabilityZoneId$/, "{zoneCode}-az{zoneNumber}"],
  [/vpcId$/i, "vpc-{hex}"],
  [/subnetIds?$/i, "subnet-{hex}"],
  [/securityGroup(?:Id|Ids)$/i, "sg-{hex}"],
  [/networkInterfaceIds?$/i, "eni-{hex}"],
  [/routeTableIds?$/i, "rtb-{hex}"],
  [/networkAclId$/i, "acl-{hex}"],
  [/associationId$/i, "assoc-{hex}"],
  [/dhcpOptionsId$/i, "dopt-{hex}"],
  [/^kmsKey(?:Id|Arn)?$/, "arn:{partition}:kms:{region}:{account}:key/{uuid}"],
  [/prefixListId$/i, "pl-{hex}"],
  [/hostedZoneId$/i, "Z{hex}"],
  [/publicIp$/i, "203.0.113.{number}"],
  [/(?:privateIp|ipAddress)$/i, "10.0.0.{number}"],
  [/dns(?:Name)?$/i, "stand-in-{hex8}.{region}.{dnsSuffix}"],
  [/^(?:endpoint|url)$|Url$/, "https://stand-in-{hex8}.{region}.{dnsSuffix}"],
  [/^path$/, "/"],
  [/(?:^status|^state|State)$/, "ACTIVE"],
  [/(?:At|Time|Date)$/, "2026-01-01T00:00:00Z"],
  [/^version$/, "1"],
  [/Arn$/, "arn:{partition}:stand-in:{region}:{account}:{hex}"],
];

/** Where the service in ARNs is called otherwise than the module of the SDK. */
export const SERVICES: Record<string, string> = {
  cloudwatch: "monitoring",
  ebs: "ec2",
  efs: "elasticfilesystem",
  lb: "elasticloadbalancing",
  vpc: "ec2",
};
