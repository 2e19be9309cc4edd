import { mkdtemp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { tmpdir } from "node:os";
import { KubernetesObjectApi } from "@kubernetes/client-node";
import { expect, it } from "vitest";
import { Environment } from "../../../cli/environment";
import { down } from "../../../cli/commands/down";
import { readKubeconfig } from "../../../rehearsal/cluster/kubeconfig";

it("e2e", { timeout: 900_000 }, async () => {
  const state = await mkdtemp(join(tmpdir(), "mlstack-e2e-"));
  process.env["MLSTACK_STATE"] = state;
  const config = join(state, "local.yaml");
  await writeFile(config, `config:
  mlstack:cluster: { kind: local }
  mlstack:systemPool: { instanceType: m7i.xlarge, nodes: 1 }
  mlstack:gpuPools:
    - { name: t4, instanceType: g4dn.xlarge, minNodes: 1, maxNodes: 1 }
  mlstack:platform:
    parts:
      jobSet: {}
      argoWorkflows: {}
      trainer: {}
      kueue: {}
      queues: { queues: [ { name: research, quotas: [ { pool: t4 } ] } ] }
      tenants:
        research: { limits: { gpus: 1 }, queues: [ { clusterQueue: research } ] }
`);
  const env = await Environment.open({ stack: "local", config });
  for (const step of env.steps()) console.log(step.title, await step.run(() => undefined));
  let t = Date.now();
  const out = await env.pulumi.quietly(["up", "--yes", "--skip-preview", ...env.stackArguments]).catch((e) => String(e));
  console.log(out.slice(-1500), Date.now() - t);
  const api = KubernetesObjectApi.makeApiClient(readKubeconfig(env.controlPlane.layout.kubeconfig));
  for (const o of [
    { apiVersion: "argoproj.io/v1alpha1", kind: "Workflow", metadata: { name: "w", namespace: "research", finalizers: ["workflows.argoproj.io/artifact-gc"] }, spec: { entrypoint: "m", templates: [] } },
    { apiVersion: "argoproj.io/v1alpha1", kind: "CronWorkflow", metadata: { name: "c", namespace: "research" }, spec: { schedules: ["0 0 1 1 *"], workflowSpec: { entrypoint: "m", templates: [] } } },
    { apiVersion: "kueue.x-k8s.io/v1beta2", kind: "ResourceFlavor", metadata: { name: "hand", finalizers: ["kueue.x-k8s.io/resource-in-use"] }, spec: {} },
    { apiVersion: "batch/v1", kind: "Job", metadata: { name: "j", namespace: "research", labels: { "kueue.x-k8s.io/queue-name": "research" } }, spec: { suspend: true, template: { spec: { restartPolicy: "Never", containers: [{ name: "m", image: "e", resources: { limits: { cpu: "1", memory: "1Gi" } } }] } } } },
  ]) await api.create(o as never).catch((e) => console.log("create", String(e).slice(0, 300)));
  t = Date.now();
  console.log("DRY");
  await down({ stack: "local", config, dryRun: true });
  console.log("DRY took", Date.now() - t);
  t = Date.now();
  const code = await down({ stack: "local", config });
  console.log("DOWN", code, Date.now() - t);
  expect(code).toBe(0);
});
