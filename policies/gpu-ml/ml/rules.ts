import type { Rule } from "../../engine/rule";
import { argoServerAuth } from "./argo-server-auth";
import { inferenceCanary } from "./inference-canary";
import { inferenceColdStart } from "./inference-cold-start";
import { inferenceReplicas } from "./inference-replicas";
import { modelRevision } from "./model-revision";
import { modelScheme } from "./model-scheme";
import { notebookCulling } from "./notebook-culling";
import { notebookHome } from "./notebook-home";
import { pickledModel } from "./pickled-model";
import { podSpecPatch } from "./pod-spec-patch";
import { remoteCode } from "./remote-code";
import { resourceManifest } from "./resource-manifest";
import { sparkAccount } from "./spark-account";
import { sparkAmounts } from "./spark-amounts";
import { sparkLimits } from "./spark-limits";
import { sparkPodSettings } from "./spark-pod-settings";
import { sparkSecrets } from "./spark-secrets";
import { templateReferencing } from "./template-referencing";
import { workflowAccount } from "./workflow-account";
import { workflowBounds } from "./workflow-bounds";
import { workflowCleanup } from "./workflow-cleanup";

/** Rules about the kinds of machine-learning operators. */
export const RULES: Rule[] = [
  podSpecPatch,
  resourceManifest,
  argoServerAuth,
  templateReferencing,
  workflowAccount,
  workflowCleanup,
  workflowBounds,
  sparkPodSettings,
  sparkSecrets,
  sparkAccount,
  sparkLimits,
  sparkAmounts,
  modelScheme,
  modelRevision,
  remoteCode,
  pickledModel,
  inferenceReplicas,
  inferenceColdStart,
  inferenceCanary,
  notebookCulling,
  notebookHome,
];
