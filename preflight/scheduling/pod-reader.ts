import { isTreeObject, isUnknown, type PodTemplate } from "../../components/model";
import { podRequests } from "./pod-requests";
import { onePodRule } from "./one-pod-claims";
import type { ClaimUse, NodeTerm, SchedulablePod } from "./pod";
import { at, entriesOf, isMissing, itemsOf, note, textOf, type Field } from "./readers/field";
import { readHostPorts } from "./readers/port-reader";
import { readPodTerms, readSpread } from "./readers/rule-reader";
import { readNodeTerms } from "./readers/selector-reader";
import { readTolerations, withDefaultTolerations } from "./readers/toleration-reader";

/** What a pod template does not tell of its pods. */
export interface PodContext {
  namespace: string;
  /**
   * Where the volume of a claim of this namespace can be reached from: terms of the node affinity of the volume. Undefined
   * where it can be reached from everywhere, or is made where the pod runs. Claims of which more is to be said bring that.
   */
  volumes?: (claim: string) => readonly NodeTerm[] | ClaimUse | undefined;
}

const REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";

/**
 * The pods of a template as the scheduler sees them, with what the API server fills in.
 *
 * What is not known yet is read in favour of the pod: a requirement is taken to be met, a toleration to be as wide as it can
 * be, a request to be none. So whatever stands in the way of the result does so for certain; and where nothing does,
 * `unknownPaths` names what may.
 */
export function schedulablePod(template: PodTemplate, context: PodContext): SchedulablePod {
  const unknownPaths = new Set<string>();
  const faults = new Map<string, string>();
  const spec: Field = { value: template.spec, path: "spec", unknownPaths, faults };
  const labelsField = at({ value: template.metadata, path: "metadata", unknownPaths }, "labels");
  const labels = labelsIn(labelsField);
  const owner = { namespace: context.namespace, labels, labelsField };
  // Claims of devices decide where a pod can run, and are not judged here.
  const claims = at(spec, "resourceClaims");
  if (itemsOf(claims).length > 0) note(claims);

  const uses = context.volumes === undefined ? [] : usesIn(at(spec, "volumes"), context.volumes);
  const lonely = [...new Set(uses.flatMap(({ claim, isForOnePod }) => (isForOnePod === true ? [claim] : [])))];
  const onePodRules = lonely.map(onePodRule);

  const pod = {
    namespace: context.namespace,
    labels:
      onePodRules.length === 0
        ? labels
        : { ...labels, ...Object.fromEntries(onePodRules.map(({ label }) => [label, ""])) },
    requests: podRequests(spec),
    nodeName: textIn(at(spec, "nodeName")) || undefined,
    nodeSelector: nodeSelectorIn(at(spec, "nodeSelector")),
    nodeTerms: nodeTermsIn(at(spec, "affinity", "nodeAffinity", REQUIRED)),
    tolerations: withDefaultTolerations(readTolerations(at(spec, "tolerations"))),
    hostPorts: readHostPorts(spec),
    affinity: readPodTerms(at(spec, "affinity", "podAffinity", REQUIRED), owner),
    antiAffinity: [
      ...readPodTerms(at(spec, "affinity", "podAntiAffinity", REQUIRED), owner),
      ...onePodRules.map(({ term }) => term),
    ],
    spread: readSpread(at(spec, "topologySpreadConstraints"), owner),
    volumes: uses.flatMap(({ claim, terms }) => (terms === undefined ? [] : [{ claim, terms }])),
    unknownPaths: [...unknownPaths],
  };
  return faults.size === 0 ? pod : { ...pod, faults: [...faults] };
}

/** Labels that are not known are not noted here: they matter only to rules that ask for them. */
function labelsIn(field: Field): Record<string, string> {
  if (isUnknown(field.value)) return {};
  const known = entriesOf(field).filter(([, { value }]) => !isUnknown(value));
  return Object.fromEntries(known.map(([key, entry]) => [key, textIn(entry) ?? ""]));
}

function nodeSelectorIn(field: Field): [key: string, value: string][] {
  const known = entriesOf(field).filter(([, entry]) => !isMissing(entry));
  return known.map(([key, entry]) => [key, textIn(entry) ?? ""]);
}

function nodeTermsIn(required: Field): readonly NodeTerm[] | undefined {
  if (isMissing(required) || !isTreeObject(required.value)) return undefined;
  return readNodeTerms(at(required, "nodeSelectorTerms"));
}

/** The text of a field; undefined where there is none, or it is not known. */
function textIn(field: Field): string | undefined {
  const text = textOf(field);
  return isUnknown(text) ? undefined : text;
}

/** The claims of a pod; where it is not known whether one is for a single pod, the field that names it is noted. */
function usesIn(list: Field, useOf: NonNullable<PodContext["volumes"]>): (ClaimUse & { claim: string })[] {
  return itemsOf(list).flatMap((volume) => {
    const field = at(volume, "persistentVolumeClaim", "claimName");
    const claim = textIn(field);
    if (claim === undefined) return [];
    const use = useOf(claim);
    if (use === undefined || !("isForOnePod" in use)) return [{ claim, terms: use, isForOnePod: false }];
    if (isUnknown(use.isForOnePod)) note(field);
    return [{ claim, ...use }];
  });
}
