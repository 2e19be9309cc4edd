import type { EC2Client } from "@aws-sdk/client-ec2";
import type { OwnerTag } from "./leftover-tags";

/** A resource as AWS's register of tags lists it. */
export interface TaggedResource {
  arn: string;
  tags: Record<string, string>;
}

/** Where to ask AWS, and as whom. */
export interface AwsAccess {
  region: string;
  /** Named profile; that of the shell where undefined. */
  profile?: string;
}

/** Ids that EC2 takes in one question. */
const IDS_PER_QUESTION = 200;

/** How EC2 answers for types whose dead stay visible, with their tags, for an hour or more. */
const LIVING: Record<string, (ec2: EC2Client, ids: string[]) => Promise<(string | undefined)[]>> = {
  instance: async (ec2, ids) => {
    const { DescribeInstancesCommand } = await import("@aws-sdk/client-ec2");
    const states = { Name: "instance-state-name", Values: ["pending", "running", "stopping", "stopped"] };
    const filters = [{ Name: "instance-id", Values: ids }, states];
    const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({ Filters: filters }));
    return Reservations.flatMap(({ Instances = [] }) => Instances.map(({ InstanceId }) => InstanceId));
  },
  natgateway: async (ec2, ids) => {
    const { DescribeNatGatewaysCommand } = await import("@aws-sdk/client-ec2");
    const filters = [
      { Name: "nat-gateway-id", Values: ids },
      { Name: "state", Values: ["pending", "available"] },
    ];
    const { NatGateways = [] } = await ec2.send(new DescribeNatGatewaysCommand({ Filter: filters }));
    return NatGateways.map(({ NatGatewayId }) => NatGatewayId);
  },
  "vpc-endpoint": async (ec2, ids) => {
    const { DescribeVpcEndpointsCommand } = await import("@aws-sdk/client-ec2");
    const filters = [{ Name: "vpc-endpoint-id", Values: ids }];
    const { VpcEndpoints = [] } = await ec2.send(new DescribeVpcEndpointsCommand({ Filters: filters }));
    const dead = ["deleted", "deleting", "expired", "failed", "rejected"];
    return VpcEndpoints.filter(({ State = "" }) => !dead.includes(State.toLowerCase())).map(
      ({ VpcEndpointId }) => VpcEndpointId,
    );
  },
  "capacity-reservation": async (ec2, ids) => {
    const { DescribeCapacityReservationsCommand } = await import("@aws-sdk/client-ec2");
    const dead = ["cancelled", "cancelling", "expired", "failed", "payment-failed"];
    const { CapacityReservations = [] } = await ec2.send(new DescribeCapacityReservationsCommand({}));
    return CapacityReservations.filter(({ State = "" }) => !dead.includes(State))
      .map(({ CapacityReservationId }) => CapacityReservationId)
      .filter((id) => id !== undefined && ids.includes(id));
  },
};

/** Everything that carries one of the tags, each resource once. */
export async function taggedResources({ region, profile }: AwsAccess, tags: OwnerTag[]): Promise<TaggedResource[]> {
  const { paginateGetResources, ResourceGroupsTaggingAPIClient } =
    await import("@aws-sdk/client-resource-groups-tagging-api");
  const found = new Map<string, TaggedResource>();
  // What IAM holds is listed in one region of each partition only.
  const questions = [{ region, types: undefined }, ...globalQuestion(region)];
  for (const { region: asked, types } of questions) {
    const client = new ResourceGroupsTaggingAPIClient({ region: asked, ...(profile === undefined ? {} : { profile }) });
    for (const { key, value } of tags) {
      const question = {
        TagFilters: [{ Key: key, Values: [value] }],
        ...(types === undefined ? {} : { ResourceTypeFilters: types }),
      };
      for await (const { ResourceTagMappingList = [] } of paginateGetResources({ client }, question)) {
        for (const { ResourceARN: arn, Tags = [] } of ResourceTagMappingList) {
          if (arn === undefined) continue;
          found.set(arn, { arn, tags: Object.fromEntries(Tags.map(({ Key = "", Value = "" }) => [Key, Value])) });
        }
      }
    }
  }
  return [...found.values()];
}

/**
 * Which of these ids EC2 still has. AWS's register of tags lists what was deleted for hours.
 *
 * @param type Type in the ARN, for example `volume`.
 * @see https://github.com/aws/aws-cli/issues/8197, read 2026: the register lists deleted resources
 */
export async function livingInEc2({ region, profile }: AwsAccess, type: string, ids: string[]): Promise<Set<string>> {
  const { EC2Client, paginateDescribeTags } = await import("@aws-sdk/client-ec2");
  const ec2 = new EC2Client({ region, ...(profile === undefined ? {} : { profile }) });
  const living = new Set<string>();
  for (const some of chunks(ids)) {
    const question = { Filters: [{ Name: "resource-id", Values: some }] };
    for await (const { Tags = [] } of paginateDescribeTags({ client: ec2 }, question)) {
      for (const { ResourceId } of Tags) living.add(ResourceId ?? "");
    }
  }
  const answer = LIVING[type];
  if (answer === undefined) return living;
  const alive = await Promise.all(chunks([...living]).map((some) => answer(ec2, some)));
  return new Set(alive.flat().filter((id) => id !== undefined));
}

/** Which of these KMS keys are not scheduled for deletion; a scheduled one is seen, and tagged, for up to 30 days. */
export async function livingKeys({ region, profile }: AwsAccess, ids: string[]): Promise<Set<string>> {
  const { DescribeKeyCommand, KMSClient } = await import("@aws-sdk/client-kms");
  const kms = new KMSClient({ region, ...(profile === undefined ? {} : { profile }) });
  const living = new Set<string>();
  for (const id of ids) {
    const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: id })).catch(ifNotFound);
    const state = KeyMetadata?.KeyState ?? "PendingDeletion";
    if (!["PendingDeletion", "PendingReplicaDeletion"].includes(state)) living.add(id);
  }
  return living;
}

function ifNotFound(error: unknown): { KeyMetadata?: undefined } {
  if (error instanceof Error && error.name === "NotFoundException") return {};
  throw error;
}

function globalQuestion(region: string): { region: string; types: string[] }[] {
  const home = region.startsWith("cn-") ? "cn-north-1" : region.startsWith("us-gov-") ? "us-gov-west-1" : "us-east-1";
  return region === home ? [] : [{ region: home, types: ["iam"] }];
}

function chunks(ids: string[]): string[][] {
  return Array.from({ length: Math.ceil(ids.length / IDS_PER_QUESTION) }, (_, index) =>
    ids.slice(index * IDS_PER_QUESTION, (index + 1) * IDS_PER_QUESTION),
  );
}
