import { checkDnsLabel, type InputProblem, inputProblem } from "../../internal";
import { checkPartResources, type PartResources } from "../part/part-args";
import { checkKubeflowConsole, type KubeflowConsole } from "./kubeflow-console";
import { checkDatabase, type DatabaseArgs } from "./database";
import { checkCertificates, checkKubeflowPart, type KubeflowPartArgs } from "./kubeflow-args";

/** What a {@link Katib} is made from. Every argument has a default. */
export interface KatibArgs extends KubeflowPartArgs {
  /** Where trials' metrics are kept; a MySQL of the part's own on 10Gi by default. An external one must be MySQL. */
  database?: DatabaseArgs;
  /**
   * Kinds that trials may be, as `Kind.version.group`. By default those that Katib knows: TrainJob, Job, and the jobs of the
   * training operator. Katib is given the rights to each.
   */
  trialResources?: string[];
  /** What a suggestion service asks for, one for each experiment that runs; 500m and 512Mi by default. */
  suggestionResources?: PartResources;
  /**
   * Storage class whose volumes many nodes can write (ReadWriteMany). By default there is none, and population based
   * training (pbt), which alone needs it, is left out: its experiments would wait for a volume for ever.
   */
  sharedStorageClassName?: string;
  /**
   * Whether sidecars that read metrics get the security context of the trial's first container; true by default, so that
   * trials run in namespaces that are held to the Pod Security Standards.
   */
  injectSecurityContext?: boolean;
  /**
   * A gateway that lets in only who has signed in. By default there is none, and no web UI: it trusts whoever reaches it.
   * With it cert-manager is needed.
   */
  console?: KubeflowConsole;
}

/** Kinds of trials that Katib knows, and to which its ClusterRole has rights. */
export const KATIB_TRIAL_RESOURCES = [
  "TrainJob.v1alpha1.trainer.kubeflow.org",
  "Job.v1.batch",
  "TFJob.v1.kubeflow.org",
  "PyTorchJob.v1.kubeflow.org",
  "MPIJob.v1.kubeflow.org",
  "XGBoostJob.v1.kubeflow.org",
];

/** Checks a Katib's inputs. */
export function validateKatib(_name: string, args: KatibArgs): InputProblem[] {
  const { trialResources = [], suggestionResources, sharedStorageClassName, database } = args;
  return [
    ...checkKubeflowPart(args),
    ...checkDatabase("database", database),
    ...trialResources.flatMap((kind, index) => checkTrialResource(`trialResources[${index}]`, kind)),
    ...checkPartResources("suggestionResources", suggestionResources, { cpu: "500m", memory: "512Mi" }),
    ...(sharedStorageClassName === undefined ? [] : checkDnsLabel("sharedStorageClassName", sharedStorageClassName)),
    ...checkKubeflowConsole("console", args.console),
    ...(args.console === undefined ? [] : checkCertificates(args, "Katib's web UI")),
    ...checkEncryption(database),
  ];
}

function checkTrialResource(path: string, kind: string): InputProblem[] {
  if (/^[A-Z][A-Za-z]*\.v[a-z0-9]+\.[a-z0-9]([-.a-z0-9]*[a-z0-9])?$/.test(kind)) return [];
  return [inputProblem(path, kind, "Kind.version.group, such as Job.v1.batch", "Spell it like that.")];
}

/** @see https://github.com/kubeflow/katib/blob/v0.19.0/pkg/db/v1beta1/mysql/mysql.go: its address has no such option. */
function checkEncryption(database: DatabaseArgs | undefined): InputProblem[] {
  if (database?.external?.tls !== true) return [];
  const remedy = "Katib's database manager speaks to MySQL without TLS; keep both in one private network.";
  return [inputProblem("database.external.tls", true, "false", remedy)];
}
