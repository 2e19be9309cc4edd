/** Levels that configuration can give a rule. */
export const LEVELS = ["advisory", "mandatory", "remediate", "disabled"] as const;

/** Levels of what is reported. */
export const REPORT_LEVELS = ["advisory", "mandatory"] as const;
