import type * as pulumi from "@pulumi/pulumi";
import type { PodSecurityLevel } from "../part/part-namespace";

/** What all pods of a tenant together may have, beside what its queues allow at a time. */
export interface TenantLimits {
  /** GPUs of all pods at the same time, from 0; 0 by default, so that a tenant has GPUs only where somebody said so. */
  gpus?: number;
  /** CPU requests, a Kubernetes quantity; unbounded by default, as queues bound it. */
  cpu?: string;
  /** Memory requests, a Kubernetes quantity; unbounded by default, as queues bound it. */
  memory?: string;
  /** Pods that have not ended, from 1; 200 by default. */
  pods?: number;
  /** Storage of all claims, a Kubernetes quantity; `1Ti` by default. */
  storage?: string;
  /** Claims for volumes, from 0; 50 by default. */
  volumeClaims?: number;
  /** Services of type LoadBalancer, from 0; 0 by default, as each is an address on the Internet or in the VPC. */
  loadBalancers?: number;
  /** Services with a port on every node, from 0; 0 by default. */
  nodePorts?: number;
  /** Other limits of the ResourceQuota, for example `count/jobs.batch`; none by default. */
  further?: Record<string, string>;
}

/** What containers get that say nothing themselves. */
export interface ContainerDefaults {
  /** CPU request, a Kubernetes quantity; `100m` by default. */
  cpu?: string;
  /** Memory request and limit, a Kubernetes quantity; `512Mi` by default. */
  memory?: string;
}

/** A queue that jobs of a tenant wait in. */
export interface TenantQueue {
  /** Name of the LocalQueue; `default` by default, in which jobs wait that name none. */
  name?: string;
  /** Name of the ClusterQueue that it leads to. Where it changes, the LocalQueue is made anew. */
  clusterQueue: string;
  /** Its part of the ClusterQueue, relative to other LocalQueues, above 0; 1 by default. */
  fairShareWeight?: number;
}

/** People of a tenant, as the cluster's authentication names them. */
export interface TenantMembers {
  /** Names of groups; none by default. */
  groups?: string[];
  /** Names of users; none by default. */
  users?: string[];
}

/** An account that pods of a tenant run under. */
export interface TenantServiceAccount {
  /** Name of the ServiceAccount. */
  name: string;
  /** ARN of the IAM role whose rights its pods get by IRSA; none by default. Roles by EKS Pod Identity need no annotation. */
  roleArn?: pulumi.Input<string>;
  /** Whether Argo runs workflows under it: gives it the right to report results; false by default. */
  runsWorkflows?: boolean;
  /** Whether pods get a token for the Kubernetes API; by default only where it runs workflows. */
  mountsToken?: boolean;
  /** Names of Secrets to pull images with; none by default. */
  imagePullSecrets?: string[];
}

/** Whom pods of a tenant may talk to, or who may talk to them: a namespace or a range of addresses. */
export interface NetworkPeer {
  /** Name of a namespace; exclusive with `cidr`. */
  namespace?: string;
  /** Labels of pods in the namespace; all of its pods by default. */
  podLabels?: Record<string, string>;
  /** Range of addresses, for example `10.0.0.0/16`; exclusive with `namespace`. */
  cidr?: string;
  /** TCP ports; all ports of namespaces, and 443 of addresses, by default. */
  ports?: number[];
}

/** What pods of a tenant reach, and what reaches them, beside each other and DNS. */
export interface TenantNetwork {
  /**
   * Whether everything else is refused; true by default. Needs a network plugin that enforces NetworkPolicies, as that of EKS
   * does once it is told to.
   */
  isolated?: boolean;
  /** Whom pods may talk to; nobody by default. A range that holds the addresses of nodes' metadata never reaches these. */
  to?: NetworkPeer[];
  /** Who may talk to pods; nobody by default. */
  from?: NetworkPeer[];
  /** Whether pods reach the agent of EKS Pod Identity, which hands out credentials on every node; false by default. */
  podIdentity?: boolean;
}

/** What a {@link Tenant} is made from. Every argument has a default. */
export interface TenantArgs {
  /** Namespace to create for the tenant; the name of the component by default. */
  namespace?: string;
  /** What its pods may do; `restricted` by default. */
  podSecurity?: PodSecurityLevel;
  /** Whether Istio adds its proxy to pods, which then reach `istiod` in `istio-system`; false by default. */
  istioInjection?: boolean;
  /**
   * Whether Katib adds collectors of metrics to the pods of its trials; false by default. Opens the network to and from Katib
   * in `kubeflow`.
   */
  katibMetrics?: boolean;
  /** Further labels of the namespace; none by default. */
  labels?: Record<string, string>;
  /** What all pods together may have. */
  limits?: TenantLimits;
  /** What containers get that say nothing themselves. */
  containerDefaults?: ContainerDefaults;
  /**
   * Queues that jobs wait in; none by default, and Kueue has then no say in the namespace. With a queue, jobs that name none
   * wait too.
   */
  queues?: TenantQueue[];
  /** Who may run jobs, services and workflows, and read logs and secrets, in the namespace; nobody by default. */
  editors?: TenantMembers;
  /** Who may look at what runs, secrets aside; nobody by default. */
  viewers?: TenantMembers;
  /** Accounts that pods run under; one named `trainer` without any rights by default. */
  serviceAccounts?: TenantServiceAccount[];
  /** What pods reach, and what reaches them. */
  network?: TenantNetwork;
}
