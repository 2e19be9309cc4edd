import { parse, stringify } from "yaml";
import { type Adjustment, inTurn, withValues } from "../../rendering";
import { partResources } from "../part/part-args";
import { KATIB_TRIAL_RESOURCES, type KatibArgs } from "./katib-args";
import { restrictedContainer } from "./hardening";
import { edited } from "./manifest-edits";

/** Katib's configuration as upstream writes it, as far as it is read here. */
interface KatibConfig {
  init: { controller: Record<string, unknown> };
  runtime: { suggestions: KatibSuggestion[]; [other: string]: unknown };
}

interface KatibSuggestion {
  algorithmName: string;
  persistentVolumeClaimSpec?: Record<string, unknown>;
  securityContext?: Record<string, unknown>;
  [other: string]: unknown;
}

/** What suggestion services ask for where nothing else is said; Katib's own defaults. */
const suggestionDefaults = { cpu: "500m", memory: "512Mi" };

/** Suggestion services run in the namespaces of experiments, which may be held to `restricted`; images say no user. */
const suggestionSecurity = { ...restrictedContainer, runAsUser: 1000 };

/**
 * Writes Katib's configuration: kinds of trials, suggestion services, election of a leader.
 *
 * @see https://www.kubeflow.org/docs/components/katib/user-guides/katib-config/ (Katib 0.19)
 */
export function katibConfigured(args: KatibArgs, replicas: number): Adjustment {
  const { trialResources = KATIB_TRIAL_RESOURCES, injectSecurityContext = true } = args;
  const controller = { trialResources, injectSecurityContext, enableLeaderElection: replicas > 1 };
  return inTurn(
    edited("ConfigMap", "katib-config", (object) => {
      const data = object["data"] as Record<string, string>;
      const config = parse(data["katib-config.yaml"]!) as KatibConfig;
      const suggestions = config.runtime.suggestions.flatMap((suggestion) => suggestionConfig(suggestion, args));
      data["katib-config.yaml"] = stringify(withValues(config, { init: { controller }, runtime: { suggestions } }));
    }),
    edited("ClusterRole", "katib-controller", (role) => {
      const foreign = trialResources.filter((kind) => !KATIB_TRIAL_RESOURCES.includes(kind));
      role["rules"] = [...(role["rules"] as object[]), ...foreign.map(trialRule)];
    }),
  );
}

function suggestionConfig(suggestion: KatibSuggestion, args: KatibArgs): KatibSuggestion[] {
  const { suggestionResources, sharedStorageClassName: storageClassName } = args;
  const { persistentVolumeClaimSpec: claim } = suggestion;
  if (claim !== undefined && storageClassName === undefined) return [];
  const resources = partResources(suggestionResources, suggestionDefaults);
  const own = claim === undefined ? {} : { persistentVolumeClaimSpec: { ...claim, storageClassName } };
  const securityContext = { ...suggestionSecurity, ...suggestion.securityContext };
  return [{ ...suggestion, ...own, securityContext, ...(suggestion["resources"] === undefined ? { resources } : {}) }];
}

/** Kubernetes names resources by their kinds in lower case, in plural. */
function trialRule(kind: string) {
  const [name, , ...group] = kind.split(".") as [string, string, ...string[]];
  const verbs = ["get", "list", "watch", "create", "delete"];
  return { apiGroups: [group.join(".")], resources: [`${name.toLowerCase()}s`], verbs };
}
