import { beforeAll, describe, expect, it } from "vitest";
import { type BillComponent, kindOf, licenceOf, propertyOf } from "../../../cli/sbom/bill";
import { EXPLAINED, isPermissive, licenceNote } from "../../../cli/sbom/licences";
import { npmBill } from "../../../cli/sbom/npm-packages";
import { platformSources } from "../../../cli/sbom/platform-sources";

describe("licences", () => {
  let components: BillComponent[];
  beforeAll(async () => {
    components = [...(await npmBill())!.components, ...platformSources({})];
  });
  const told = (component: BillComponent) =>
    `${kindOf(component)} ${propertyOf(component, "name") ?? component.name}: ${licenceOf(component) ?? "unknown"}`;

  it("of all packages that run, charts, manifests and images are permissive, or explained", () => {
    expect(components.length).toBeGreaterThan(300);
    const others = components.filter((each) => !isPermissive(licenceOf(each)) && licenceNote(each) === undefined);
    expect(others.map(told)).toEqual([]);
  });

  it("of npm packages are permissive without exception", () => {
    const packages = components.filter((each) => kindOf(each) === "npm");
    expect(packages.filter((each) => !isPermissive(licenceOf(each))).map(told)).toEqual([]);
  });

  it("are explained where that is needed, and nowhere else", () => {
    const needed = components.filter(
      (each) => !isPermissive(licenceOf(each)) || licenceNote(each)?.licence !== undefined,
    );
    const names = needed.map((each) => told(each).split(":")[0]);
    expect(Object.keys(EXPLAINED).sort()).toEqual(names.sort());
  });

  it.each([
    ["MIT", true],
    ["MIT AND Apache-2.0", true],
    ["(BSD-3-Clause AND Apache-2.0)", true],
    ["GPL-3.0-only", false],
    ["MIT AND GPL-3.0-only", false],
    ["MIT OR GPL-3.0-only", false],
    ["LGPL-2.1-or-later", false],
    ["SEE LICENSE IN LICENSE", false],
    ["UNLICENSED", false],
    ["", false],
    [undefined, false],
  ])("%s: permissive is %s", (expression, expected) => {
    expect(isPermissive(expression)).toBe(expected);
  });
});
