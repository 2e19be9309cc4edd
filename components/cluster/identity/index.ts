export type { IamStatement } from "./iam-policy";
export * from "./pod-identity-role";
