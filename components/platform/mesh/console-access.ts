import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { checkedInputs, compact } from "../../internal";
import type { KubernetesObject } from "../../rendering";
import { generatedSecret } from "../part/generated-secret";
import { partNamespace, PodSecurityLevel } from "../part/part-namespace";
import { type ConsoleAccessArgs, validateConsoleAccess } from "./console-access-args";
import { consoleObjects, userHeaderOf } from "./console-access-manifests";
import { CONSOLE_ACCESS_NAMESPACE, OAUTH2_PROXY } from "./console-authorizer";
import { gatewayPrincipal } from "./mesh-facts";
import { createMeshObject } from "./mesh-object";
import {
  CLIENT_SECRET,
  COOKIE_KEY,
  COOKIE_SECRET,
  gatewayOf,
  oauth2ProxyBudget,
  oauth2ProxyDeployment,
  oauth2ProxyNetworkPolicy,
  oauth2ProxyService,
} from "./oauth2-proxy-manifests";

/**
 * A door in front of every console: users sign in with the provider of OpenID Connect, and their groups decide which
 * consoles they see. The platform has no users and passwords of its own.
 *
 * Creates a namespace with oauth2-proxy, and at the gateway of the mesh the rules that ask it, verify its tokens, set the
 * header with the user and let in groups, with TLS and a route for each console. Let it depend on `Istio`.
 */
export class ConsoleAccess extends pulumi.ComponentResource {
  /** Namespace of the proxy. */
  public readonly namespace: pulumi.Output<string>;
  /** Header with the verified user. */
  public readonly userHeader: pulumi.Output<string>;
  /** Address of each console, by its name. */
  public readonly addresses: pulumi.Output<Record<string, string>>;
  /** True once the consoles are open to those who may see them, and to nobody else. */
  public readonly ready: pulumi.Output<boolean>;

  /**
   * @throws pulumi.InputPropertiesError when the issuer is not reached over HTTPS, when there is no or more than one client
   * secret, when groups or domains are missing or stand for everybody, when a console's group may not sign in, when a name
   * or host is repeated, or when a name, host, number, quantity or version is misspelt.
   */
  constructor(name: string, args: ConsoleAccessArgs, opts?: pulumi.ComponentResourceOptions) {
    const errors = validateConsoleAccess(name, args);
    super("mlstack:index:ConsoleAccess", name, checkedInputs("ConsoleAccess", name, withSecret(args), errors), opts);

    const { namespace: ownNamespace = CONSOLE_ACCESS_NAMESPACE } = args;
    const injected = { "istio-injection": "enabled" };
    const namespace = partNamespace(name, ownNamespace, PodSecurityLevel.restricted, this, injected);
    const proxy = createProxy(name, ownNamespace, args, { parent: this, dependsOn: [namespace] });
    const objects = [onlyGateway(ownNamespace, args), ...consoleObjects(args)];
    const rules = objects
      .filter(({ kind }) => !isRoute(kind))
      .map((object) => createMeshObject(name, object, { parent: this, dependsOn: proxy }));
    // Routes come last and go first, so that no console is ever open without its rules.
    const routes = objects
      .filter(({ kind }) => isRoute(kind))
      .map((object) => createMeshObject(name, object, { parent: this, dependsOn: rules }));

    this.namespace = namespace.metadata.name;
    this.userHeader = pulumi.output(userHeaderOf(args));
    this.addresses = pulumi.output(
      Object.fromEntries(args.consoles.map((each) => [each.name, `https://${each.host}`])),
    );
    this.ready = pulumi.all(routes.map(({ id }) => id)).apply(() => true);
    this.registerOutputs({
      namespace: this.namespace,
      userHeader: this.userHeader,
      addresses: this.addresses,
      ready: this.ready,
    });
  }
}

/** Whatever the client's secret is given as, it is a secret from here on. */
function withSecret(args: ConsoleAccessArgs): ConsoleAccessArgs {
  const { clientSecret } = args.oidc;
  return clientSecret === undefined
    ? args
    : { ...args, oidc: { ...args.oidc, clientSecret: pulumi.secret(clientSecret) } };
}

function isRoute(kind: string): boolean {
  return ["Gateway", "VirtualService"].includes(kind);
}

function createProxy(name: string, namespace: string, args: ConsoleAccessArgs, opts: pulumi.CustomResourceOptions) {
  const { oidc, rotation, platform } = args;
  const secretName = rotation === undefined ? COOKIE_SECRET : `${COOKIE_SECRET}-${rotation}`;
  const cookie = generatedSecret(
    `${name}-cookie`,
    compact({ namespace, secretName: COOKIE_SECRET, generated: [COOKIE_KEY], rotation }),
    opts,
  );
  const client =
    oidc.clientSecret === undefined
      ? []
      : [
          new k8s.core.v1.Secret(
            `${name}-client`,
            {
              metadata: { name: CLIENT_SECRET.name, namespace },
              type: "Opaque",
              stringData: { [CLIENT_SECRET.key]: pulumi.secret(oidc.clientSecret) },
            },
            opts,
          ),
        ];
  const policy = new k8s.networking.v1.NetworkPolicy(
    `${name}-network`,
    oauth2ProxyNetworkPolicy(namespace, args),
    opts,
  );
  const dependsOn = [cookie, ...client, policy];
  const proxy = new k8s.apps.v1.Deployment(`${name}-proxy`, oauth2ProxyDeployment(namespace, secretName, args), {
    ...opts,
    dependsOn,
  });
  const budget = oauth2ProxyBudget(namespace, args);
  const service = oauth2ProxyService(namespace);
  const annotations = platform?.simulated === true ? { "pulumi.com/skipAwait": "true" } : {};
  return [
    proxy,
    new k8s.core.v1.Service(
      `${name}-service`,
      { ...service, metadata: { ...service.metadata, annotations } },
      { ...opts, dependsOn: [proxy] },
    ),
    ...(budget === undefined ? [] : [new k8s.policy.v1.PodDisruptionBudget(`${name}-budget`, budget, opts)]),
  ];
}

/** The proxy believes what the gateway tells it, and nobody else. */
function onlyGateway(namespace: string, args: ConsoleAccessArgs): KubernetesObject {
  return {
    apiVersion: "security.istio.io/v1",
    kind: "AuthorizationPolicy",
    metadata: { name: OAUTH2_PROXY, namespace },
    spec: {
      action: "ALLOW",
      rules: [{ from: [{ source: { principals: [gatewayPrincipal(gatewayOf(args))] } }] }],
    },
  };
}
