import { Problem } from "../../rehearsal/problem";
import { arnParts } from "./arn";
import { type AwsAccess, livingInEc2, livingKeys, type TaggedResource, taggedResources } from "./aws-account";
import { awsProblemOf } from "./aws-problem";
import { LEFTOVER_KINDS, leftoverKindOf, NOT_LEFTOVERS } from "./leftover-kinds";
import { type OwnerTag, ownerTagOf, someClusterTagOf, tagsToAskFor } from "./leftover-tags";
import { awsNamesOf, type StateResource } from "./state";
import type { TeardownSubject } from "./subject";

/** Something that AWS still has and Pulumi does not know. */
export interface Leftover {
  /** What it is, for example `EBS volume`. */
  kind: string;
  id: string;
  arn: string;
  /** Value of its `Name` tag; empty where it has none. */
  name: string;
  /** The tag that says whose it is, as `key=value`. */
  tag: string;
  /** Why one of its kind is usually left. */
  cause: string;
  /** What to do about it, as sentences. */
  remedy: string;
  /** The command that removes it; undefined for a kind that is not known. */
  command?: string;
}

/** What AWS still has, and whose it is. */
export interface Leftovers {
  region: string;
  /** What belongs to the environment or its cluster. */
  left: Leftover[];
  /** Volumes and the like that some cluster of the account made, whose tags do not say which. */
  unclear: Leftover[];
}

/**
 * Asks AWS what carries the tags of an environment or its cluster, still exists, and is not in Pulumi's state.
 *
 * @param known Resources that Pulumi has, or had until it deleted them.
 * @throws {Problem} when the region is unknown, or when AWS can not be asked.
 */
export async function findLeftovers(subject: TeardownSubject, known: StateResource[]): Promise<Leftovers> {
  const { region, profile } = subject;
  if (region === undefined) {
    throw new Problem(
      `it is not known in which AWS region ${subject.environment} is`,
      "Name it with --region, in the stack's configuration (aws:region), or in AWS_REGION.",
    );
  }
  const access = { region, ...(profile === undefined ? {} : { profile }) };
  const names = new Set(known.flatMap(awsNamesOf));
  try {
    const tagged = await taggedResources(access, tagsToAskFor(subject));
    const unknown = tagged.filter(({ arn }) => {
      const { kind, id } = arnParts(arn);
      return !NOT_LEFTOVERS.has(kind) && !names.has(arn) && !names.has(id);
    });
    const living = inCleaningOrder(await withoutTheDead(access, unknown));
    return {
      region,
      left: living.flatMap((each) => leftover(each, ownerTagOf(each.tags, subject), region)),
      unclear: living.flatMap((each) => {
        const isOwned = ownerTagOf(each.tags, subject) !== undefined;
        return isOwned ? [] : leftover(each, someClusterTagOf(each.tags), region);
      }),
    };
  } catch (error) {
    throw awsProblemOf(error, region) ?? error;
  }
}

/** Types whose ARN has a name where EC2 has an id; they are as they are listed. */
const NAMED_IN_EC2: ReadonlySet<string> = new Set(["key-pair", "placement-group"]);

/** Leaves out what only the register of tags still lists. */
async function withoutTheDead(access: AwsAccess, tagged: TaggedResource[]): Promise<TaggedResource[]> {
  const idsOf = new Map<string, string[]>();
  for (const { arn } of tagged) {
    const { kind, id } = arnParts(arn);
    idsOf.set(kind, [...(idsOf.get(kind) ?? []), id]);
  }
  const living = new Map<string, Set<string>>();
  for (const [kind, ids] of idsOf) {
    const [service, type = ""] = kind.split(":");
    if (service === "ec2" && !NAMED_IN_EC2.has(type)) living.set(kind, await livingInEc2(access, type, ids));
    if (kind === "kms:key") living.set(kind, await livingKeys(access, ids));
  }
  return tagged.filter(({ arn }) => {
    const { kind, id } = arnParts(arn);
    return living.get(kind)?.has(id) ?? true;
  });
}

function leftover({ arn, tags }: TaggedResource, owner: OwnerTag | undefined, region: string): Leftover[] {
  if (owner === undefined) return [];
  const { kind, id } = arnParts(arn);
  const { label, cause, remedy, command } = leftoverKindOf(kind);
  // What is global takes the option and leaves it alone.
  const written = command === undefined ? {} : { command: `aws ${command({ arn, id })} --region ${region}` };
  return [
    { kind: label, id, arn, name: tags["Name"] ?? "", tag: `${owner.key}=${owner.value}`, cause, remedy, ...written },
  ];
}

function inCleaningOrder(tagged: TaggedResource[]): TaggedResource[] {
  const rank = ({ arn }: TaggedResource) => {
    const place = LEFTOVER_KINDS.findIndex(({ kind }) => kind === arnParts(arn).kind);
    return place === -1 ? LEFTOVER_KINDS.length : place;
  };
  return tagged.toSorted((a, b) => rank(a) - rank(b) || a.arn.localeCompare(b.arn, "en"));
}
