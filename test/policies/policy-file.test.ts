import { describe, expect, it } from "vitest";
import type { TreeObject } from "../../components/model";
import { settingsOf } from "../../policies/engine/settings";
import { policyNameOf } from "../../policies/engine/policy-name";
import { PACKS } from "../../policies/packs";
import { packConfiguration } from "../../policies/policy-file";

const exemption = (rule: string) => ({
  rule,
  object: "Job ml/*",
  reason: "waits for the driver of next month",
  owner: "ml-platform",
  until: "2027-01-31",
});

describe("a policy file for Pulumi", () => {
  it("tells every policy of a pack the profile", () => {
    expect(packConfiguration("pod-security", { profile: "prod", guesses: "mandatory" })).toEqual({
      pod: { profile: "prod", guesses: "mandatory" },
      stack: { profile: "prod", guesses: "mandatory" },
    });
  });

  it("tells each policy what it says of its own rules", () => {
    const rules = { "GPU-01": "advisory", "POD-01": "disabled" };

    expect(packConfiguration("gpu-ml", { rules })["gpu"]).toEqual({ rules: { "GPU-01": "advisory" } });
    expect(packConfiguration("pod-security", { rules })["pod"]).toEqual({ rules: { "POD-01": "disabled" } });
  });

  it("tells all policies of a rule that stands in several, each with its own parameters", () => {
    const taints = [{ key: "dedicated", effect: "NoSchedule" }];
    const configuration = packConfiguration("gpu-ml", { rules: { "GPU-02": { level: "advisory", taints } } });

    expect(configuration["gpu"]).toEqual({ rules: { "GPU-02": { level: "advisory", taints } } });
    expect(configuration["stack"]).toEqual({ rules: { "GPU-02": { level: "advisory" } } });
  });

  it("puts a policy at the level to make fixes where a rule asks for it, and no other rule's with it", () => {
    const configuration = packConfiguration("gpu-ml", { rules: { "GPU-02": "remediate", "GPU-01": "advisory" } });
    const { enforcementLevel, rules } = configuration["gpu"] as { enforcementLevel: string; rules: TreeObject };
    const fixing = PACKS["gpu-ml"]!.filter((rule) => policyNameOf(rule) === "gpu" && rule.fix !== undefined);
    const settings = settingsOf("gpu", fixing, { rules: Object.fromEntries(fixing.map(({ id }) => [id, rules[id]])) });

    expect(enforcementLevel).toBe("remediate");
    expect(rules).toMatchObject({ "GPU-02": "remediate", "GPU-01": "advisory", "GPU-05": "mandatory" });
    expect(fixing.filter((rule) => settings.of(rule).fixes).map(({ id }) => id)).toEqual(["GPU-02"]);
    expect(configuration["ml"]).toEqual({});
  });

  it("hands exemptions to the policies of their rules", () => {
    const configuration = packConfiguration("gpu-ml", { exemptions: [exemption("GPU-01"), exemption("POD-01")] });

    expect(configuration["gpu"]).toEqual({ exemptions: [exemption("GPU-01")] });
    expect(configuration["ml"]).toEqual({});
  });

  it.each(Object.keys(PACKS))("is something that %s can read", (pack) => {
    const everything = {
      profile: "prod",
      rules: Object.fromEntries(PACKS[pack]!.map(({ id }) => [id, { level: "advisory" }])),
      exemptions: PACKS[pack]!.map(({ id }) => exemption(id)),
    };
    for (const [policy, configuration] of Object.entries(packConfiguration(pack, everything))) {
      const rules = PACKS[pack]!.filter((rule) => policyNameOf(rule) === policy);

      expect(settingsOf(policy, rules, configuration).problems).toEqual([]);
    }
  });

  it("says nothing where there is none", () => {
    expect(packConfiguration("eks", undefined)).toEqual({ eks: {}, stack: {} });
  });
});
