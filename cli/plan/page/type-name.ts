/** The last part of a Pulumi type token, by which people call it: `GpuNodePool` of `mlstack:index:GpuNodePool`. */
export function typeName(type: string): string {
  return type.slice(Math.max(type.lastIndexOf(":"), type.lastIndexOf("/")) + 1);
}
