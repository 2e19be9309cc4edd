import { checkDnsLabel, checkEnum, checkWholeNumber, type InputProblem, inputProblem, isPlain } from "../../internal";
import { checkPart, checkPartResources } from "../part/part-args";
import {
  ArgoAuthMode,
  ArgoPodCleanup,
  type ArgoSecretKey,
  type ArgoServerArgs,
  ArgoTemplateReferencing,
  type ArgoWorkflowsArgs,
} from "./argo-workflows-args";
import { checkPatches } from "./manifest-adjustments";

/** Checks the inputs of Argo Workflows. */
export function validateArgoWorkflows(_name: string, args: ArgoWorkflowsArgs): InputProblem[] {
  const { workflowDefaults = {}, managedNamespace, instanceId, executor, templateReferencing } = args;
  return [
    ...checkPart(args),
    ...checkPatches(args.patches),
    ...(workflowDefaults.serviceAccountName === undefined
      ? []
      : checkDnsLabel("workflowDefaults.serviceAccountName", workflowDefaults.serviceAccountName)),
    ...checkEnum("workflowDefaults.podCleanup", workflowDefaults.podCleanup, ArgoPodCleanup),
    ...wholeNumbers(args).flatMap(([path, value]) => checkWholeNumber(path, value, { min: 1 })),
    ...(managedNamespace === undefined ? [] : checkDnsLabel("managedNamespace", managedNamespace)),
    ...(instanceId === undefined ? [] : checkDnsLabel("instanceId", instanceId)),
    ...checkEnum("templateReferencing", templateReferencing, ArgoTemplateReferencing),
    ...checkPartResources("executor", executor, { cpu: "50m", memory: "128Mi" }),
    ...checkArchive(args),
    ...checkServer(args.server ?? {}),
  ];
}

/** Numbers that are from one, by where they are. */
function wholeNumbers({ workflowDefaults = {}, limits = {}, retention = {} }: ArgoWorkflowsArgs) {
  const { runAsUser, fsGroup, activeDeadlineSeconds } = workflowDefaults;
  const { secondsAfterCompletion, secondsAfterSuccess, secondsAfterFailure } = workflowDefaults;
  const groups = {
    workflowDefaults: {
      runAsUser,
      fsGroup,
      activeDeadlineSeconds,
      secondsAfterCompletion,
      secondsAfterSuccess,
      secondsAfterFailure,
    },
    limits,
    retention,
  };
  return Object.entries(groups).flatMap(([group, values]) =>
    Object.entries(values as Record<string, number | undefined>).map(
      ([key, value]) => [`${group}.${key}`, value] as const,
    ),
  );
}

function checkArchive({ artifactStore, archiveLogs }: ArgoWorkflowsArgs): InputProblem[] {
  if (archiveLogs !== true || artifactStore !== undefined) return [];
  return [inputProblem("archiveLogs", true, "true where artifactStore is set", "Set artifactStore as well.")];
}

function checkServer(server: ArgoServerArgs): InputProblem[] {
  const { authModes, sso, tlsSecret, resources } = server;
  return [
    ...checkWholeNumber("server.replicas", server.replicas, { min: 1 }),
    ...checkPartResources("server.resources", resources, { cpu: "100m", memory: "256Mi" }),
    ...(tlsSecret === undefined ? [] : checkDnsLabel("server.tlsSecret", tlsSecret)),
    ...(authModes ?? []).flatMap((mode, index) => checkAuthMode(`server.authModes[${index}]`, mode)),
    ...checkAuthModes(authModes, sso),
    ...(sso === undefined
      ? []
      : [
          ...checkHttps("server.sso.issuer", sso.issuer),
          ...checkHttps("server.sso.redirectUrl", sso.redirectUrl),
          ...checkSecretKey("server.sso.clientId", sso.clientId),
          ...checkSecretKey("server.sso.clientSecret", sso.clientSecret),
        ]),
  ];
}

/** Upstream has a third mode, in which whoever reaches the server has its rights. */
function checkAuthMode(path: string, mode: string): InputProblem[] {
  if (mode !== "server") return checkEnum(path, mode, ArgoAuthMode);
  const remedy = "In the mode server, whoever reaches the server may do whatever it may; set one of these.";
  return [inputProblem(path, mode, Object.values(ArgoAuthMode).join(", "), remedy)];
}

function checkAuthModes(authModes: ArgoAuthMode[] | undefined, sso: ArgoServerArgs["sso"]): InputProblem[] {
  if (authModes?.length === 0) {
    return [
      inputProblem("server.authModes", authModes, "at least one mode", "Leave server.authModes out, or name modes."),
    ];
  }
  const hasMode = authModes?.includes(ArgoAuthMode.sso) ?? sso !== undefined;
  if (hasMode === (sso !== undefined)) return [];
  return hasMode
    ? [inputProblem("server.sso", undefined, "the issuer and client of the mode sso", "Set server.sso.")]
    : [inputProblem("server.authModes", authModes, "modes with sso, as server.sso is set", "Add sso to the modes.")];
}

function checkHttps(path: string, address: unknown): InputProblem[] {
  if (!isPlain(address) || /^https:\/\/[^/]/.test(String(address))) return [];
  return [inputProblem(path, address, "an address with https", "Tokens pass here; use https.")];
}

function checkSecretKey(path: string, { name, key }: ArgoSecretKey): InputProblem[] {
  if (name !== "" && key !== "") return [];
  return [inputProblem(path, { name, key }, "name and key of a Secret's value", "Name both.")];
}
