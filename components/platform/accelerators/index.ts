export * from "./device-plugin-config";
export * from "./nvidia-device-plugin";
export * from "./nvidia-device-plugin-args";
export * from "./nvidia-device-plugin-manifest";
