import type * as pulumi from "@pulumi/pulumi";
import { checkDnsLabel, checkWholeNumber, type InputProblem, inputProblem, isPlain, problemAt } from "../../internal";
import { checkPart, type PartArgs } from "../part/part-args";
import { checkHost, checkLabels } from "./mesh-checks";
import type { MeshGateway } from "./mesh-facts";

/** A key of a Secret that is made by others. */
export interface ConsoleSecretKey {
  /** Name of the Secret, in the namespace of `ConsoleAccess`. */
  name: string;
  /** Key in the Secret. */
  key: string;
}

/** The provider of OpenID Connect that knows the users. */
export interface OidcProvider {
  /** Address of the issuer, over HTTPS, as its tokens spell it, for example `https://login.example.com/realms/ml`. */
  issuer: string;
  /** Id that the provider knows the platform by. */
  clientId: string;
  /** Secret that goes with the id, made secret in Pulumi's state; give this or `clientSecretFrom`. */
  clientSecret?: pulumi.Input<string>;
  /** Where the secret lies that goes with the id. */
  clientSecretFrom?: ConsoleSecretKey;
  /** Scopes that are asked for; `openid email profile groups` by default. Leave `groups` out where the provider refuses it. */
  scopes?: string[];
  /** Claim with the groups of a user; `groups` by default. */
  groupsClaim?: string;
  /** Claim that the platform knows a user by; `email` by default, which Kubeflow's profiles name owners by. */
  userClaim?: string;
  /** Address of the provider's keys; by default the mesh finds it by the issuer. */
  jwksUri?: string;
}

/** A console, which users reach by a host name of its own. */
export interface Console {
  /** Name of the console, unique among all of them. */
  name: string;
  /** Host name that users reach it by; it must be a redirect address of the provider, with the path `/oauth2/callback`. */
  host: string;
  /** Namespace of the console's Service. */
  namespace: string;
  /** The console's Service. */
  service: string;
  /** Port of the Service, from 1 to 65535; 80 by default. */
  port?: number;
  /** Groups that may use it, each one of `allowedGroups`; all of these by default. */
  groups?: string[];
  /**
   * Labels of the console's pods, which must have a proxy of the mesh: they are then reached through the gateway alone, so
   * that nobody in the cluster can claim to be somebody else. By default only the gateway is guarded.
   */
  workload?: Record<string, string>;
  /** Port of the console's pods, where it is not that of the Service; for `workload`. */
  podPort?: number;
}

/** What a {@link ConsoleAccess} is made from. */
export interface ConsoleAccessArgs extends PartArgs {
  /** The provider that knows the users. */
  oidc: OidcProvider;
  /** The consoles, at least one. */
  consoles: Console[];
  /** Groups whose members may sign in, at least one; never `*`. */
  allowedGroups: string[];
  /** Domains of the addresses of users who may sign in, at least one; never `*`. */
  emailDomains: string[];
  /** Secret with the certificate for all hosts, in the gateway's namespace. */
  tlsSecret: string;
  /** ClusterIssuer of cert-manager that makes `tlsSecret`; by default the Secret is made by others. */
  clusterIssuer?: string;
  /** The gateway; that of `Istio` in its default namespace by default. */
  gateway?: MeshGateway;
  /** Header with the verified user, which clients cannot set; `kubeflow-userid` by default. */
  userHeader?: string;
  /** Whether consoles get the user's token too; false by default. */
  forwardToken?: boolean;
  /** Hours after which users sign in anew, from 1 to 168; 12 by default. */
  sessionHours?: number;
  /** Changed to any other text, the key of session cookies is made anew and everybody signs in again; none by default. */
  rotation?: string;
}

/** Checks the inputs of {@link ConsoleAccess}. */
export function validateConsoleAccess(_name: string, args: ConsoleAccessArgs): InputProblem[] {
  const { consoles, tlsSecret, clusterIssuer, platform, userHeader, sessionHours, rotation } = args;
  const noManager = problemAt("clusterIssuer", "given", "none without cert-manager", "Set platform.certManager.");
  const noConsole = inputProblem("consoles", consoles, "at least one console", "Name one, or leave the component out.");
  return [
    ...checkPart(args),
    ...checkProvider(args.oidc),
    ...(consoles.length === 0 ? [noConsole] : []),
    ...consoles.flatMap((console, index) => checkConsole(args, console, index)),
    ...checkGroups("allowedGroups", args.allowedGroups),
    ...checkDomains(args.emailDomains),
    ...checkDnsLabel("tlsSecret", tlsSecret),
    ...(clusterIssuer !== undefined && platform?.certManager !== true ? [noManager] : []),
    ...(userHeader === undefined ? [] : checkHeader(userHeader)),
    ...checkWholeNumber("sessionHours", sessionHours, { min: 1, max: 168 }),
    ...(rotation === undefined ? [] : checkDnsLabel("rotation", rotation)),
  ];
}

