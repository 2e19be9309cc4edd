export * from "./console-access";
export * from "./console-access-args";
export { consoleAuthorizer } from "./console-authorizer";
export * from "./istio";
export * from "./istio-args";
export type { ExternalAuthorizer, MeshGateway } from "./mesh-facts";
