import { KubeConfig, type RequestContext } from "@kubernetes/client-node";

type Connections = NonNullable<ReturnType<RequestContext["getDispatcher"]>>;

/**
 * A kubeconfig whose clients and watches keep their connections. Those of the library open one for each request, and the
 * handshakes are most of what a request costs.
 *
 * Certificates are those of the first request in a context; of another cluster in the same place, the file is read anew.
 *
 * @see https://github.com/kubernetes-client/javascript/blob/2.0.1/src/config.ts "createDispatcher"
 */
export class KeptConnections extends KubeConfig {
  private readonly kept = new Map<string, Connections>();

  /** Tells a request who asks, and by which connections. */
  override async applySecurityAuthentication(request: RequestContext): Promise<void> {
    await super.applySecurityAuthentication(request);
    const own = request.getDispatcher();
    if (own === undefined) return;
    const context = this.getCurrentContext();
    const kept = this.kept.get(context);
    if (kept === undefined) this.kept.set(context, own);
    else request.setDispatcher(kept);
  }
}
