import fc from "fast-check";
import { DEVICES } from "../vocabulary";
import { sometimes, withSome } from "./chance";

type Tree = Record<string, unknown>;

/** Spellings from small to large, so that a limit can be taken from behind a request. */
const DIVISIBLE: Readonly<Record<string, readonly string[]>> = {
  cpu: ["0", "0.0001", "1m", "100m", "0.5", "500m", "1", "1e0", "1.5", "1999m", "2", "2001m", "3.92", "16", "1k"],
  memory: [
    "0",
    "1500m",
    "64Mi",
    "512Mi",
    "0.5Gi",
    "1G",
    "1Gi",
    "1073741824",
    "1073741825",
    "2e9",
    "2Gi",
    "2147483649",
    "14.5Gi",
    "1Ti",
    "2T",
  ],
  "ephemeral-storage": ["1Mi", "1Gi", "4Gi", "5G", "18G", "200Gi"],
};

/** Whole amounts; they are never more than their limit, nor less. */
const WHOLE: Readonly<Record<string, readonly string[]>> = {
  [DEVICES.gpu]: ["0", "1", "2", "4", "8", "8e0", "9"],
  [DEVICES.shared]: ["1", "2", "4", "5"],
  [DEVICES.small]: ["1", "3", "7", "8"],
  [DEVICES.large]: ["1", "2", "3"],
  [DEVICES.efa]: ["1", "4", "32", "33"],
  [DEVICES.hugePages]: ["2Mi", "32Mi", "64Mi", "0.125Gi", "5120Mi", "10Gi", "12Gi"],
  [DEVICES.largePages]: ["1Gi", "2Gi"],
  [DEVICES.native]: ["1", "4", "5"],
  "example.com/none": ["0", "1"],
};

/** How much of one resource a container asks for, as request, as limit, or as both. */
interface Ask {
  resource: string;
  request?: string;
  limit?: string;
}

function divisible(resource: string, spellings: readonly string[]): fc.Arbitrary<Ask> {
  const index = fc.nat(spellings.length - 1);
  return fc.tuple(fc.constantFrom("request", "limit", "both"), index, index).map(([kind, one, other]): Ask => {
    const request = spellings[Math.min(one, other)]!;
    const limit = spellings[Math.max(one, other)]!;
    if (kind === "both") return { resource, request, limit };
    return kind === "request" ? { resource, request } : { resource, limit: request };
  });
}

function whole(resource: string, amounts: readonly string[]): fc.Arbitrary<Ask> {
  return fc
    .tuple(fc.boolean(), fc.constantFrom(...amounts))
    .map(([both, limit]) => (both ? { resource, request: limit, limit } : { resource, limit }));
}

const divisibleAsk = fc.constantFrom(...Object.entries(DIVISIBLE)).chain((entry) => divisible(...entry));
const wholeAsk = fc.constantFrom(...Object.entries(WHOLE)).chain((entry) => whole(...entry));

function resourcesOf(asks: readonly Ask[]): Tree {
  const pick = (kind: "request" | "limit") =>
    Object.fromEntries(asks.flatMap((ask) => (ask[kind] === undefined ? [] : [[ask.resource, ask[kind]]])));
  const hasPages = asks.some(({ resource }) => resource.startsWith("hugepages-"));
  const isSized = asks.some(({ resource }) => resource === "cpu" || resource === "memory");
  const requests = pick("request");
  // Whoever asks for huge pages must ask for processors or memory too.
  return { requests: hasPages && !isSized ? { ...requests, cpu: "100m" } : requests, limits: pick("limit") };
}

/** Resources of a container that asks for devices and for what every container asks for. */
export const resources: fc.Arbitrary<Tree> = fc
  .tuple(
    sometimes(2 / 3, fc.array(divisibleAsk, { maxLength: 3 }), []),
    sometimes(1 / 2, fc.array(wholeAsk, { maxLength: 2 }), []),
  )
  .map(([sizes, devices]) => {
    const byResource = new Map([...sizes, ...devices].map((ask) => [ask.resource, ask]));
    return resourcesOf([...byResource.values()]);
  });

/** Resources that are never short. */
export const smallResources: fc.Arbitrary<Tree> = fc.constantFrom(
  {},
  { requests: { cpu: "1m" } },
  { limits: { cpu: "2m", memory: "1Mi" } },
);

const port = withSome<unknown>({
  containerPort: [1, fc.constantFrom(80, 443, 8080)],
  hostPort: [4 / 5, fc.constantFrom(80, 8080)],
  hostIP: [1 / 2, fc.constantFrom("", "0.0.0.0", "127.0.0.1", "10.0.0.5", "::")],
  protocol: [1 / 3, fc.constantFrom("TCP", "UDP", "SCTP")],
});

/** Ports of a container, of which none takes the same port of the node as another. */
export const ports: fc.Arbitrary<Tree[]> = fc.uniqueArray(port, {
  minLength: 1,
  maxLength: 2,
  selector: ({ hostPort, containerPort, protocol = "TCP" }) => [hostPort ?? containerPort, protocol].join("/"),
});

/** Containers of a pod, sidecars and init containers among them. */
export function containers(each: fc.Arbitrary<Tree>): fc.Arbitrary<Tree> {
  const list = (minLength: number, maxLength: number, prefix: string, more: fc.Arbitrary<Tree>) =>
    fc
      .array(fc.tuple(each, more), { minLength, maxLength })
      .map((all) =>
        all.map(([resources, extra], index) => ({ name: `${prefix}${index}`, image: "none", resources, ...extra })),
      );
  const restart = sometimes(1 / 2, fc.constant({ restartPolicy: "Always" }), {});
  return fc
    .tuple(list(1, 2, "main", fc.constant({})), sometimes(1 / 3, list(1, 3, "init", restart), undefined))
    .map(([containers, initContainers]) => ({ containers, ...(initContainers && { initContainers }) }));
}

/** Containers that ask for little, in a pod that asks for more as a whole. */
export const podLevel: fc.Arbitrary<Tree> = fc
  .tuple(
    containers(fc.oneof(smallResources, fc.constant({ limits: { cpu: "2m", [DEVICES.hugePages]: "2Mi" } }))),
    divisible("cpu", ["1", "1.5", "1999m", "2", "2001m", "4"]),
    divisible("memory", ["1Gi", "2Gi", "2147483649", "15G"]),
    whole(DEVICES.hugePages, ["32Mi", "64Mi", "0.125Gi"]),
    fc.integer({ min: 1, max: 7 }),
  )
  .map(([spec, cpu, memory, pages, which]) => ({
    ...spec,
    resources: resourcesOf([cpu, memory, pages].filter((_, index) => which & (1 << index))),
  }));
