/** What programs import of the package: the path after its name, and the module of the checkout that stands behind it. */
export const AREAS = {
  ".": "components/index",
  "./cluster": "components/cluster/index",
  "./platform": "components/platform/index",
  "./workloads": "components/workloads/index",
  "./model": "components/model/index",
  "./policies": "policies/index",
} as const satisfies Record<string, string>;

/** What a program writes to import an area, for example `mlstack/workloads`. */
export function specifierOf(area: keyof typeof AREAS): string {
  return area.replace(".", "mlstack");
}
