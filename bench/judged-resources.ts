/** A resource that the packs judge. */
export interface JudgedResource {
  /** What it is, for example `Job`. */
  title: string;
  /** Type token. */
  type: string;
  properties: object;
}

const container = {
  name: "main",
  image: "registry.example/mnist:1.4",
  resources: { limits: { "nvidia.com/gpu": 1, memory: "8Gi" }, requests: { cpu: "2", memory: "8Gi" } },
};

const podSpec = (env: object[] = []) => ({
  containers: [{ ...container, env }],
  restartPolicy: "Never",
  nodeSelector: { "example.com/pool": "t4" },
  tolerations: [{ key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" }],
});

const job = (env: object[]) => ({
  apiVersion: "batch/v1",
  kind: "Job",
  metadata: { name: "mnist", namespace: "ml", labels: { app: "mnist" } },
  spec: { backoffLimit: 3, template: { metadata: { labels: { app: "mnist" } }, spec: podSpec(env) } },
});

const variables = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ name: `SETTING_${index}`, value: `setting number ${index} of many` }));

/** Resources of three sizes; all of them keep every rule, as most resources do. */
export const JUDGED_RESOURCES: JudgedResource[] = [
  {
    title: "Pod",
    type: "kubernetes:core/v1:Pod",
    properties: { apiVersion: "v1", kind: "Pod", metadata: { name: "mnist" }, spec: podSpec() },
  },
  { title: "Job", type: "kubernetes:batch/v1:Job", properties: job(variables(20)) },
  { title: "Job", type: "kubernetes:batch/v1:Job", properties: job(variables(800)) },
];

/** Size of a resource's properties as JSON, in KB of 1000 bytes. */
export function sizeKb({ properties }: JudgedResource): number {
  return Buffer.byteLength(JSON.stringify(properties)) / 1000;
}
