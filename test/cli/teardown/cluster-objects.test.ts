import { createServer } from "node:net";
import { KubeConfig } from "@kubernetes/client-node";
import { describe, expect, it } from "vitest";
import { Drain, kubeconfigOf } from "../../../cli/teardown/drain";

describe("a cluster that can not be drained", () => {
  const kubeconfig = (server: string, user: object = {}) => ({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "c", cluster: { server, "insecure-skip-tls-verify": true } }],
    users: [{ name: "u", user }],
    contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
    "current-context": "x",
  });

  it("is named where it does not answer, with the way around", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as { port: number };
    await new Promise((resolve) => server.close(resolve));
    const drain = new Drain(kubeconfigOf(kubeconfig(`https://127.0.0.1:${port}`)));
    await expect(drain.reach()).rejects.toMatchObject({
      message: `the cluster https://127.0.0.1:${port} does not answer (ECONNREFUSED)`,
      remedy:
        "Run the command where its network can be reached (the API server of EKS is private by default: VPN, bastion), or go on without it: --skip-drain. What only controllers clean up then stays; the report at the end lists what of it is in AWS.",
    });
  });

  it("is named where the program that logs in is missing", async () => {
    const exec = { apiVersion: "client.authentication.k8s.io/v1beta1", command: "no-such-aws", args: [] };
    const drain = new Drain(kubeconfigOf(JSON.stringify(kubeconfig("https://127.0.0.1:1", { exec }))));
    await expect(drain.reach()).rejects.toMatchObject({
      message: "the kubeconfig logs in with no-such-aws, which is not there",
      remedy: "Install no-such-aws and run the command again, or go on without it: --skip-drain",
    });
  });
});

describe("the kubeconfig of a stack", () => {
  it("may be an object, JSON or YAML", () => {
    const clusters = [{ name: "c", cluster: { server: "https://example.com" } }];
    const contexts = [{ name: "x", context: { cluster: "c", user: "u" } }];
    const object = { clusters, contexts, users: [{ name: "u", user: {} }], "current-context": "x" };
    const yaml = [
      "clusters: [{ name: c, cluster: { server: 'https://example.com' } }]",
      "contexts: [{ name: x, context: { cluster: c, user: u } }]",
      "users: [{ name: u, user: {} }]",
      "current-context: x",
    ].join("\n");
    for (const output of [object, JSON.stringify(object), yaml]) {
      expect(kubeconfigOf(output)).toBeInstanceOf(KubeConfig);
      expect(kubeconfigOf(output).getCurrentCluster()?.server).toBe("https://example.com");
    }
  });
});
