import { describe, expect, it } from "vitest";
import { gpuInstanceTypes } from "../../components/model/accelerators";
import { efaInterfacesOf } from "../../components/model/efa-layout";

/** Network cards of the types with adapters, as EC2 describes them. */
const networkCards: Record<string, number> = {
  "g6e.24xlarge": 2,
  "g6e.48xlarge": 4,
  "g7.48xlarge": 2,
  "g7e.24xlarge": 2,
  "g7e.48xlarge": 4,
  "p4d.24xlarge": 4,
  "p4de.24xlarge": 4,
  "p5.48xlarge": 32,
  "p5e.48xlarge": 32,
  "p5en.48xlarge": 16,
  "p6-b200.48xlarge": 8,
  "p6-b300.48xlarge": 17,
};

describe("efaInterfacesOf", () => {
  it("puts the adapter of a machine with one card beside its primary interface", () => {
    expect(efaInterfacesOf("g5.8xlarge")).toEqual([
      { networkCardIndex: 0, deviceIndex: 0, interfaceType: "interface" },
      { networkCardIndex: 0, deviceIndex: 1, interfaceType: "efa-only" },
    ]);
  });

  it("puts the adapters of all further cards first on theirs", () => {
    const [, onFirstCard, ...others] = efaInterfacesOf("p5.48xlarge");
    expect(onFirstCard).toEqual({ networkCardIndex: 0, deviceIndex: 1, interfaceType: "efa-only" });
    expect(new Set(others.map(({ deviceIndex }) => deviceIndex))).toEqual(new Set([0]));
  });

  it("keeps card 0 of P6-B300 for IP traffic", () => {
    const [primary, ...fabric] = efaInterfacesOf("p6-b300.48xlarge");
    expect(primary).toEqual({ networkCardIndex: 0, deviceIndex: 0, interfaceType: "interface" });
    expect(fabric.map(({ networkCardIndex }) => networkCardIndex)).toEqual(Array.from({ length: 16 }, (_, i) => i + 1));
  });

  it.each(gpuInstanceTypes())("lays $efaInterfaces adapters of $instanceType out over its cards", (type) => {
    const interfaces = efaInterfacesOf(type.instanceType);
    const fabric = interfaces.filter(({ interfaceType }) => interfaceType === "efa-only");
    const places = interfaces.map(({ networkCardIndex, deviceIndex }) => `${networkCardIndex}/${deviceIndex}`);
    const cards = new Set(interfaces.map(({ networkCardIndex }) => networkCardIndex));

    expect(fabric).toHaveLength(type.efaInterfaces);
    expect(interfaces.length - fabric.length).toBe(type.efaInterfaces === 0 ? 0 : 1);
    expect(new Set(places).size).toBe(places.length);
    expect(new Set(fabric.map(({ networkCardIndex }) => networkCardIndex)).size).toBe(fabric.length);
    expect(cards.size).toBe(type.efaInterfaces === 0 ? 0 : (networkCards[type.instanceType] ?? 1));
  });

  it.each(["g5.xlarge", "m7i.large", "", "toString"])("has none for %j", (instanceType) => {
    expect(efaInterfacesOf(instanceType)).toEqual([]);
  });
});
