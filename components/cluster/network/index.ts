export * from "./efa-device-plugin";
export * from "./efa-device-plugin-args";
export * from "./efa-device-plugin-manifest";
