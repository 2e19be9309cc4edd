import type { V1Container, V1Pod } from "@kubernetes/client-node";
import { parseQuantity, type Quantity, type QuantityFormat } from "../../../components/model/quantity";

/** Annotation in which a pod says what it uses. */
export const USAGE_ANNOTATION = "mlstack.dev/simulate-usage";

/** What is measured. */
export type Measured = "cpu" | "memory";

/** Amounts of what is measured; what nobody told is left out. */
export type Usage = Partial<Record<Measured, Quantity>>;

/** What one container uses. */
export interface ContainerUsage {
  name: string;
  usage: Usage;
}

/** The smallest amount of each, and how amounts are written: CPUs in billionths, memory in whole bytes. */
export const MEASURED: Record<Measured, { smallest: Quantity; format: QuantityFormat }> = {
  cpu: { smallest: 1n, format: "DecimalSI" },
  memory: { smallest: 10n ** 9n, format: "BinarySI" },
};

/** `cpu=900m`, or `web.cpu=900m` of one container. */
const PART = /^(?:([-a-z0-9]+)\.)?(cpu|memory)=(.+)$/;

/**
 * What the containers of a pod use by its annotation `mlstack.dev/simulate-usage`, as `cpu=900m memory=700Mi web.cpu=100m`: an
 * amount with the name of a container is what that one uses, and one without is shared by the others, in proportion to what
 * they request of it, or evenly where none of them requests any.
 *
 * @returns undefined where the pod says nothing.
 * @throws Error that says what cannot be read, and what is allowed.
 */
export function toldUsage(pod: V1Pod): ContainerUsage[] | undefined {
  const told = pod.metadata?.annotations?.[USAGE_ANNOTATION];
  if (told === undefined) return undefined;
  const containers = measuredContainers(pod);
  const amounts = amountsIn(
    told,
    containers.map(({ name }) => name),
  );
  const shares = (Object.keys(MEASURED) as Measured[]).map((measured) => {
    const own = (name: string) => amounts.get(`${name}.${measured}`);
    const others = containers.filter(({ name }) => own(name) === undefined);
    const shared = sharesOf(amounts.get(measured), others, measured);
    return { measured, of: (name: string) => own(name) ?? shared.get(name) };
  });
  return containers.map(({ name }) => {
    const entries = shares.map(({ measured, of }) => [measured, of(name)] as const);
    return { name, usage: Object.fromEntries(entries.filter(([, amount]) => amount !== undefined)) };
  });
}

/** Containers that run for as long as their pod does, sidecars among them. */
function measuredContainers({ spec }: V1Pod): V1Container[] {
  const sidecars = spec?.initContainers?.filter(({ restartPolicy }) => restartPolicy === "Always") ?? [];
  return [...(spec?.containers ?? []), ...sidecars];
}

/** Amounts by what they are of: `cpu`, or `web.cpu`. */
function amountsIn(text: string, names: readonly string[]): Map<string, Quantity> {
  const amounts = new Map<string, Quantity>();
  for (const part of text.split(/\s+/).filter((each) => each !== "")) {
    const [, container, measured, amount] = PART.exec(part) ?? [];
    if (measured === undefined || amount === undefined) {
      throw new Error(
        `${JSON.stringify(part)} cannot be read: write cpu=900m or memory=700Mi, or ${names[0] ?? "web"}.cpu=900m for one ` +
          "container, with spaces only between them",
      );
    }
    if (container !== undefined && !names.includes(container)) {
      throw new Error(`the pod has no container ${container}; its containers are ${names.join(", ")}`);
    }
    const of = container === undefined ? measured : `${container}.${measured}`;
    if (amounts.has(of)) throw new Error(`${of} is told twice`);
    const quantity = parseQuantity(amount);
    if (quantity < 0n) throw new Error(`${JSON.stringify(part)} is less than 0`);
    amounts.set(of, quantity);
  }
  return amounts;
}

/** What each of some containers uses of an amount that they share; together it is the whole amount. */
function sharesOf(
  amount: Quantity | undefined,
  containers: readonly V1Container[],
  measured: Measured,
): Map<string, Quantity> {
  if (amount === undefined) return new Map();
  const requests = containers.map(({ resources }) => parseQuantity(resources?.requests?.[measured] ?? "0"));
  const asked = requests.reduce((sum, request) => sum + request, 0n);
  const weights = asked === 0n ? containers.map(() => 1n) : requests;
  const whole = asked === 0n ? BigInt(containers.length) : asked;
  const { smallest } = MEASURED[measured];
  const upTo = (weight: bigint) => ((amount / smallest) * weight) / whole;
  let before = 0n;
  return new Map(
    containers.map(({ name }, index) => {
      const share = upTo(before + weights[index]!) - upTo(before);
      before += weights[index]!;
      return [name, share * smallest];
    }),
  );
}
