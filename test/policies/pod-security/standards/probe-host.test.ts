import { describe, expect, it } from "vitest";
import { probeHost } from "../../../../policies/pod-security/standards/probe-host";
import { job, UNKNOWN_STRING } from "../../analyzer";
import { fixesOf, judged, leftToUpdate, MAIN, objectOf } from "./judged";

function refused(field: string, shown = `"10.0.0.1"`): string {
  return (
    `mandatory [POD-13] Job ml/mnist: ${MAIN}.${field}.host is ${shown}; allowed: absent, which means the pod itself. ` +
    "Remove it."
  );
}

const PROBES = ["livenessProbe", "readinessProbe", "startupProbe"];
const HOOKS = ["postStart", "preStop"];
const WAYS = ["httpGet", "tcpSocket"];
const CASES: [field: string, container: object][] = [
  ...PROBES.flatMap((probe) =>
    WAYS.map((way): [string, object] => [`${probe}.${way}`, { [probe]: { [way]: { host: "10.0.0.1" } } }]),
  ),
  ...HOOKS.flatMap((hook) =>
    WAYS.map((way): [string, object] => [
      `lifecycle.${hook}.${way}`,
      { lifecycle: { [hook]: { [way]: { host: "10.0.0.1" } } } },
    ]),
  ),
];

describe("POD-13 hosts of probes", () => {
  it.each([
    ["containers without probes", job()],
    [
      "probes of the pod itself",
      job({ livenessProbe: { httpGet: { port: 80 } }, readinessProbe: { grpc: { port: 1 } } }),
    ],
    ["an empty host", job({ livenessProbe: { httpGet: { host: "" } } })],
    ["null", job({ livenessProbe: { httpGet: { host: null } } })],
    ["programs that run in the container", job({ lifecycle: { preStop: { exec: { command: ["host"] } } } })],
  ])("accepts %s", (_case, resource) => {
    expect(judged(probeHost, resource)).toEqual([]);
  });

  it.each(CASES)("refuses one in %s, and takes it out", (field, container) => {
    expect(judged(probeHost, job(container))).toEqual([refused(field)]);
    expect(fixesOf(probeHost, job(container))).toEqual([{ path: `${MAIN}.${field}.host`, remove: true }]);
  });

  it("refuses what is no name", () => {
    expect(judged(probeHost, job({ livenessProbe: { httpGet: { host: 1 } } }))).toEqual([
      refused("livenessProbe.httpGet", "1"),
    ]);
  });

  it("has begun with 1.34", () => {
    const resource = job({ livenessProbe: { httpGet: { host: "10.0.0.1" } } });
    expect(judged(probeHost, resource, { kubernetesVersion: "1.33" })).toEqual([]);
    expect(judged(probeHost, resource, { kubernetesVersion: "1.34" })).toEqual([refused("livenessProbe.httpGet")]);
  });

  it("finds it in the kinds of machine learning", () => {
    const container = { name: "a", readinessProbe: { tcpSocket: { host: "redis", port: 6379 } } };
    const spec = { template: { containers: [container] } };

    expect(judged(probeHost, objectOf("serving.kserve.io/v1alpha2", "LLMInferenceService", spec))).toEqual([
      `mandatory [POD-13] LLMInferenceService it: spec.template.containers[0].readinessProbe.tcpSocket.host is "redis"; ` +
        "allowed: absent, which means the pod itself. Remove it.",
    ]);
  });

  it("leaves it to the update while the host is not known", () => {
    expect(judged(probeHost, job({ startupProbe: { httpGet: { host: UNKNOWN_STRING } } }))).toEqual([
      leftToUpdate(probeHost, `${MAIN}.startupProbe.httpGet.host`),
    ]);
  });
});