function checkProvider(oidc: OidcProvider): InputProblem[] {
  const { issuer, clientId, clientSecret, clientSecretFrom, scopes = [], groupsClaim, userClaim, jwksUri } = oidc;
  const given = [clientSecret, clientSecretFrom].filter((each) => each !== undefined).length;
  const which = ["missing", "", "given beside clientSecretFrom"][given]!;
  const oneSecret = problemAt(
    "oidc.clientSecret",
    which,
    "one of clientSecret and clientSecretFrom",
    "Give one of them.",
  );
  const isEmpty = isPlain(clientSecret) && clientSecret === "";
  return [
    ...checkAddress("oidc.issuer", issuer),
    ...(jwksUri === undefined ? [] : checkAddress("oidc.jwksUri", jwksUri)),
    ...(clientId === "" ? [inputProblem("oidc.clientId", clientId, "an id", "The provider tells it.")] : []),
    ...(given === 1 ? [] : [oneSecret]),
    ...(isEmpty ? [problemAt("oidc.clientSecret", "empty", "a secret", "The provider tells it.")] : []),
    ...(clientSecretFrom === undefined ? [] : checkDnsLabel("oidc.clientSecretFrom.name", clientSecretFrom.name)),
    ...scopes.flatMap((scope, index) => checkWord(`oidc.scopes[${index}]`, scope)),
    ...(groupsClaim === undefined ? [] : checkWord("oidc.groupsClaim", groupsClaim)),
    ...(userClaim === undefined ? [] : checkWord("oidc.userClaim", userClaim)),
  ];
}

function checkAddress(path: string, address: string): InputProblem[] {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const isPlainAddress = url !== undefined && url.protocol === "https:" && url.username === "" && url.search === "";
  if (isPlainAddress && url.hash === "" && url.hostname.includes(".")) return [];
  return [inputProblem(path, address, "an address over https", "Spell it as the provider does.")];
}

function checkWord(path: string, word: string): InputProblem[] {
  if (/^[A-Za-z0-9:._/-]+$/.test(word)) return [];
  return [inputProblem(path, word, "one word", "Spell it as the provider does.")];
}

function checkHeader(header: string): InputProblem[] {
  if (/^[a-z0-9-]+$/.test(header)) return [];
  const allowed = "lower-case letters, digits and hyphens";
  return [inputProblem("userHeader", header, allowed, 'Write it like "kubeflow-userid".')];
}

/** Everybody is nobody's group. */
function checkGroups(path: string, groups: string[]): InputProblem[] {
  const none = inputProblem(path, groups, "at least one group", "Name who may come in.");
  return [
    ...(groups.length === 0 ? [none] : []),
    ...groups.flatMap((group, index) =>
      group === "" || group.includes("*") || group.includes(",")
        ? [inputProblem(`${path}[${index}]`, group, "the name of one group", "Name each group that may come in.")]
        : [],
    ),
  ];
}

function checkDomains(domains: string[]): InputProblem[] {
  const none = inputProblem("emailDomains", domains, "at least one domain", "Name who may come in.");
  return [
    ...(domains.length === 0 ? [none] : []),
    ...domains.flatMap((domain, index) => checkHost(`emailDomains[${index}]`, domain, false)),
  ];
}

function checkConsole(args: ConsoleAccessArgs, console: Console, index: number): InputProblem[] {
  const { consoles, allowedGroups } = args;
  const path = `consoles[${index}]`;
  const { name, host, namespace, service, port, groups, workload, podPort } = console;
  const ports = { min: 1, max: 65535 };
  const foreign = (groups ?? []).flatMap((group, at) =>
    allowedGroups.includes(group)
      ? []
      : [inputProblem(`${path}.groups[${at}]`, group, "one of allowedGroups", "Add it there: others cannot sign in.")],
  );
  const first = consoles.findIndex((other) => other.name === name || other.host === host);
  const repeated = inputProblem(path, `${name} ${host}`, "each name and host once", `See consoles[${first}].`);
  const noWorkload = problemAt(`${path}.podPort`, "given", "none without workload", "Name the labels of the pods.");
  return [
    ...checkDnsLabel(`${path}.name`, name),
    ...checkHost(`${path}.host`, host, false),
    ...checkDnsLabel(`${path}.namespace`, namespace),
    ...checkDnsLabel(`${path}.service`, service),
    ...checkWholeNumber(`${path}.port`, port, ports),
    ...(groups === undefined ? [] : checkGroups(`${path}.groups`, groups)),
    ...foreign,
    ...checkLabels(`${path}.workload`, workload),
    ...checkWholeNumber(`${path}.podPort`, podPort, ports),
    ...(podPort !== undefined && workload === undefined ? [noWorkload] : []),
    ...(first < index ? [repeated] : []),
  ];
}
