import { isTreeObject, isUnknown, type Quantity } from "../../components/model";
import type { Amounts } from "./amounts";
import { amountFault, excessFault } from "./amount-faults";
import { quantityOf, roundedAmount } from "./quantities";
import { isSidecar } from "./readers/container-reader";
import { at, entriesOf, itemsOf, note, type Field } from "./readers/field";
import { isHugePages, isPodLevel, isScheduled } from "./resource-names";

/** Exact quantities by resource: sums of several must not be rounded in between. */
type Exact = Map<string, Quantity>;

/** Chooses among resources. */
type Choice = (resource: string) => boolean;

/** A container with whether it is a sidecar: an init container that runs as long as the pod does. */
interface Container {
  requests: Exact;
  isSidecar: boolean;
}

/**
 * What the scheduler counts for a pod: all its containers together, or the most that its init containers need at a time,
 * with the overhead of its runtime, and 1 of `pods`. What is unknown or no quantity counts as 0, and is noted.
 *
 * @see https://github.com/kubernetes/component-helpers/blob/v0.36.3/resource/helpers.go `PodRequests`
 */
export function podRequests(spec: Field): Amounts {
  const total = aggregated(containersIn(at(spec, "containers")), containersIn(at(spec, "initContainers")));
  for (const [resource, quantity] of podLevelRequests(at(spec, "resources"), total)) total.set(resource, quantity);
  add(total, readQuantities(at(spec, "overhead"), isScheduled));
  return new Map([
    ["pods", 1],
    ...[...total].map(([resource, quantity]) => [resource, roundedAmount(resource, quantity)] as const),
  ]);
}

function containersIn(list: Field): Container[] {
  return itemsOf(list).map((container) => ({
    requests: requestsIn(at(container, "resources"), isScheduled, () => true),
    isSidecar: isSidecar(container),
  }));
}

/** Sidecars stay beside all that starts after them, and beside the containers of the pod. */
function aggregated(containers: Container[], initContainers: Container[]): Exact {
  const total: Exact = new Map();
  for (const container of containers) add(total, container.requests);

  const sidecars: Exact = new Map();
  const starting: Exact = new Map();
  for (const container of initContainers) {
    if (container.isSidecar) {
      add(total, container.requests);
      add(sidecars, container.requests);
      raise(starting, sidecars);
    } else {
      const beside = new Map(sidecars);
      add(beside, container.requests);
      raise(starting, beside);
    }
  }
  raise(total, starting);
  return total;
}

/**
 * What the pod as a whole asks for. Where it only has a limit, the API server takes that for its request, unless its
 * containers ask for some; huge pages cannot be overcommitted, and are always as many as the limit says.
 *
 * @see https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/apis/core/v1/defaults.go `defaultPodRequests`
 */
function podLevelRequests(resources: Field, ofContainers: Exact): Exact {
  return requestsIn(resources, isPodLevel, (resource) => isHugePages(resource) || !ofContainers.has(resource));
}

/**
 * Reads requests, with the limits that the API server takes for those that are not given.
 *
 * @param counts which resources count.
 * @param standsIn of which resources a limit can be the request.
 */
function requestsIn(resources: Field, counts: Choice, standsIn: Choice): Exact {
  const asked = at(resources, "requests");
  const requests = readQuantities(asked, counts);
  if (isUnknown(asked.value)) return requests;
  const limits = at(resources, "limits");
  noteExcess(asked, limits, counts);
  const isOpen: Choice = (resource) => counts(resource) && standsIn(resource) && !requests.has(resource);
  return new Map([...readQuantities(limits, isOpen), ...requests]);
}

/** Notes what the API server refuses in limits beside requests, and in requests because of limits. */
function noteExcess(asked: Field, limits: Field, counts: Choice): void {
  if (!isTreeObject(asked.value) || !isTreeObject(limits.value)) return;
  for (const [resource, limit] of entriesOf(limits)) {
    if (!counts(resource)) continue;
    const entry = at(asked, resource);
    const isAlone = (entry.value ?? undefined) === undefined;
    const wrong = isAlone ? undefined : amountFault(resource, limit.value);
    if (wrong !== undefined) note(limit, wrong);
    const excess = isAlone ? undefined : excessFault(resource, entry.value, limit.value);
    if (excess !== undefined) note(entry, excess);
  }
}

function readQuantities(field: Field, counts: Choice): Exact {
  const entries = entriesOf(field).filter(([resource]) => counts(resource));
  return new Map(
    entries.map(([resource, entry]) => {
      const quantity = quantityOf(entry.value);
      const fault = amountFault(resource, entry.value);
      if (quantity === undefined || fault !== undefined) note(entry, fault);
      return [resource, quantity ?? 0n];
    }),
  );
}

function add(sum: Exact, more: Exact): void {
  for (const [resource, quantity] of more) sum.set(resource, (sum.get(resource) ?? 0n) + quantity);
}

function raise(most: Exact, other: Exact): void {
  for (const [resource, quantity] of other) {
    const known = most.get(resource);
    if (known === undefined || quantity > known) most.set(resource, quantity);
  }
}
