export * from "./dcgm-exporter";
export * from "./device-plugin-config";
export * from "./gpu-operator";
export * from "./gpu-operator-args";
export * from "./nvidia-device-plugin";
export * from "./nvidia-device-plugin-args";
export * from "./nvidia-device-plugin-manifest";
