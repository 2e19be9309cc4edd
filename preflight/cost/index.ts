export * from "./ceilings";
export * from "./cost";
export * from "./cost-of";
export * from "./difference";
export * from "./money";
export * from "./preference-prices";
export * from "./price-file";
export * from "./stack-region";
