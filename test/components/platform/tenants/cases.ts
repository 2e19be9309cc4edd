import { PodSecurityLevel } from "../../../../components/platform/part/part-namespace";
import { Tenant } from "../../../../components/platform/tenants/tenant";
import type { PartCase } from "../../../support/part-case";

/** Tenants of the platform. */
export const cases: PartCase[] = [
  {
    part: "Tenant",
    create: (name, args) => new Tenant(name, args),
    options: {
      namespace: [undefined, "team-a"],
      podSecurity: [undefined, PodSecurityLevel.baseline],
      istioInjection: [undefined, true],
      katibMetrics: [undefined, true],
      limits: [undefined, { gpus: 8, cpu: "64", storage: "10Ti" }],
      queues: [undefined, [{ clusterQueue: "research" }]],
      editors: [undefined, { groups: ["engineers"] }],
      viewers: [undefined, { users: ["ada"] }],
      serviceAccounts: [undefined, [], [{ name: "workflow", runsWorkflows: true }]],
      network: [undefined, { isolated: false }, { to: [{ cidr: "0.0.0.0/0" }], podIdentity: true }],
    },
    charts: [],
  },
];
