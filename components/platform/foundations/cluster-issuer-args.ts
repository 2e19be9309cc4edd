import type * as pulumi from "@pulumi/pulumi";
import { checkDnsLabel, compact, type InputProblem, inputProblem, isPlain, problemAt } from "../../internal";

/** A certificate authority whose key is in a Secret. */
export interface CaIssuerArgs {
  /** Name of the Secret with `tls.crt` and `tls.key`, in cert-manager's namespace. */
  secretName: string;
  /**
   * Whether the authority is made here, as a root of its own for ten years, rather than brought; false by default. Whoever
   * is to trust its certificates must be given its `ca.crt`.
   */
  generate?: boolean;
}

/** Shows to an ACME server that a domain is one's own, by records in Amazon Route 53. */
export interface Route53SolverArgs {
  /** AWS region of the calls. */
  region: pulumi.Input<string>;
  /** Identifier of the hosted zone; found by the domain by default, which needs the right to list zones. */
  hostedZoneId?: pulumi.Input<string>;
  /**
   * ARN of a role that cert-manager takes on, for a zone of another account; by default it calls with the role of its own
   * pods, by EKS Pod Identity for its service account `cert-manager`.
   */
  role?: pulumi.Input<string>;
  /** Domains that this is for, with all below them; every one by default. */
  dnsZones?: string[];
}

/** A public certificate authority that is asked by ACME. */
export interface AcmeIssuerArgs {
  /** Address that the authority writes to when something is the matter. */
  email: pulumi.Input<string>;
  /** Directory of the authority, by `https`; that of Let's Encrypt by default. */
  server?: pulumi.Input<string>;
  /** Secret that cert-manager keeps the account's key in; the issuer's name with `-account` by default. */
  accountSecretName?: string;
  /** Shows domains by records in Route 53; it alone can show wildcards. None by default. */
  route53?: Route53SolverArgs;
  /** Shows domains by a page that is served through Ingresses of this class; none by default. */
  ingressClassName?: string;
}

/** Who signs certificates for the whole cluster: exactly one of these. */
export interface ClusterIssuerArgs {
  /** Whether each certificate is signed by itself; of use for tests, and for roots. */
  selfSigned?: boolean;
  /** A certificate authority of one's own. */
  ca?: CaIssuerArgs;
  /** A public certificate authority. */
  acme?: AcmeIssuerArgs;
}

/**
 * Directory of Let's Encrypt's production servers.
 *
 * @see https://letsencrypt.org/docs/acme-protocol-updates/
 */
const LETS_ENCRYPT = "https://acme-v02.api.letsencrypt.org/directory";

/** Checks one of the issuers of a {@link CertManager}. */
export function checkClusterIssuer(name: string, args: ClusterIssuerArgs): InputProblem[] {
  const path = `clusterIssuers["${name}"]`;
  const { selfSigned, ca, acme } = args;
  const kinds = [selfSigned === true ? "selfSigned" : "", ca && "ca", acme && "acme"].filter(Boolean);
  const allowed = "exactly one of selfSigned, ca, acme";
  return [
    ...checkDnsLabel(path, name),
    ...(kinds.length === 1
      ? []
      : [problemAt(path, kinds.length === 0 ? "empty" : kinds.join(" and "), allowed, "Make an issuer for each.")]),
    ...(ca === undefined ? [] : checkDnsLabel(`${path}.ca.secretName`, ca.secretName)),
    ...(acme === undefined ? [] : checkAcme(`${path}.acme`, acme)),
  ];
}

function checkAcme(path: string, { email, server, accountSecretName, route53, ingressClassName }: AcmeIssuerArgs) {
  const problems: InputProblem[] = [];
  if (isPlain(email) && !email.includes("@")) {
    problems.push(inputProblem(`${path}.email`, email, "an e-mail address", "Name one that somebody reads."));
  }
  if (isPlain(server) && !server.startsWith("https://")) {
    problems.push(inputProblem(`${path}.server`, server, "an https:// address", "Name the authority's directory."));
  }
  if (accountSecretName !== undefined) problems.push(...checkDnsLabel(`${path}.accountSecretName`, accountSecretName));
  if (route53 === undefined && ingressClassName === undefined) {
    const remedy = "Without one the authority cannot tell whose a domain is.";
    problems.push(problemAt(path, "without a solver", "route53, ingressClassName or both", remedy));
  }
  return problems;
}

/** The ClusterIssuer as cert-manager has it. */
export function clusterIssuerManifest(name: string, args: ClusterIssuerArgs) {
  const spec =
    args.acme !== undefined
      ? { acme: acmeSpec(name, args.acme) }
      : args.ca !== undefined
        ? { ca: { secretName: args.ca.secretName } }
        : { selfSigned: {} };
  return { apiVersion: "cert-manager.io/v1", kind: "ClusterIssuer", metadata: { name }, spec };
}

function acmeSpec(name: string, args: AcmeIssuerArgs) {
  const { email, server = LETS_ENCRYPT, accountSecretName = `${name}-account`, route53, ingressClassName } = args;
  return {
    email,
    server,
    privateKeySecretRef: { name: accountSecretName },
    solvers: [
      ...(route53 === undefined ? [] : [route53Solver(route53)]),
      ...(ingressClassName === undefined ? [] : [{ http01: { ingress: { ingressClassName } } }]),
    ],
  };
}

function route53Solver({ region, hostedZoneId, role, dnsZones }: Route53SolverArgs) {
  return compact({
    selector: dnsZones === undefined ? undefined : { dnsZones },
    dns01: { route53: compact({ region, hostedZoneID: hostedZoneId, role }) },
  });
}

/** Ten years, in hours, as cert-manager counts. */
const ROOT_DURATION = "87600h";

/** What makes a root: an issuer that signs what it is given by itself, and the certificate. */
export function rootManifests(name: string, namespace: pulumi.Input<string>, secretName: string) {
  const issuer = {
    apiVersion: "cert-manager.io/v1",
    kind: "Issuer",
    metadata: { name: `${name}-root`, namespace },
    spec: { selfSigned: {} },
  };
  const certificate = {
    apiVersion: "cert-manager.io/v1",
    kind: "Certificate",
    metadata: { name: `${name}-root`, namespace },
    spec: {
      isCA: true,
      commonName: name,
      secretName,
      duration: ROOT_DURATION,
      privateKey: { algorithm: "ECDSA", size: 256 },
      issuerRef: { kind: "Issuer", name: `${name}-root` },
    },
  };
  return { issuer, certificate };
}
