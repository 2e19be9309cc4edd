import { checkDnsLabel, checkWholeNumber, type InputProblem, inputProblem } from "../../internal";
import type { ArtifactStoreFacts } from "../artifact-store/artifact-store-facts";
import { checkKubeflowConsole, type KubeflowConsole } from "./kubeflow-console";
import { checkDatabase, type DatabaseArgs } from "./database";
import { checkCertificates, checkKubeflowPart, type KubeflowPartArgs } from "./kubeflow-args";

/** As whom steps of pipelines run where they do not say themselves. */
export interface PipelineSecurityContext {
  /** Number of the user, from 1; that of the step's image by default. */
  runAsUser?: number;
  /** Number of the group, from 1; that of the step's image by default. */
  runAsGroup?: number;
  /** Whether steps that would run as root are refused; false by default, as many images of components do. */
  runAsNonRoot?: boolean;
}

/** How pipelines are run, wherever their artifacts are kept. */
export interface PipelineSettings extends KubeflowPartArgs {
  /** Where runs, pipelines and metadata are recorded; a MySQL of the part's own on 20Gi by default. Must be MySQL. */
  database?: DatabaseArgs;
  /**
   * Whether the Argo controller that comes with Pipelines is installed; false by default, as there may be one only that sees
   * the same workflows: install ArgoWorkflows without an instance ID.
   */
  ownArgo?: boolean;
  /**
   * Whether pipelines are kept as resources of Kubernetes (`Pipeline`, `PipelineVersion`) rather than in the database; false
   * by default. Needs cert-manager, for the webhook that judges them.
   */
  nativeApi?: boolean;
  /** Whether each namespace has runs of its own, told apart by the user's name; false by default. Needs `console`. */
  multiUser?: boolean;
  /**
   * Namespaces in which runs take place with `multiUser`; none by default. Each is given the three ConfigMaps that runs need
   * and their service account `default-editor`, and must be granted the artifact store. Upstream's controller does this for
   * SeaweedFS alone, so it is left out.
   */
  tenants?: string[];
  /**
   * A gateway that lets in only who has signed in, for `multiUser`; by default there is none, and the web UI is reached by
   * port-forward.
   */
  console?: KubeflowConsole;
  /** Namespaces whose pods may call the API, as notebooks do; none by default beside the part's own and `tenants`. */
  clientNamespaces?: string[];
  /**
   * Whether pipelines compiled for version 1 are refused; true by default, as they may hold any template of Argo's. The cache
   * server, a webhook on pods that only they use, is then left out.
   */
  blockV1Pipelines?: boolean;
  /** Whether users may run TensorBoards and visualisations of their own code in the namespace; false by default. */
  viewers?: boolean;
  /** Seconds after which a finished workflow is deleted, its record stays; 86400 by default, a day. */
  workflowTtlSeconds?: number;
  /** Time zone of recurring runs; `UTC` by default. */
  cronTimezone?: string;
  /** As whom steps run where they do not say themselves. */
  securityContext?: PipelineSecurityContext;
}

/** What a {@link Pipelines} is made from. */
export interface PipelinesArgs extends PipelineSettings {
  /** Where artifacts and logs of runs are kept. The store's own Secret, or the pods' role, grants access. */
  artifactStore: ArtifactStoreFacts;
}

/** Checks inputs of pipelines. */
export function validatePipelines(_name: string, args: PipelinesArgs): InputProblem[] {
  const { tenants = [], clientNamespaces = [], securityContext = {}, cronTimezone } = args;
  return [
    ...checkKubeflowPart(args),
    ...checkStore(args.artifactStore),
    ...checkDatabase("database", args.database),
    ...(args.nativeApi === true ? checkCertificates(args, "nativeApi") : []),
    ...tenants.flatMap((tenant, index) => checkDnsLabel(`tenants[${index}]`, tenant)),
    ...clientNamespaces.flatMap((client, index) => checkDnsLabel(`clientNamespaces[${index}]`, client)),
    ...checkKubeflowConsole("console", args.console),
    ...checkUsers(args),
    ...checkWholeNumber("workflowTtlSeconds", args.workflowTtlSeconds, { min: 60 }),
    ...checkWholeNumber("securityContext.runAsUser", securityContext.runAsUser, { min: 1 }),
    ...checkWholeNumber("securityContext.runAsGroup", securityContext.runAsGroup, { min: 1 }),
    ...(cronTimezone === undefined || isTimezone(cronTimezone)
      ? []
      : [inputProblem("cronTimezone", cronTimezone, "a time zone such as Europe/Berlin", "Take a name of the IANA.")]),
  ];
}

function checkStore(store: ArtifactStoreFacts | undefined): InputProblem[] {
  if (store !== undefined) return [];
  const remedy = "Create an ArtifactStore, and hand on its facts.";
  return [inputProblem("artifactStore", store, "the facts of an artifact store", remedy)];
}

function checkUsers({ multiUser = false, tenants = [], console }: PipelinesArgs): InputProblem[] {
  const remedy = "Behind any other door, whoever sends the header of a user is that user.";
  return [
    ...(multiUser && console === undefined
      ? [inputProblem("console", console, "a gateway where users sign in, with multiUser", remedy)]
      : []),
    ...(!multiUser && console !== undefined
      ? [inputProblem("multiUser", multiUser, "true with a console", "Single users' pages have no route to a gateway.")]
      : []),
    ...(tenants.length > 0 && !multiUser
      ? [inputProblem("tenants", tenants, "namespaces with multiUser", "Set multiUser, or leave them out.")]
      : []),
  ];
}

function isTimezone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}
