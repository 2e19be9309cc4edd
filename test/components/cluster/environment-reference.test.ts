import * as pulumi from "@pulumi/pulumi";
import { expect, it } from "vitest";
import { type EnvironmentFacts, referencedEnvironment } from "../../../components/cluster";
import { valueOf } from "../../support/mocks";

/** A stack with these outputs, of which `kubeconfig` is a secret. */
async function stackWith(outputs: Record<string, unknown>): Promise<pulumi.StackReference> {
  await pulumi.runtime.setMocks({
    call: () => ({}),
    newResource: ({ name }) => ({ id: name, state: { name, outputs, secretOutputNames: ["kubeconfig"] } }),
  });
  return new pulumi.StackReference("acme/mlstack/prod");
}

const facts = (more: Partial<EnvironmentFacts>): EnvironmentFacts => ({
  clusterKind: "eks",
  pools: [],
  parts: ["kueue"],
  tenants: { vision: { namespace: "vision", queues: ["default"], serviceAccounts: ["trainer"] } },
  ...more,
});

it("takes a cluster on EKS, which the environment made, for one that exists", async () => {
  const environment = facts({ region: "eu-west-1" });
  const { cluster, ...told } = await referencedEnvironment(
    await stackWith({ environment, kubeconfig: "apiVersion: v1" }),
  );
  expect(told).toEqual(environment);
  expect(Object.keys(cluster)).toEqual(["kind", "kubeconfig"]);
  expect(cluster.kind).toBe("existing");
  expect(await valueOf(pulumi.output(cluster.kubeconfig))).toBe("apiVersion: v1");
  expect(await pulumi.isSecret(pulumi.output(cluster.kubeconfig))).toBe(true);
});

it("reaches an existing cluster as the environment does: by the ambient kubeconfig and its context", async () => {
  const environment = facts({ clusterKind: "existing", context: "lab-admin" });
  const { cluster } = await referencedEnvironment(await stackWith({ environment }));
  expect(cluster).toEqual({ kind: "existing", context: "lab-admin" });
});

it("lets resources of the embedded cluster be forgotten with it", async () => {
  const environment = facts({ clusterKind: "local" });
  const { cluster } = await referencedEnvironment(await stackWith({ environment, kubeconfig: "/home/me/kubeconfig" }));
  expect(cluster.kind).toBe("local");
});

it("says which stack is not up, or not one of an environment", async () => {
  await expect(referencedEnvironment(await stackWith({ clusterKind: "eks" }))).rejects.toThrow(
    'stack acme/mlstack/prod has no output "environment". Bring the environment up, or mend the stack\'s name.',
  );
});
