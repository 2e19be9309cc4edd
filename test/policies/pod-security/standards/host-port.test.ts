import { describe, expect, it } from "vitest";
import { hostPort } from "../../../../policies/pod-security/standards/host-port";
import { analyze, job, UNKNOWN_STRING } from "../../analyzer";
import { fixesOf, judged, leftToUpdate, MAIN, objectOf } from "./judged";

function refused(port: number, allowed = "absent or 0"): string {
  return (
    `mandatory [POD-05] Job ml/mnist: ${MAIN}.ports[1].hostPort is ${port}; allowed: ${allowed}. ` +
    "Remove it, and reach the pod through a Service."
  );
}

function withPort(fields: object) {
  return job({ ports: [{ containerPort: 80 }, { containerPort: 8080, ...fields }] });
}

describe("POD-05 ports of the node", () => {
  it.each([
    ["containers without ports", job()],
    ["ports of the container alone", withPort({})],
    ["a port of 0, which is none", withPort({ hostPort: 0 })],
    ["a port of null", withPort({ hostPort: null })],
    ["what is no list of ports", job({ ports: { hostPort: 80 } })],
  ])("accepts %s", (_case, resource) => {
    expect(judged(hostPort, resource)).toEqual([]);
  });

  it("refuses a port of the node, and takes it out", () => {
    expect(judged(hostPort, withPort({ hostPort: 8080 }))).toEqual([refused(8080)]);
    expect(fixesOf(hostPort, withPort({ hostPort: 8080 }))).toEqual([
      { path: `${MAIN}.ports[1].hostPort`, remove: true },
    ]);
  });

  it("finds them in the kinds of machine learning", () => {
    const template = { spec: { containers: [{ name: "notebook", ports: [{ containerPort: 8888, hostPort: 8888 }] }] } };

    expect(judged(hostPort, objectOf("kubeflow.org/v1", "Notebook", { template }))).toEqual([
      "mandatory [POD-05] Notebook it: spec.template.spec.containers[0].ports[0].hostPort is 8888; allowed: absent or 0. " +
        "Remove it, and reach the pod through a Service.",
    ]);
  });

  it("lets containers take the ports that configuration names", () => {
    expect(judged(hostPort, withPort({ hostPort: 9100 }), { ports: [9100] })).toEqual([]);
    expect(judged(hostPort, withPort({ hostPort: 9101 }), { ports: [9100] })).toEqual([
      refused(9101, "absent or 0 or 9100"),
    ]);
  });

  it.each([
    [[9100], 0],
    [[9100, "9101"], 1],
    [9100, 1],
  ])("reads %j as ports: %i mistakes", (ports, mistakes) => {
    const stack = { type: "pulumi:pulumi:Stack", props: {} };
    const config = { pod: { rules: { "POD-05": { ports } } } };
    expect(analyze([hostPort], stack, config)).toHaveLength(mistakes);
  });

  it.each([
    ["the ports", job({ ports: UNKNOWN_STRING }), ".ports"],
    ["a port", job({ ports: [UNKNOWN_STRING] }), ".ports[0].hostPort"],
    ["the port of the node", job({ ports: [{ hostPort: UNKNOWN_STRING }] }), ".ports[0].hostPort"],
  ])("leaves it to the update while %s is not known", (_case, resource, path) => {
    expect(judged(hostPort, resource)).toEqual([leftToUpdate(hostPort, `${MAIN}${path}`)]);
  });
});
