import { describe, expect, it } from "vitest";
import { levelIn, PROFILES } from "../../../../policies/engine/rule";
import { RULES } from "../../../../policies/pod-security/standards/rules";

/** The levels of each rule in the profiles dev, baseline, restricted and prod. */
const LEVELS: Record<string, string[]> = {
  critical: ["mandatory", "mandatory", "mandatory", "mandatory"],
  mandatory: ["advisory", "mandatory", "mandatory", "mandatory"],
  restricted: ["advisory", "advisory", "mandatory", "mandatory"],
};

describe("rules of the Pod Security Standards", () => {
  it.each([
    ["POD-01 Containers are not privileged", "critical"],
    ["POD-02 Pods share neither network nor processes nor memory with their node", "critical"],
    ["POD-03 Pods mount nothing from the disk of their node", "mandatory"],
    ["POD-03 Persistent volumes are nothing from the disk of a node", "mandatory"],
    ["POD-04 Pods do not reach the container runtime of their node", "critical"],
    ["POD-05 Containers take no port of their node", "mandatory"],
    ["POD-06 Containers add no capabilities beyond the default ones", "mandatory"],
    ["POD-07 Containers drop all capabilities and add none but NET_BIND_SERVICE", "restricted"],
    ["POD-08 Programs in containers can not raise their rights", "mandatory"],
    ["POD-09 Containers are kept from running as root", "restricted"],
    ["POD-09 Containers do not ask to run as root", "mandatory"],
    ["POD-10 Seccomp is not switched off", "mandatory"],
    ["POD-10 Containers have a seccomp profile", "restricted"],
    ["POD-11 AppArmor is not switched off", "mandatory"],
    ["POD-12 Pods change settings of the kernel for themselves only", "mandatory"],
    ["POD-12 SELinux confines containers as such", "mandatory"],
    ["POD-12 Containers see /proc masked", "mandatory"],
    ["POD-12 Containers see /proc masked in user namespaces too", "restricted"],
    ["POD-12 Windows containers are no processes of their node", "mandatory"],
    ["POD-13 Probes and lifecycle handlers reach their own pod only", "mandatory"],
    ["POD-14 Volumes are claimed, or of types without a server of their own", "restricted"],
  ])("have their level in each profile: %s", (title, levels) => {
    const rule = RULES.find((rule) => `${rule.id} ${rule.title}` === title)!;

    expect(PROFILES.map((profile) => levelIn(rule, profile))).toEqual(LEVELS[levels]);
  });

  it("cover every control of the standards", () => {
    const references = RULES.flatMap(({ frameworks = [] }) => frameworks)
      .filter(({ name }) => name === "Pod Security Standards")
      .map(({ reference }) => reference);

    expect(new Set(references).size).toBe(19);
    expect(RULES).toHaveLength(21);
  });
});
