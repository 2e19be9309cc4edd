import type { TenantFacts } from "../../cluster";
import type { TenantArgs } from "./tenant-args";
import { DEFAULT_QUEUE } from "./tenant-manifests";
import { accountsOf } from "./tenant-rights";

/** What a tenant has for the programs of its team, before it is made. */
export function tenantFacts(name: string, args: TenantArgs): TenantFacts {
  return {
    namespace: args.namespace ?? name,
    queues: (args.queues ?? []).map((queue) => queue.name ?? DEFAULT_QUEUE),
    serviceAccounts: accountsOf(args).map((account) => account.name),
  };
}
