import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { job, UNKNOWN_STRING, urnOf, type TestResource } from "./analyzer";
import { CompiledPacks, type PackProcess } from "./pack-process";

const PRIVILEGED = { securityContext: { privileged: true } };
const ONE_GPU = { resources: { limits: { "nvidia.com/gpu": 1 } } };

const NODE: TestResource = {
  type: "kubernetes:core/v1:Node",
  name: "train-0",
  props: {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name: "train-0", labels: { "mlstack.dev/pool": "train" } },
    spec: { taints: [{ key: "nvidia.com/gpu", value: "present", effect: "NoSchedule" }] },
    status: { capacity: { "nvidia.com/gpu": "4" } },
  },
};

describe("the policy packs as the engine runs them", () => {
  let packs: CompiledPacks;
  let podSecurity: PackProcess;
  let gpuMl: PackProcess;

  beforeAll(async () => {
    packs = await CompiledPacks.build();
    [podSecurity, gpuMl] = await Promise.all([packs.start("pod-security"), packs.start("gpu-ml")]);
  });

  afterAll(async () => {
    await packs.close();
  });

  afterEach(async () => {
    await Promise.all([podSecurity.configure({}), gpuMl.configure({})]);
  });

  it("print their port before anything else", () => {
    expect(podSecurity.greeting).toMatch(/^\d+$/);
    expect(gpuMl.greeting).toMatch(/^\d+$/);
  });

  it("declare one policy per family", async () => {
    expect(await podSecurity.policies()).toEqual(["pod"]);
    expect(await gpuMl.policies()).toEqual(["pod", "gpu", "gpu-stack"]);
  });

  it("report a violation under the rule's own id, level and severity", async () => {
    expect(await podSecurity.analyze(job(PRIVILEGED))).toEqual([
      {
        policy: "POD-01",
        pack: "pod-security@0.1.0",
        level: "mandatory",
        severity: "critical",
        message:
          "[POD-01] Job ml/mnist: spec.template.spec.containers[0].securityContext.privileged is true; allowed: " +
          "false or absent. Remove it, and add the single capabilities that the program needs.",
        urn: urnOf(job()),
      },
    ]);
  });

  it("keep the privileged violation mandatory while the image is not known", async () => {
    const diagnostics = await podSecurity.analyze(job({ image: UNKNOWN_STRING, ...PRIVILEGED }));

    expect(diagnostics).toMatchObject([{ policy: "POD-01", level: "mandatory" }]);
  });

  it("name what is not known yet in an advisory and go on with the other rules", async () => {
    const diagnostics = await gpuMl.analyze(job({ image: UNKNOWN_STRING, ...ONE_GPU }));

    expect(diagnostics.map(({ policy, level }) => [policy, level])).toEqual([
      ["POD-22", "advisory"],
      ["GPU-02", "mandatory"],
    ]);
  });

  it("have nothing to say of resources that no rule is about", async () => {
    expect(await gpuMl.analyze({ type: "aws:s3/bucket:Bucket", props: { bucket: UNKNOWN_STRING } })).toEqual([]);
  });

  it("judge pods against the pools of the stack", async () => {
    const pod = job({}, { nodeSelector: { "mlstack.dev/pool": "train" } });

    expect(await gpuMl.analyzeStack([NODE, pod])).toEqual([
      {
        policy: "GPU-02",
        pack: "gpu-ml@0.1.0",
        level: "mandatory",
        severity: "high",
        message:
          "[GPU-02] Job ml/mnist: spec.template.spec.tolerations is without a match for the taint " +
          "nvidia.com/gpu=present:NoSchedule of pool train; allowed: tolerations that match every taint of the " +
          "selected pool. Add a toleration for it, or select another pool.",
        urn: urnOf(pod),
      },
    ]);
  });

  it("let configuration disable a rule", async () => {
    await podSecurity.configure({ pod: { level: "mandatory", properties: { rules: { "POD-01": "disabled" } } } });

    expect(await podSecurity.analyze(job(PRIVILEGED))).toEqual([]);
  });

  it("let configuration change the level of one rule", async () => {
    const rules = { "GPU-02": { level: "advisory" } };
    await gpuMl.configure({ gpu: { level: "mandatory", properties: { rules } } });

    expect(await gpuMl.analyze(job(ONE_GPU))).toMatchObject([{ policy: "GPU-02", level: "advisory" }]);
  });

  it("let rules without an entry follow the level of their policy", async () => {
    await podSecurity.configure({ pod: { level: "advisory" } });
    expect(await podSecurity.analyze(job(PRIVILEGED))).toMatchObject([{ policy: "POD-01", level: "advisory" }]);

    await podSecurity.configure({ pod: { level: "disabled" } });
    expect(await podSecurity.analyze(job(PRIVILEGED))).toEqual([]);
  });

  it("report a mistake in their configuration at the stack's root", async () => {
    await podSecurity.configure({ pod: { level: "mandatory", properties: { rules: { "POD-1": "disabled" } } } });

    expect(await podSecurity.analyze({ type: "pulumi:pulumi:Stack", props: {} })).toMatchObject([
      {
        policy: "META-03",
        level: "mandatory",
        message:
          "[META-03] policy configuration: pod.rules.POD-1 is not a rule of this policy; allowed: POD-01. " +
          "Correct the policy configuration; until then this entry has no effect.",
      },
    ]);
  });
});
