import { expect, it } from "vitest";
import { EfaDevicePlugin } from "../../../components/cluster";
import { PLATFORM_NAMESPACES } from "../../../components/platform/queues/platform-namespaces";
import { type Registered, startMocks } from "../../support/mocks";
import { tryArgs } from "../../support/part-tries";
import { allCases } from "./all-cases";

/** Namespaces that no part creates: Kubernetes' own, and that of the add-on for CloudWatch. */
const clusterNamespaces = ["default", "kube-system", "kube-public", "kube-node-lease", "amazon-cloudwatch"];

const account = { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "anything" } };

async function namespacesOf(create: () => unknown): Promise<string[]> {
  const program = await startMocks({ render: () => Promise.resolve({ result: [account] }) });
  create();
  const made = (await program.resources()).filter(({ type }) => type === "kubernetes:core/v1:Namespace");
  return made.map(({ inputs }: Registered) => (inputs["metadata"] as { name: string }).name);
}

it("The namespaces of the platform are those of the cluster and those that parts create by default", async () => {
  const made = await namespacesOf(() => new EfaDevicePlugin("efa"));
  // The namespace of a tenant is its own, and jobs in it wait in queues.
  for (const partCase of allCases.filter(({ part }) => part !== "Tenant")) {
    const args = await tryArgs(partCase);
    made.push(...(await namespacesOf(() => partCase.create("part", args as never))));
  }
  expect([...PLATFORM_NAMESPACES].sort()).toEqual([...new Set([...clusterNamespaces, ...made])].sort());
});
