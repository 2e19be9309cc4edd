import { isIP } from "node:net";
import {
  checkDnsLabel,
  checkEnum,
  checkLabelKey,
  checkLabelValue,
  checkQuantity,
  checkWholeNumber,
  type InputProblem,
  inputProblem,
} from "../../internal";
import { tryParseQuantity } from "../../model";
import { PodSecurityLevel } from "../part/part-namespace";
import { PLATFORM_NAMESPACES } from "../queues/platform-namespaces";
import type { NetworkPeer, TenantArgs, TenantMembers } from "./tenant-args";

/** Checks the inputs of a tenant. */
export function validateTenant(name: string, args: TenantArgs): InputProblem[] {
  const { namespace = name, labels = {}, queues = [], serviceAccounts = [], network = {} } = args;
  return [
    ...checkTenantNamespace(namespace),
    ...checkEnum("podSecurity", args.podSecurity, PodSecurityLevel),
    ...Object.entries(labels).flatMap(([key, value]) => [
      ...checkLabelKey("labels", key),
      ...checkLabelValue(`labels["${key}"]`, value),
    ]),
    ...checkLimits(args),
    ...queues.flatMap(({ name: own, clusterQueue, fairShareWeight }, index) => [
      ...(own === undefined ? [] : checkDnsLabel(`queues[${index}].name`, own)),
      ...checkDnsLabel(`queues[${index}].clusterQueue`, clusterQueue),
      ...(fairShareWeight === undefined || fairShareWeight > 0
        ? []
        : [inputProblem(`queues[${index}].fairShareWeight`, fairShareWeight, "a number above 0", "Raise the weight.")]),
    ]),
    ...checkOnce(
      "queues",
      queues.map((queue) => queue.name ?? "default"),
    ),
    ...checkMembers("editors", args.editors),
    ...checkMembers("viewers", args.viewers),
    ...serviceAccounts.flatMap((account, index) => checkAccount(`serviceAccounts[${index}].name`, account.name)),
    ...checkOnce(
      "serviceAccounts",
      serviceAccounts.map((account) => account.name),
    ),
    ...(["to", "from"] as const).flatMap((direction) =>
      (network[direction] ?? []).flatMap((peer, index) => checkPeer(`network.${direction}[${index}]`, peer)),
    ),
  ];
}

function checkTenantNamespace(namespace: string): InputProblem[] {
  if (!namespace.startsWith("kube-") && !PLATFORM_NAMESPACES.includes(namespace)) {
    return checkDnsLabel("namespace", namespace);
  }
  const remedy = "Give the tenant a namespace of its own: it is made and deleted with the tenant.";
  return [inputProblem("namespace", namespace, "a namespace that is not Kubernetes' or the platform's own", remedy)];
}

function checkLimits({ limits = {}, containerDefaults = {} }: TenantArgs): InputProblem[] {
  const counts = { gpus: 0, pods: 1, volumeClaims: 0, loadBalancers: 0, nodePorts: 0 };
  return [
    ...Object.entries(counts).flatMap(([key, min]) =>
      checkWholeNumber(`limits.${key}`, limits[key as keyof typeof counts], { min }),
    ),
    ...checkQuantity("limits.cpu", limits.cpu, "64"),
    ...checkQuantity("limits.memory", limits.memory, "512Gi"),
    ...checkQuantity("limits.storage", limits.storage, "1Ti"),
    ...Object.entries(limits.further ?? {}).flatMap(([key, amount]) =>
      tryParseQuantity(amount) === undefined
        ? [inputProblem(`limits.further["${key}"]`, amount, "a Kubernetes quantity", 'Write it like "20".')]
        : [],
    ),
    ...checkQuantity("containerDefaults.cpu", containerDefaults.cpu, "100m"),
    ...checkQuantity("containerDefaults.memory", containerDefaults.memory, "512Mi"),
  ];
}

function checkOnce(path: string, names: string[]): InputProblem[] {
  const repeated = names.filter((each, index) => names.indexOf(each) !== index);
  return [...new Set(repeated)].map((each) => inputProblem(path, each, "each name once", "Rename one of them."));
}

/** Groups that everybody is in, so that rights for them are rights for all. */
const everybody = ["system:authenticated", "system:unauthenticated", "system:serviceaccounts"];

function checkMembers(path: string, { groups = [], users = [] }: TenantMembers = {}): InputProblem[] {
  const named = [...groups.map((each) => `${path}.groups ${each}`), ...users.map((each) => `${path}.users ${each}`)];
  const blank = named.filter((each) => each.endsWith(" "));
  return [
    ...blank.map((each) => inputProblem(each.trim(), "", "a name", "Name somebody, or leave the entry out.")),
    ...groups
      .filter((group) => everybody.includes(group))
      .map((group) =>
        inputProblem(
          `${path}.groups`,
          group,
          "groups of people",
          "Everybody is in that group; name one of the tenant.",
        ),
      ),
    ...users
      .filter((user) => user === "system:anonymous")
      .map((user) => inputProblem(`${path}.users`, user, "users that log in", "Name somebody.")),
  ];
}

function checkAccount(path: string, account: string): InputProblem[] {
  if (account !== "default") return checkDnsLabel(path, account);
  const remedy = "Pods that name no account run under it; name another one, so that rights are given on purpose.";
  return [inputProblem(path, account, "any name but default", remedy)];
}

function checkPeer(path: string, { namespace, podLabels, cidr, ports = [] }: NetworkPeer): InputProblem[] {
  const remedy = "Say either which namespace or which addresses.";
  if ((namespace === undefined) === (cidr === undefined)) {
    const given = { namespace, cidr };
    return [inputProblem(path, given, "exactly one of namespace and cidr", remedy)];
  }
  return [
    ...(namespace === undefined ? [] : checkDnsLabel(`${path}.namespace`, namespace)),
    ...(cidr === undefined ? [] : checkCidr(`${path}.cidr`, cidr)),
    ...(cidr === undefined || podLabels === undefined
      ? []
      : [inputProblem(`${path}.podLabels`, podLabels, "nothing beside cidr", "Name a namespace, or leave it out.")]),
    ...ports.flatMap((port, index) => checkWholeNumber(`${path}.ports[${index}]`, port, { min: 1, max: 65535 })),
  ];
}

function checkCidr(path: string, cidr: string): InputProblem[] {
  const [address = "", prefix = ""] = cidr.split("/");
  const family = isIP(address);
  const most = family === 4 ? 32 : 128;
  if (family !== 0 && /^\d{1,3}$/.test(prefix) && Number(prefix) <= most && cidr.split("/").length === 2) return [];
  return [inputProblem(path, cidr, "a range of addresses such as 10.0.0.0/16", "Write it with a prefix length.")];
}
