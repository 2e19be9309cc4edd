import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UNKNOWN } from "../../../components/model";
import { materialise, unproxied } from "../../../policies/engine/materialise";
import { asProxy, UNKNOWN_STRING } from "../analyzer";

describe("materialise", () => {
  it("puts the unknown marker in place of unknown values and keeps everything beside them", () => {
    const props = asProxy({ a: UNKNOWN_STRING, b: [1, UNKNOWN_STRING, { c: true, d: UNKNOWN_STRING }] });

    expect(materialise(props)).toEqual({ a: UNKNOWN, b: [1, UNKNOWN, { c: true, d: UNKNOWN }] });
  });

  it("returns a fully known JSON tree unchanged, whatever its keys are called", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (tree) => {
        expect(JSON.stringify(materialise(asProxy(tree)))).toBe(JSON.stringify(tree));
      }),
    );
  });

  it("keeps a key called __proto__ an ordinary key", () => {
    const tree = materialise(JSON.parse('{"__proto__": {"privileged": true}}') as object);

    expect(Object.keys(tree as object)).toEqual(["__proto__"]);
    expect((tree as { privileged?: boolean }).privileged).toBeUndefined();
  });

  it("marks what cannot be read for any other reason as unknown", () => {
    const broken = {
      get value(): string {
        throw new TypeError("broken");
      },
      sound: 1,
    };

    expect(materialise(broken)).toEqual({ value: UNKNOWN, sound: 1 });
  });

  it("marks the whole as unknown when not even its keys can be listed", () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();

    expect(materialise(proxy)).toBe(UNKNOWN);
  });

  it("takes a secret for what is in it", () => {
    class Secret {
      constructor(readonly value: unknown) {}
    }
    class Other {
      constructor(readonly value: unknown) {}
    }

    expect(materialise({ a: new Secret("x"), b: new Secret({ c: UNKNOWN_STRING }) })).toEqual({
      a: "x",
      b: { c: UNKNOWN },
    });
    expect(materialise({ a: new Other("x") })).toEqual({ a: { value: "x" } });
    expect(materialise({ a: Object.assign(new Secret("x"), { more: 1 }) })).toEqual({ a: { value: "x", more: 1 } });
  });

  it("reads objects without prototype", () => {
    expect(materialise({ a: Object.assign(Object.create(null) as object, { value: 1 }) })).toEqual({ a: { value: 1 } });
  });

  it("hands the target of proxies on as it is", () => {
    const props = { a: UNKNOWN_STRING };

    expect(unproxied(asProxy(props))).toBe(props);
    expect(unproxied(asProxy(asProxy(props)))).toBe(props);
    expect(unproxied(props)).toBe(props);
  });

  it("gives up on a value that leads to itself", () => {
    const endless: object = new Proxy({}, { get: () => endless });

    expect(unproxied(endless)).toBe(endless);
  });

  it("drops what no JSON value can hold", () => {
    expect(materialise({ f: () => 1, s: Symbol("s"), n: null })).toEqual({ f: undefined, s: undefined, n: null });
  });
});
