import { RULES as EKS } from "./eks/rules";
import type { Rule } from "./engine/rule";
import { RULES as GPU_ML } from "./gpu-ml/rules";
import { RULES as POD_SECURITY } from "./pod-security/rules";

/** The rules of every pack by its name; the packs themselves load only their own. */
export const PACKS: Readonly<Record<string, readonly Rule[]>> = {
  "pod-security": POD_SECURITY,
  "gpu-ml": GPU_ML,
  eks: EKS,
};

/** Every rule of every pack. */
export const ALL_RULES: readonly Rule[] = Object.values(PACKS).flat();
