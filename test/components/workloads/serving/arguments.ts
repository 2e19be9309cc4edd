import fc from "fast-check";
import type { ReplicaArgs, RouteArgs, WebServiceArgs } from "../../../../components/workloads/serving";
import { someOf, withRequired } from "../../../support/workloads/arguments";

/** A number of Prometheus to scale by. */
export const prometheus: fc.Arbitrary<NonNullable<ReplicaArgs["prometheus"]>> = withRequired<
  NonNullable<ReplicaArgs["prometheus"]>
>(
  { query: fc.constant("sum(rate(requests_total[1m]))"), threshold: fc.constantFrom(0.5, 20, 1e6) },
  {
    serverAddress: fc.constant("https://prometheus.example.com:9090/api"),
    authentication: fc.constant({ name: "prometheus", mode: "bearer" }),
  },
);

/** Ways in which pods without GPUs may scale, and may not. */
export const replicas: fc.Arbitrary<WebServiceArgs> = fc.oneof(
  someOf<WebServiceArgs>({ replicas: fc.integer({ min: 1, max: 5 }) } as never),
  withRequired<WebServiceArgs>({ maxReplicas: fc.integer({ min: 3, max: 9 }) }, { cpuPercent: percent() }),
  withRequired<WebServiceArgs>({ maxReplicas: fc.constant(7), prometheus }, { cpuPercent: percent() }),
  withRequired<WebServiceArgs>({ replicas: fc.constant(0), maxReplicas: fc.constant(2), prometheus }, {}),
  withRequired<WebServiceArgs>(
    { maxReplicas: fc.constant(4), podMetric: fc.constant({ name: "requests_per_second", average: "12500m" }) },
    { cpuPercent: percent() },
  ),
);

/** A share of what is asked for. */
export function percent() {
  return fc.integer({ min: 1, max: 100 });
}

/** Ways in which requests come in. */
export const routes: fc.Arbitrary<RouteArgs> = withRequired<RouteArgs>(
  { hosts: fc.constantFrom(["churn.example.com"], ["*.example.com", "a.b.example.org"]) },
  {
    gateways: fc.constant(["mesh-gateways/internal"]),
    path: fc.constant("/churn"),
    timeoutSeconds: fc.integer({ min: 1, max: 600 }),
    retries: fc.integer({ min: 0, max: 5 }),
  },
);

/** CPU tells nothing of GPUs, so those who have some scale by something else or not at all. */
export function scalable(args: WebServiceArgs): WebServiceArgs {
  const { cpuPercent: _, ...others } = args;
  if ((args.gpus ?? 0) === 0) return args;
  const isMute = args.maxReplicas !== undefined && (args.prometheus ?? args.podMetric) === undefined;
  const { maxReplicas: __, ...fixed } = others;
  return isMute ? fixed : others;
}
