import { KServe, KServeRuntime } from "../components";

export const kserve = new KServe("kserve", {
  platform: { certManager: true, systemPool: "system" },
  ingress: { domain: "models.example.org", ingressClassName: "nginx" },
  runtimes: [KServeRuntime.scikitLearn, KServeRuntime.triton, KServeRuntime.huggingFace],
});
