import * as pulumi from "@pulumi/pulumi";
import { Cluster, referencedEnvironment } from "mlstack/cluster";
import { GpuJob, SparkJob, WebService } from "mlstack/workloads";

// The stack of the environment, for example acme/mlstack/prod.
const stack = new pulumi.StackReference(new pulumi.Config().require("environment"));

export = async () => {
  const { cluster, pools, tenants } = await referencedEnvironment(stack);
  const { namespace, queues, serviceAccounts } = tenants["vision"]!;
  const { provider } = new Cluster("environment", cluster);
  const opts = { providers: [provider] };
  const account = { serviceAccountName: serviceAccounts[0]!, runAsUser: 1000 };
  const own = { namespace, pools, queue: queues[0]! };

  const tables = new SparkJob(
    "tables",
    {
      ...own,
      ...account,
      image: "ghcr.io/acme/tables:1.4.0",
      sparkVersion: "4.0.1",
      mainFile: "local:///opt/app/tables.py",
      executor: { replicas: 2, cpu: "2", memory: "8Gi" },
    },
    opts,
  );
  const training = new GpuJob(
    "train",
    {
      ...own,
      ...account,
      image: "ghcr.io/acme/vision:1.4.0",
      command: ["python", "-m", "vision.train"],
      gpus: 1,
      gpuMemoryGib: 16,
      activeDeadlineSeconds: 3600,
    },
    { ...opts, dependsOn: [tables] },
  );
  const service = new WebService(
    "predict",
    {
      namespace,
      pools,
      ...account,
      image: "ghcr.io/acme/vision:1.4.0",
      command: ["python", "-m", "vision.serve"],
      readiness: { path: "/readyz" },
      maxReplicas: 4,
    },
    { ...opts, dependsOn: [training] },
  );

  return { tables: tables.objectName, trained: training.completed, service: service.objectName };
};
