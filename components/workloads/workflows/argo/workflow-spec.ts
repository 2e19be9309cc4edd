import type * as pulumi from "@pulumi/pulumi";
import { compact, nonEmpty } from "../../../internal";
import { DEFAULT_DEADLINE_SECONDS, JOB_LABEL, lineageMetadata, PARAMETERS_LABEL, queueLabels } from "../../object";
import type { StepInputs, WorkflowDefinition } from "../definition";
import type { WorkflowInputs } from "../workflow-args";
import {
  VolumeAccess,
  WorkflowArtifactCleanup,
  WorkflowPodCleanup,
  type WorkflowSettings,
  type WorkflowVolumeClaim,
} from "../workflow-settings";
import { artifactLocation, inStore } from "./artifact-store";
import { workflowAccounts } from "./rights";
import { parametersHashExpression } from "./expressions";
import { argoInput, emptyAsUndefined, synchronization } from "./template-parts";
import { argoTemplates } from "./templates";

/** What a spec is made from. */
export type SpecArgs = WorkflowSettings & WorkflowInputs & { definition?: WorkflowDefinition };

/** What differs from kind to kind. */
export interface SpecFacts {
  /** Seconds after which an ended run is deleted where nothing is said. */
  secondsAfterCompletion: number;
  /** Whether runs must be labelled by the spec, as they are other objects than the one that has it. */
  labelsRuns: boolean;
  /** Key of artifacts in the store, without their names; that of workflows by default. */
  artifactPrefix?: string;
}

/** A week. */
export const WEEK_SECONDS = 604_800;

/** As long as Argo can count: the object belongs to the stack, and no cleaner is to take it away. */
export const NEVER_SECONDS = 2_147_483_647;

const DEFAULT_PARALLELISM = 10;

/** The spec of a workflow that is defined here. */
export function workflowSpec(objectName: string, args: SpecArgs, facts: SpecFacts) {
  const definition = args.definition!;
  const { runner, resources } = workflowAccounts(objectName, args);
  const templates = argoTemplates(definition, {
    objectName,
    object: args,
    pools: args.pools,
    queue: queueLabels(args),
    resourceAccount: resources,
    location: artifactLocation(args.artifactStore, facts.artifactPrefix),
  });
  const { parallelism = DEFAULT_PARALLELISM, activeDeadlineSeconds = DEFAULT_DEADLINE_SECONDS } = args;
  const inputs = definition.templates.find(({ name }) => name === definition.entrypoint)?.inputs ?? {};
  return compact({
    entrypoint: definition.entrypoint,
    onExit: definition.onExit,
    arguments: runArguments(inputs, args),
    templates,
    serviceAccountName: runner,
    // Argo's container in each pod reports by this token; see the rights of the account.
    automountServiceAccountToken: true,
    // Joined with what the cluster's administrator set for workflows, the user among it.
    securityContext: { seccompProfile: { type: "RuntimeDefault" } },
    ...runSettings({ ...args, parallelism, activeDeadlineSeconds }),
    ttlStrategy: ttlStrategy(args, facts),
    podGC: { strategy: args.podCleanup ?? WorkflowPodCleanup.onWorkflowSuccess },
    artifactGC: artifactCleanup(args, runner),
    workflowMetadata: runMetadata(objectName, args, inputs, facts),
  });
}

/** The spec of a run of a WorkflowTemplate: only what is set, as the rest is as that says. */
export function referringSpec(workflowTemplate: pulumi.Input<string>, args: SpecArgs, facts: SpecFacts) {
  const { serviceAccountName, podCleanup, secondsAfterCompletion, secondsAfterSuccess, secondsAfterFailure } = args;
  const saysWhen = [secondsAfterCompletion, secondsAfterSuccess, secondsAfterFailure].some(
    (each) => each !== undefined,
  );
  return compact({
    workflowTemplateRef: { name: workflowTemplate },
    arguments: runArguments(undefined, args),
    serviceAccountName,
    ...runSettings(args),
    // A run that the stack owns is kept whatever the template says.
    ttlStrategy: saysWhen || facts.secondsAfterCompletion === NEVER_SECONDS ? ttlStrategy(args, facts) : undefined,
    podGC: podCleanup && { strategy: podCleanup },
    workflowMetadata: referringMetadata(args, facts),
  });
}

