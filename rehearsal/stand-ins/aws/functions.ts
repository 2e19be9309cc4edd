import { unknownFunction } from "../stand-in";
import type { Properties } from "../values";
import { ACCOUNT, dnsSuffixOf, partitionOf } from "./inventor";

/** Functions that are answered, by token; each from the region and the arguments alone. */
const FUNCTIONS: Record<string, (region: string, args: Properties) => Properties> = {
  "aws:index/getAvailabilityZones:getAvailabilityZones": (region) => ({
    id: region,
    region,
    names: ["a", "b", "c"].map((zone) => `${region}${zone}`),
    zoneIds: [1, 2, 3].map((zone) => `${region.replace(/-(\w)\w*-/, "$1")}-az${zone}`),
    groupNames: [region],
  }),
  "aws:index/getCallerIdentity:getCallerIdentity": (region) => ({
    id: ACCOUNT,
    accountId: ACCOUNT,
    arn: `arn:${partitionOf(region)}:iam::${ACCOUNT}:user/stand-in`,
    userId: "AIDASTANDIN",
  }),
  "aws:index/getPartition:getPartition": (region) => ({
    id: partitionOf(region),
    partition: partitionOf(region),
    dnsSuffix: dnsSuffixOf(region),
    reverseDnsPrefix: dnsSuffixOf(region).split(".").reverse().join("."),
  }),
  "aws:index/getRegion:getRegion": (region) => ({
    id: region,
    region,
    name: region,
    description: region,
    endpoint: `ec2.${region}.${dnsSuffixOf(region)}`,
  }),
  "aws:eks/getAddonVersion:getAddonVersion": (region, { addonName, kubernetesVersion, mostRecent }) => ({
    id: addonName,
    region,
    addonName,
    kubernetesVersion,
    mostRecent: mostRecent ?? false,
    version: "v1.0.0-eksbuild.1",
  }),
};

/** Answers a function of the AWS package. @throws Error for one that is not known. */
export function answered(token: string, region: string, args: Properties): Properties {
  const answer = FUNCTIONS[token];
  if (!answer) throw unknownFunction(token, Object.keys(FUNCTIONS));
  return answer(typeof args["region"] === "string" ? args["region"] : region, args);
}
