/** A part of what a bill lists, as CycloneDX writes it. */
export interface BillComponent {
  type: "library" | "application" | "container";
  "bom-ref": string;
  name: string;
  version?: string;
  purl?: string;
  hashes?: BillHash[];
  licenses?: BillLicence[];
  properties?: { name: string; value: string }[];
}

/** A checksum of what a component is taken from. */
export interface BillHash {
  alg: string;
  content: string;
}

/** A licence by its SPDX id, by a name of its own, or as an expression of several. */
export type BillLicence = { license: { id: string } | { name: string } } | { expression: string };

/** Which components a component needs, by their references. */
export interface BillDependency {
  ref: string;
  dependsOn?: string[];
}

/**
 * A bill of materials, as far as this project writes one.
 *
 * @see https://cyclonedx.org/docs/1.6/json/
 */
export interface Bill {
  $schema: string;
  bomFormat: "CycloneDX";
  specVersion: "1.6";
  serialNumber: string;
  version: 1;
  metadata: { timestamp: string; component: BillComponent } & Record<string, unknown>;
  components: BillComponent[];
  dependencies: BillDependency[];
}

/** A licence as CycloneDX tells it, from an SPDX expression. */
export function billLicence(expression: string): BillLicence {
  if (expression.includes(" ")) return { expression };
  return { license: expression.startsWith("LicenseRef-") ? { name: expression } : { id: expression } };
}

/** The SPDX expression of a component's licences; undefined where none is told. */
export function licenceOf({ licenses = [] }: BillComponent): string | undefined {
  const told = licenses.map((each) => {
    if ("expression" in each) return each.expression;
    return "id" in each.license ? each.license.id : each.license.name;
  });
  return told.length === 0 ? undefined : told.join(" AND ");
}

/** A property of a component that CycloneDX has no field for. */
export function billProperty(name: string, value: string): { name: string; value: string } {
  return { name: `mlstack:${name}`, value };
}

/** Value of such a property; undefined where a component has none. */
export function propertyOf({ properties = [] }: BillComponent, wanted: string): string | undefined {
  return properties.find(({ name }) => name === `mlstack:${wanted}`)?.value;
}

/** What a component is: `npm`, `chart`, `manifests` or `image`. */
export function kindOf(component: BillComponent): string {
  return propertyOf(component, "kind") ?? "npm";
}
