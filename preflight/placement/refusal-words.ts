import { QUEUE_LABEL } from "../../components/model";
import type { LimitRangeRefusal, Refusal } from "../demand/workload";
import { amountText, bareAmount, resourceNoun } from "./amount-text";

/** Why there are never such pods, as a sentence without a period. */
export function refusalWords(refusal: Refusal): string {
  if (refusal.kind === "field") return `the API server refuses it: ${refusal.path}: ${refusal.why}`;
  if (refusal.kind === "unqueued") {
    return (
      `names no queue, and Kueue holds back what names none in namespace ${refusal.namespace}, which has no LocalQueue ` +
      `default: set its label ${QUEUE_LABEL}`
    );
  }
  const { title, container, claim } = refusal;
  const who = claim === undefined ? "" : `mounts claim ${claim}, which `;
  const which = container === undefined ? "" : `container ${container} `;
  return `${who}${which}${observedWords(refusal)}; ${title} allows ${allowedWords(refusal)}`;
}

function observedWords({ resource, request, limit, bound }: LimitRangeRefusal): string {
  const text = (amount: number) => amountText(nounOf(resource), amount, "up");
  const asks = request === undefined ? `asks for no ${resourceNoun(nounOf(resource))}` : `asks for ${text(request)}`;
  const uses = limit === undefined ? `has no limit of ${resourceNoun(nounOf(resource))}` : `may use ${text(limit)}`;
  if (bound.of === "ratio") return `${asks} and ${uses}`;
  return bound.of === "request" ? asks : uses;
}

function allowedWords({ resource, bound: { of, is, amount } }: LimitRangeRefusal): string {
  if (of === "ratio") return `limits of ${amount} times what is asked for at most`;
  const bare = bareAmount(nounOf(resource), amount, is === "most" ? "down" : "up");
  return is === "most" ? `${bare} at most` : `${bare} at least`;
}

/** What claims ask for is told like the disk of a pod. */
function nounOf(resource: string): string {
  return resource === "storage" ? "ephemeral-storage" : resource;
}
