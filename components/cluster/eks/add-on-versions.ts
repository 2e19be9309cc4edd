import { type InputProblem, inputProblem } from "../../internal";

/**
 * Checks versions of add-ons against those that are installed.
 *
 * @see https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateAddon.html (read 2026-08)
 */
export function checkAddOnVersions(
  path: string,
  versions: Record<string, string> | undefined,
  installed: string[],
): InputProblem[] {
  return Object.entries(versions ?? {}).flatMap(([addOn, version]) => {
    const at = `${path}["${addOn}"]`;
    if (!installed.includes(addOn)) {
      const allowed = installed.length === 0 ? "none that EKS Auto Mode brings" : `versions of ${installed.join(", ")}`;
      return [inputProblem(at, version, allowed, "Correct the name, or remove it.")];
    }
    if (/^v\d+\.\d+\.\d+-eksbuild\.\d+$/.test(version)) return [];
    const remedy = "`aws eks describe-addon-versions` lists those that there are.";
    return [inputProblem(at, version, "a version such as v1.48.0-eksbuild.1", remedy)];
  });
}
