import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { checkedInputs, compact, type InputProblem } from "../../internal";
import { CHARTS } from "../../model/versions";
import { RenderedObjects, type Rendering } from "../../rendering";
import { type ChartPartArgs, checkPart } from "../part/part-args";
import { partNamespace, PodSecurityLevel, withoutNamespaces } from "../part/part-namespace";
import { CERT_MANAGER_NAMESPACE, certManagerValues } from "./cert-manager-values";
import {
  checkClusterIssuer,
  type ClusterIssuerArgs,
  clusterIssuerManifest,
  rootManifests,
} from "./cluster-issuer-args";

/** What a {@link CertManager} is made from. Every argument has a default. */
export interface CertManagerArgs extends ChartPartArgs {
  /** Who signs certificates for the whole cluster, by name; none by default, as the platform's webhooks have their own. */
  clusterIssuers?: Record<string, ClusterIssuerArgs>;
}

/**
 * cert-manager: issues and renews the certificates of webhooks, gateways and programs.
 *
 * Creates a namespace, the resource types, RBAC, the controller, the injector of certificate authorities, the webhook, and
 * the issuers that were asked for.
 */
export class CertManager extends pulumi.ComponentResource {
  /** Namespace of cert-manager, in which Secrets of ClusterIssuers are looked for. */
  public readonly namespace: pulumi.Output<string>;
  /** Names of the ClusterIssuers, once they are there; what refers to one waits for it. */
  public readonly clusterIssuers: pulumi.Output<string[]>;
  /** True once certificates can be asked for: the types are established, and the webhook answers. */
  public readonly ready: pulumi.Output<boolean>;

  /**
   * @throws pulumi.InputPropertiesError when the namespace is Kubernetes' own, when an issuer is none of the kinds or
   * several, or lacks a way to show its domains, or when a name, number, quantity or version is misspelt.
   */
  constructor(name: string, args: CertManagerArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    const errors = validateCertManager(name, args);
    super("mlstack:index:CertManager", name, checkedInputs("CertManager", name, args, errors), opts);

    const rendering = certManagerRendering(args);
    const namespace = partNamespace(name, rendering.namespace, PodSecurityLevel.restricted, this);
    const objects = new RenderedObjects(`${name}-objects`, rendering, { parent: this, dependsOn: [namespace] });
    this.namespace = namespace.metadata.name;
    // A ClusterIssuer is judged by cert-manager's webhook, so all of cert-manager comes first.
    const issuers = Object.entries(args.clusterIssuers ?? {}).map(([issuer, issuerArgs]) =>
      createIssuer(`${name}-issuer-${issuer}`, issuer, issuerArgs, this, objects),
    );
    this.clusterIssuers = pulumi.output(issuers.map(({ metadata }) => metadata.apply(({ name }) => name)));
    this.ready = objects.ready;
    this.registerOutputs({ namespace: this.namespace, clusterIssuers: this.clusterIssuers, ready: this.ready });
  }
}

function createIssuer(
  name: string,
  issuer: string,
  args: ClusterIssuerArgs,
  parent: CertManager,
  objects: pulumi.Resource,
): k8s.apiextensions.CustomResource {
  const root = args.ca?.generate === true ? rootManifests(issuer, parent.namespace, args.ca.secretName) : undefined;
  const before = root === undefined ? [] : [createRoot(name, root, parent, objects)];
  return new k8s.apiextensions.CustomResource(name, clusterIssuerManifest(issuer, args), {
    parent,
    dependsOn: [objects, ...before],
  });
}

function createRoot(
  name: string,
  { issuer, certificate }: ReturnType<typeof rootManifests>,
  parent: CertManager,
  objects: pulumi.Resource,
): pulumi.Resource {
  const signer = new k8s.apiextensions.CustomResource(`${name}-root-signer`, issuer, { parent, dependsOn: [objects] });
  return new k8s.apiextensions.CustomResource(`${name}-root`, certificate, { parent, dependsOn: [signer] });
}

/** Checks a cert-manager's inputs. */
export function validateCertManager(_name: string, args: CertManagerArgs): InputProblem[] {
  const issuers = Object.entries(args.clusterIssuers ?? {});
  return [...checkPart(args), ...issuers.flatMap(([issuer, issuerArgs]) => checkClusterIssuer(issuer, issuerArgs))];
}

/** What cert-manager consists of, beside its namespace and issuers. */
export function certManagerRendering(args: CertManagerArgs): Rendering {
  const { namespace = CERT_MANAGER_NAMESPACE, platform = {}, version } = args;
  const values = certManagerValues(args);
  const source = compact({ chart: CHARTS.certManager, release: "cert-manager", namespace, values, version });
  return { sources: [source], facts: platform, namespace, adjust: withoutNamespaces };
}
