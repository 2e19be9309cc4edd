import type { V1Deployment, V1Service } from "@kubernetes/client-node";
import { describe, expect, it } from "vitest";
import { addOns } from "../../../rehearsal/real-node/add-ons";
import { corefile } from "../../../rehearsal/real-node/core-dns";
import { metricsServerArguments } from "../../../rehearsal/real-node/metrics-server";
import { imageOf } from "../../../rehearsal/real-node/pod-images";

const NAME_SERVER = "10.96.0.10";

describe.each(Object.entries(addOns(NAME_SERVER)))("the add-on %s", (_, { image, deployment, objects }) => {
  const [server] = objects.filter(({ kind }) => kind === "Deployment") as V1Deployment[];
  const pod = server!.spec!.template.spec!;

  it("runs a program of the table on real nodes alone", () => {
    expect(pod.containers.map((container) => container.image)).toEqual([imageOf(image)]);
    expect(pod.nodeSelector).toEqual({ "mlstack.dev/node": "real" });
    expect(pod.tolerations).toEqual([
      { key: "mlstack.dev/node", operator: "Equal", value: "real", effect: "NoSchedule" },
    ]);
  });

  it("is ready when its Deployment is", () => {
    expect(server!.metadata).toMatchObject(deployment);
  });

  it("would be let in by the restricted Pod Security Standard", () => {
    expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } });
    for (const { securityContext } of pod.containers) {
      expect(securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
      });
    }
  });

  it("has a Service that leads to its pod", () => {
    const [service] = objects.filter(({ kind }) => kind === "Service") as V1Service[];
    expect(server!.spec!.template.metadata!.labels).toMatchObject(service!.spec!.selector!);
    const ports = pod.containers.flatMap((container) => container.ports!.map(({ name }) => name));
    for (const { targetPort } of service!.spec!.ports!) expect(ports).toContain(targetPort);
  });
});

it("names are asked at the address that kubelets are told", () => {
  const service = addOns(NAME_SERVER).coreDns.objects.at(-1) as V1Service;
  expect(service.spec).toMatchObject({ clusterIP: NAME_SERVER, ports: [{ port: 53 }, { port: 53 }] });
});

it("CoreDNS remembers nothing and asks nobody else", () => {
  expect(corefile()).toBe(
    [
      ".:1053 {",
      "    errors",
      "    health :8080",
      "    ready :8181",
      "    kubernetes cluster.local in-addr.arpa ip6.arpa {",
      "        pods insecure",
      "    }",
      "}",
      "",
    ].join("\n"),
  );
});

it("the metrics server checks certificates of kubelets, and asks real nodes alone", () => {
  expect(metricsServerArguments()).toEqual([
    "--kubelet-preferred-address-types=InternalIP",
    "--kubelet-use-node-status-port",
    "--kubelet-certificate-authority=/var/run/secrets/kubernetes.io/serviceaccount/ca.crt",
    "--metric-resolution=10s",
    "--kubelet-request-timeout=5s",
    "--node-selector=mlstack.dev/node=real",
  ]);
});
