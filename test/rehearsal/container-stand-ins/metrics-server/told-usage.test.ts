import type { V1Container, V1Pod } from "@kubernetes/client-node";
import { describe, expect, test } from "vitest";
import { formatQuantity } from "../../../../components/model/quantity";
import {
  MEASURED,
  type Measured,
  toldUsage,
} from "../../../../rehearsal/container-stand-ins/metrics-server/told-usage";

type Requests = Record<string, string>;

/** A pod whose containers request something each. */
function pod(
  told: string | undefined,
  containers: Record<string, Requests>,
  sidecars: Record<string, Requests> = {},
): V1Pod {
  const named = (all: Record<string, Requests>, rest: Partial<V1Container> = {}) =>
    Object.entries(all).map(([name, requests]): V1Container => ({ name, resources: { requests }, ...rest }));
  return {
    metadata: { name: "web", ...(told === undefined ? {} : { annotations: { "mlstack.dev/simulate-usage": told } }) },
    spec: {
      containers: named(containers),
      initContainers: [
        { name: "download", resources: { requests: { cpu: "4" } } },
        ...named(sidecars, { restartPolicy: "Always" }),
      ],
    },
  };
}

/** What containers use, as it is written. */
function usage(given: V1Pod): Record<string, Record<string, string>> | undefined {
  const told = toldUsage(given);
  const written = (each: [string, bigint][]) =>
    each.map(([name, amount]) => [name, formatQuantity(amount, MEASURED[name as Measured].format)]);
  return (
    told &&
    Object.fromEntries(told.map(({ name, usage: of }) => [name, Object.fromEntries(written(Object.entries(of)))]))
  );
}

const alone = { web: {} };
const two = { web: { cpu: "3", memory: "1Gi" }, proxy: { cpu: "1", memory: "1Gi" } };

describe("what a pod says that it uses", () => {
  test("is nothing where it says nothing", () => {
    expect(usage(pod(undefined, alone))).toBeUndefined();
  });

  test("is that of its only container", () => {
    expect(usage(pod("cpu=900m memory=700Mi", alone))).toEqual({ web: { cpu: "900m", memory: "700Mi" } });
  });

  test("may be some of it", () => {
    expect(usage(pod("cpu=0", alone))).toEqual({ web: { cpu: "0" } });
    expect(usage(pod(" ", alone))).toEqual({ web: {} });
  });

  test("is shared by its containers in proportion to what they request", () => {
    expect(usage(pod("cpu=800m  memory=100Mi", two))).toEqual({
      web: { cpu: "600m", memory: "50Mi" },
      proxy: { cpu: "200m", memory: "50Mi" },
    });
  });

  test("is shared evenly where none of them requests any, and no billionth or byte is lost", () => {
    expect(usage(pod("cpu=1 memory=10", { a: {}, b: {}, c: {} }))).toEqual({
      a: { cpu: "333333333n", memory: "3" },
      b: { cpu: "333333333n", memory: "3" },
      c: { cpu: "333333334n", memory: "4" },
    });
  });

  test("is of sidecars too, and not of what ends before the pod begins", () => {
    expect(usage(pod("cpu=800m", { web: { cpu: "3" } }, { mesh: { cpu: "1" } }))).toEqual({
      web: { cpu: "600m" },
      mesh: { cpu: "200m" },
    });
  });

  test("is that of one container where it names it; the others share the rest", () => {
    expect(usage(pod("cpu=600m proxy.cpu=50m proxy.memory=20Mi", { ...two, agent: { cpu: "1" } }))).toEqual({
      web: { cpu: "450m" },
      proxy: { cpu: "50m", memory: "20Mi" },
      agent: { cpu: "150m" },
    });
  });

  test.each([
    [
      "gpu=1",
      '"gpu=1" cannot be read: write cpu=900m or memory=700Mi, or web.cpu=900m for one container, with spaces only between them',
    ],
    [
      "cpu = 1",
      '"cpu" cannot be read: write cpu=900m or memory=700Mi, or web.cpu=900m for one container, with spaces only between them',
    ],
    [
      "cpu=1core",
      '"1core" is no Kubernetes quantity; allowed: a decimal number, directly followed by nothing, by one of n u m k M G T P ' +
        "E Ki Mi Gi Ti Pi Ei, or by an exponent from e-1000 to e1000. Write it like 500m, 2 or 1.5Gi.",
    ],
    ["cpu=-1", '"cpu=-1" is less than 0'],
    ["cpu=1 cpu=2", "cpu is told twice"],
    ["worker.cpu=1", "the pod has no container worker; its containers are web, proxy"],
  ])("cannot be read as %s", (told, message) => {
    expect(() => toldUsage(pod(told, two))).toThrow(expect.objectContaining({ message }));
  });
});
