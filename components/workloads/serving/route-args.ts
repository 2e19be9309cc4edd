/** How requests come in from outside of the cluster, through a gateway of Istio. */
export interface RouteArgs {
  /** Names under which it is reached, for example `churn.example.com`; `*.example.com` is all of a domain. */
  hosts: string[];
  /** Gateways as `namespace/name`; `istio-ingress/https` by default, which Istio's has with a TLS Secret. */
  gateways?: string[];
  /** Path that requests begin with; every path by default. */
  path?: string;
  /** Seconds after which a request is given up, from 1; none by default. */
  timeoutSeconds?: number;
  /** Further tries of a request that could not be sent or was refused, from 0; 2 by default, as Istio has it. */
  retries?: number;
}
