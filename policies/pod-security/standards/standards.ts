import type { Framework } from "../../engine/rule";

/** The page that the rules of this folder come from. */
export const STANDARDS_URL = "https://kubernetes.io/docs/concepts/security/pod-security-standards/";

/** A control of the Pod Security Standards by what their page calls it. */
export function control(level: "Baseline" | "Restricted", name: string): Framework {
  return { name: "Pod Security Standards", version: "1.37", reference: `${level}: ${name}` };
}
