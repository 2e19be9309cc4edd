export * from "./alert-thresholds";
export * from "./monitoring";
export * from "./monitoring-args";
