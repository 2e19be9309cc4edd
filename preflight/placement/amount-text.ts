import { EFA_RESOURCE, GPU_RESOURCE } from "../../components/model";

const GIB = 1024 ** 3;
const MIB = 1024 ** 2;

/** How an amount is rounded where it has more digits than are shown: what is left down, what is asked for up. */
export type Rounding = "down" | "up";

/** What one and several units of a resource are called; others go by their own name. */
const NOUNS = new Map<string, readonly [one: string, several: string]>([
  ["cpu", ["CPU", "CPUs"]],
  ["pods", ["pod", "pods"]],
  [GPU_RESOURCE, ["GPU", "GPUs"]],
  [`${GPU_RESOURCE}.shared`, [`share of a GPU (${GPU_RESOURCE}.shared)`, `shares of GPUs (${GPU_RESOURCE}.shared)`]],
  [EFA_RESOURCE, [`EFA interface (${EFA_RESOURCE})`, `EFA interfaces (${EFA_RESOURCE})`]],
]);

/** An amount of a resource in people's words: `8 GPUs`, `1.5 CPUs`, `178.2 GiB of memory`. */
export function amountText(resource: string, amount: number, rounding: Rounding): string {
  const bare = bareAmount(resource, amount, rounding);
  if (isBytes(resource)) return `${bare} of ${bytesNoun(resource)}`;
  const [one, several] = NOUNS.get(resource) ?? [resource, resource];
  return `${bare} ${bare === "1" ? one : several}`;
}

/** The same without what it is of: `8`, `1.5`, `178.2 GiB`. */
export function bareAmount(resource: string, amount: number, rounding: Rounding): string {
  if (isBytes(resource)) return bytesText(amount, rounding);
  return resource === "cpu" ? decimals(amount / 1000, 3, rounding) : decimals(amount, 0, rounding);
}

/** What a resource is called where no amount is told: `GPUs`, `memory`. */
export function resourceNoun(resource: string): string {
  return isBytes(resource) ? bytesNoun(resource) : (NOUNS.get(resource)?.[1] ?? resource);
}

function isBytes(resource: string): boolean {
  return resource === "memory" || resource === "ephemeral-storage" || resource.startsWith("hugepages-");
}

function bytesNoun(resource: string): string {
  if (resource === "ephemeral-storage") return "disk";
  return resource === "memory" ? "memory" : `huge pages (${resource})`;
}

function bytesText(bytes: number, rounding: Rounding): string {
  if (bytes === 0) return "0 GiB";
  if (bytes >= GIB) return `${decimals(bytes / GIB, 2, rounding)} GiB`;
  return bytes >= MIB ? `${decimals(bytes / MIB, 2, rounding)} MiB` : `${decimals(bytes, 0, rounding)} bytes`;
}

function decimals(value: number, digits: number, rounding: Rounding): string {
  const scale = 10 ** digits;
  const round = rounding === "up" ? Math.ceil : Math.floor;
  // Quotients are off by less than this part of the last digit that is shown.
  const slack = rounding === "up" ? -1e-9 : 1e-9;
  return String(round(value * scale + slack) / scale);
}
