import { describe, expect, it } from "vitest";
import { safeSysctls } from "../../../../policies/pod-security/standards/sysctls";
import { analyze, job, UNKNOWN_STRING } from "../../analyzer";
import { judged, leftToUpdate, objectOf, POD } from "./judged";

const LIST = `${POD}.securityContext.sysctls`;

function setting(...names: unknown[]) {
  return job({}, { securityContext: { sysctls: names.map((name) => ({ name, value: "1" })) } });
}

function refused(shown: string, version = "1.36", index = 0): string {
  return (
    `mandatory [POD-12] Job ml/mnist: ${LIST}[${index}].name is ${shown}; allowed: a sysctl that is safe in Kubernetes ` +
    `${version}. Remove it, or set it for the whole pool of nodes.`
  );
}

/** Each sysctl with the first version that has it, and the one before where rules know it. */
const SAFE: [name: string, since: string, before?: string][] = [
  ["kernel.shm_rmid_forced", "1.29"],
  ["net.ipv4.ip_local_port_range", "1.29"],
  ["net.ipv4.ip_local_reserved_ports", "1.29"],
  ["net.ipv4.ip_unprivileged_port_start", "1.29"],
  ["net.ipv4.ping_group_range", "1.29"],
  ["net.ipv4.tcp_syncookies", "1.29"],
  ["net.ipv4.tcp_keepalive_time", "1.29"],
  ["net.ipv4.tcp_fin_timeout", "1.29"],
  ["net.ipv4.tcp_keepalive_intvl", "1.29"],
  ["net.ipv4.tcp_keepalive_probes", "1.29"],
  ["net.ipv4.tcp_rmem", "1.32", "1.31"],
  ["net.ipv4.tcp_wmem", "1.32", "1.31"],
  ["net.ipv4.tcp_slow_start_after_idle", "1.37", "1.36"],
  ["net.ipv4.tcp_notsent_lowat", "1.37", "1.36"],
];

describe("POD-12 sysctls", () => {
  it.each([
    ["pods that set none", job()],
    ["an empty list", setting()],
    ["what is no list", job({}, { securityContext: { sysctls: "kernel.msgmax" } })],
  ])("accepts %s", (_case, resource) => {
    expect(judged(safeSysctls, resource)).toEqual([]);
  });

  it.each(SAFE)("knows %s as safe since %s", (name, since, before) => {
    expect(judged(safeSysctls, setting(name), { kubernetesVersion: since })).toEqual([]);
    expect(judged(safeSysctls, setting(name), { kubernetesVersion: "1.37" })).toEqual([]);
    if (before === undefined) return;
    expect(judged(safeSysctls, setting(name), { kubernetesVersion: before })).toEqual([refused(`"${name}"`, before)]);
  });

  it("refuses others, each at its place", () => {
    expect(judged(safeSysctls, setting("net.ipv4.tcp_rmem", "kernel.msgmax", null))).toEqual([
      refused(`"kernel.msgmax"`, "1.36", 1),
      refused("absent", "1.36", 2),
    ]);
  });

  it("finds them in the kinds of machine learning", () => {
    const securityContext = { sysctls: [{ name: "net.core.somaxconn", value: "1024" }] };
    const spec = { workflowSpec: { securityContext, templates: [{ name: "a", container: { image: "a:1" } }] } };

    expect(judged(safeSysctls, objectOf("argoproj.io/v1alpha1", "CronWorkflow", spec))).toEqual([
      `mandatory [POD-12] CronWorkflow it: spec.workflowSpec.securityContext.sysctls[0].name is "net.core.somaxconn"; ` +
        "allowed: a sysctl that is safe in Kubernetes 1.36. Remove it, or set it for the whole pool of nodes.",
    ]);
  });

  it("lets pods set what configuration names", () => {
    const sysctls = ["net.core.somaxconn"];
    expect(judged(safeSysctls, setting("net.core.somaxconn"), { sysctls })).toEqual([]);
    expect(judged(safeSysctls, setting("kernel.msgmax"), { sysctls })).toEqual([refused(`"kernel.msgmax"`)]);
  });

  it.each([
    [{ sysctls: ["net.core.somaxconn"] }, 0],
    [{ sysctls: ["net.core.somaxconn", 1] }, 1],
    [{ sysctls: "net.core.somaxconn" }, 1],
    [{ kubernetesVersion: "1.29" }, 0],
    [{ kubernetesVersion: "1.37" }, 0],
    [{ kubernetesVersion: "1.28" }, 1],
    [{ kubernetesVersion: "1.38" }, 1],
    [{ kubernetesVersion: 1.35 }, 1],
    [{ kubernetesVersion: "v1.35.2" }, 1],
  ])("reads the settings %j: %i mistakes", (settings, mistakes) => {
    const stack = { type: "pulumi:pulumi:Stack", props: {} };
    const config = { pod: { rules: { "POD-12": settings } } };
    expect(analyze([safeSysctls], stack, config)).toHaveLength(mistakes);
  });

  it.each([
    ["the list", job({}, { securityContext: { sysctls: UNKNOWN_STRING } }), LIST],
    ["the security context", job({}, { securityContext: UNKNOWN_STRING }), LIST],
    ["one of them", job({}, { securityContext: { sysctls: [UNKNOWN_STRING] } }), `${LIST}[0]`],
    ["its name", setting(UNKNOWN_STRING), `${LIST}[0].name`],
  ])("leaves it to the update while %s is not known", (_case, resource, path) => {
    expect(judged(safeSysctls, resource)).toEqual([leftToUpdate(safeSysctls, path)]);
  });
});
