import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { job, UNKNOWN_STRING, urnOf, type TestResource } from "./analyzer";
import { CompiledPacks, type PackDiagnostic, type PackProcess } from "./pack-process";

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

/** Matches a text that contains another one. */
function containing(text: string): string {
  return expect.stringContaining(text) as string;
}

/** What one rule says, of all that a pack says. */
function by(rule: string, diagnostics: PackDiagnostic[]): PackDiagnostic[] {
  return diagnostics.filter(({ policy }) => policy === rule);
}

describe("the policy packs as the engine runs them", () => {
  let packs: CompiledPacks;
  let podSecurity: PackProcess;
  let gpuMl: PackProcess;
  let eks: PackProcess;

  beforeAll(async () => {
    packs = await CompiledPacks.build();
    const names = ["pod-security", "gpu-ml", "eks"];
    [podSecurity, gpuMl, eks] = (await Promise.all(names.map((name) => packs.start(name)))) as [
      PackProcess,
      PackProcess,
      PackProcess,
    ];
  });

  afterAll(async () => {
    await packs.close();
  });

  afterEach(async () => {
    await Promise.all([podSecurity, gpuMl, eks].map((pack) => pack.configure({})));
  });

  it("print their port before anything else", () => {
    expect(podSecurity.greeting).toMatch(/^\d+$/);
    expect(gpuMl.greeting).toMatch(/^\d+$/);
    expect(eks.greeting).toMatch(/^\d+$/);
  });

  it("declare one policy per family, and one for the stack", async () => {
    expect(await podSecurity.policies()).toEqual(["pod", "stack"]);
    expect(await gpuMl.policies()).toEqual(["gpu", "ml", "platform", "stack"]);
    expect(await eks.policies()).toEqual(["eks", "stack"]);
  });

  it("report a violation under the rule's own id, level and severity", async () => {
    expect(by("POD-01", await podSecurity.analyze(job(PRIVILEGED)))).toEqual([
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

    expect(by("POD-01", diagnostics)).toMatchObject([{ policy: "POD-01", level: "mandatory" }]);
  });

  it("name what is not known yet in an advisory and go on with the other rules", async () => {
    const diagnostics = await podSecurity.analyze(job({ image: UNKNOWN_STRING, ...PRIVILEGED }));
    const levels = diagnostics.map(({ policy, level }) => [policy, level]);

    expect(levels).toContainEqual(["POD-22", "advisory"]);
    expect(levels).toContainEqual(["POD-01", "mandatory"]);
  });

  it("have nothing to say of resources that no rule is about", async () => {
    expect(await gpuMl.analyze({ type: "aws:s3/bucket:Bucket", props: { bucket: UNKNOWN_STRING } })).toEqual([]);
  });

  it("judge pods against the pools of the stack", async () => {
    const pod = job({}, { nodeSelector: { "mlstack.dev/pool": "train" } });

    expect(by("GPU-02", await gpuMl.analyzeStack([NODE, pod]))).toEqual([
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

    expect(by("POD-01", await podSecurity.analyze(job(PRIVILEGED)))).toEqual([]);
  });

  it("let configuration change the level of one rule", async () => {
    const rules = { "GPU-02": { level: "advisory" } };
    await gpuMl.configure({ gpu: { level: "mandatory", properties: { rules } } });

    expect(by("GPU-02", await gpuMl.analyze(job(ONE_GPU)))).toMatchObject([{ policy: "GPU-02", level: "advisory" }]);
  });

  it("let rules without an entry follow the level of their policy", async () => {
    await podSecurity.configure({ pod: { level: "advisory" } });
    expect(by("POD-01", await podSecurity.analyze(job(PRIVILEGED)))).toMatchObject([
      { policy: "POD-01", level: "advisory" },
    ]);

    await podSecurity.configure({ pod: { level: "disabled" } });
    expect(await podSecurity.analyze(job(PRIVILEGED))).toEqual([]);
  });

  it("report a mistake in their configuration at the stack's root", async () => {
    await podSecurity.configure({ pod: { level: "mandatory", properties: { rules: { "POD-1": "disabled" } } } });

    expect(await podSecurity.analyze({ type: "pulumi:pulumi:Stack", props: {} })).toMatchObject([
      {
        policy: "META-03",
        level: "mandatory",
        message: containing("[META-03] policy configuration: pod.rules.POD-1 is not a rule of this policy"),
      },
    ]);
  });

  it("take a profile", async () => {
    await podSecurity.configure({ pod: { level: "mandatory", properties: { profile: "dev" } } });
    const diagnostics = await podSecurity.analyze(job({ image: "mnist", ...PRIVILEGED }));

    expect(by("POD-22", diagnostics)).toMatchObject([{ level: "advisory" }]);
    expect(by("POD-01", diagnostics)).toMatchObject([{ level: "mandatory" }]);
  });

  describe("remediation", () => {
    const TOLERATION = { key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" };
    const only = (...ids: string[]) => ({
      gpu: {
        level: "remediate" as const,
        properties: { rules: Object.fromEntries(ids.map((id) => [id, "mandatory"])) },
      },
    });

    it("changes nothing unless the policy is at that level", async () => {
      expect(await gpuMl.remediate(job(ONE_GPU))).toBeUndefined();
    });

    it("makes the fixes, and then finds nothing more to fix", async () => {
      await gpuMl.configure(only());
      const gpuJob = job(ONE_GPU);

      const fixed = await gpuMl.remediate(gpuJob);

      expect(fixed).toMatchObject({ spec: { template: { spec: { tolerations: [TOLERATION] } } } });
      expect(await gpuMl.remediate({ ...gpuJob, props: fixed! })).toBeUndefined();
    });

    it("leaves out the rules that configuration puts at another level", async () => {
      await gpuMl.configure(only("GPU-02"));

      expect(await gpuMl.remediate(job(ONE_GPU))).toBeUndefined();
    });

    it("keeps secrets secret and what is not known yet unknown", async () => {
      await gpuMl.configure(only());
      const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value: "hunter2" };
      const env = [
        { name: "TOKEN", value: secret },
        { name: "BUCKET", value: UNKNOWN_STRING },
      ];

      const fixed = await gpuMl.remediate(job({ env, ...ONE_GPU }));

      expect(fixed).toMatchObject({
        spec: { template: { spec: { containers: [{ env }], tolerations: [TOLERATION] } } },
      });
    });
  });

  describe("exemptions", () => {
    const note = "waits for the taint to go; owner=ml-platform; until=9999-12-31";
    const annotated = (days: number) => {
      const until = new Date(Date.now() + days * 24 * 60 * 60 * 1000).toISOString().slice(0, 10);
      const { props, ...rest } = job(ONE_GPU);
      const annotations = { "policy.mlstack.dev/exempt-GPU-02": note.replace("9999-12-31", until) };
      return { ...rest, props: { ...props, metadata: { name: "mnist", namespace: "ml", annotations } } };
    };

    it("let findings pass, and are counted at the end of the run", async () => {
      expect(by("GPU-02", await gpuMl.analyze(annotated(30)))).toEqual([]);

      const atEnd = await gpuMl.analyzeStack([annotated(30)]);
      expect(by("META-04", atEnd)).toMatchObject([
        {
          level: "advisory",
          message: containing("number of exemptions in force is 1: GPU-02 (ml-platform, "),
        },
      ]);
    });

    it("that expired are violations, and let nothing pass", async () => {
      const diagnostics = await gpuMl.analyze(annotated(-1));

      expect(by("GPU-02", diagnostics)).toHaveLength(1);
      expect(by("META-01", diagnostics)).toMatchObject([{ level: "mandatory", message: containing("which is over") }]);
    });
  });
});