function runSettings(args: SpecArgs) {
  const { parallelism, activeDeadlineSeconds, priority, archiveLogs, artifactRepository, volumeClaims = [] } = args;
  return {
    parallelism,
    activeDeadlineSeconds,
    priority,
    archiveLogs,
    artifactRepositoryRef: artifactRepository && compact({ ...artifactRepository }),
    synchronization: synchronization(args),
    volumeClaimTemplates: nonEmpty(volumeClaims.map(volumeClaim)),
    // At the end of each run, however it ended: a failed one is looked at by its logs and artifacts.
    volumeClaimGC: volumeClaims.length > 0 ? { strategy: "OnWorkflowCompletion" } : undefined,
  };
}

function ttlStrategy(args: SpecArgs, { secondsAfterCompletion }: SpecFacts) {
  const { secondsAfterSuccess, secondsAfterFailure } = args;
  return compact({
    secondsAfterCompletion: args.secondsAfterCompletion ?? secondsAfterCompletion,
    secondsAfterSuccess,
    secondsAfterFailure,
  });
}

function artifactCleanup(args: SpecArgs, account: pulumi.Input<string> | undefined) {
  const { artifactCleanup: strategy = WorkflowArtifactCleanup.never } = args;
  if (strategy === WorkflowArtifactCleanup.never) return undefined;
  return compact({ strategy, serviceAccountName: account });
}

function volumeClaim({ name, size, storageClassName, access = VolumeAccess.oneNode }: WorkflowVolumeClaim) {
  return {
    metadata: { name },
    spec: compact({
      accessModes: [access],
      storageClassName,
      resources: { requests: { storage: size } },
    }),
  };
}

/** What a run is given. `inputs` are those of the entrypoint, where they are known. */
function runArguments(inputs: StepInputs | undefined, { parameters = {}, artifacts = {}, artifactStore }: SpecArgs) {
  const declared = inputs?.parameters ?? Object.keys(parameters).map((name) => ({ name }));
  const values = declared.map((each) => {
    const { name, default: defaultValue, ...rest } = argoInput(each);
    return compact({ name, value: parameters[name] ?? defaultValue, ...rest });
  });
  const files = Object.entries(artifacts).map(([name, key]) => ({ name, s3: inStore(artifactStore, key) }));
  return emptyAsUndefined({ parameters: nonEmpty(values), artifacts: nonEmpty(files) });
}

/**
 * Labels and annotations of runs, so that what a run made tells from which code, data and parameters it comes, whoever
 * started it.
 */
function runMetadata(objectName: string, args: SpecArgs, inputs: StepInputs, { labelsRuns }: SpecFacts) {
  const { labels, annotations } = lineageMetadata(args.lineage);
  const names = (inputs.parameters ?? []).map(({ name }) => name);
  const isHashed = names.length > 0 && args.lineage?.parameters === undefined;
  return emptyAsUndefined({
    labels: labelsRuns ? { ...args.labels, ...labels, [JOB_LABEL]: objectName } : undefined,
    annotations: labelsRuns && Object.keys(annotations).length > 0 ? annotations : undefined,
    labelsFrom: isHashed ? { [PARAMETERS_LABEL]: { expression: parametersHashExpression(names) } } : undefined,
  });
}

/** The lineage is in the spec also of runs that have it on their object: another one is then another run. */
function referringMetadata(args: SpecArgs, { labelsRuns }: SpecFacts) {
  const { labels: ofLineage, annotations } = lineageMetadata(args.lineage);
  const labels = { ...(labelsRuns ? args.labels : {}), ...ofLineage };
  return emptyAsUndefined({
    labels: Object.keys(labels).length > 0 ? labels : undefined,
    annotations: Object.keys(annotations).length > 0 ? annotations : undefined,
  });
}
