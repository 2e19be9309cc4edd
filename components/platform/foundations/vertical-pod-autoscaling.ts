import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { checkedInputs, compact, type InputProblem, inputProblem } from "../../internal";
import { CHARTS } from "../../model/versions";
import { RenderedObjects, type Rendering } from "../../rendering";
import { type ChartPartArgs, checkPart } from "../part/part-args";
import { partNamespace, PodSecurityLevel, withoutNamespaces } from "../part/part-namespace";
import {
  givesUpdates,
  verticalPodAutoscalingValues,
  VPA_CERTIFICATE,
  VPA_NAMESPACE,
  VPA_SERVICE,
} from "./vertical-pod-autoscaling-values";

/** What a {@link VerticalPodAutoscaling} is made from. Every argument has a default. */
export interface VerticalPodAutoscalingArgs extends ChartPartArgs {
  /**
   * Whether pods are given what is recommended, which needs cert-manager for the webhook's certificate; as
   * `platform.certManager` says by default. Without, VerticalPodAutoscalers recommend and change nothing.
   */
  updates?: boolean;
}

/**
 * The Vertical Pod Autoscaler: recommends CPU and memory for pods by what they have used, and gives it to them.
 *
 * Needs a {@link MetricsServer}. Creates a namespace, the resource types, RBAC, and the recommender; where pods are updated
 * also the updater, the admission controller with its webhook, and its certificate.
 */
export class VerticalPodAutoscaling extends pulumi.ComponentResource {
  /** Namespace of the autoscaler. */
  public readonly namespace: pulumi.Output<string>;
  /** True once VerticalPodAutoscalers can be created. */
  public readonly ready: pulumi.Output<boolean>;

  /**
   * @throws pulumi.InputPropertiesError when updates are asked for without cert-manager, when the namespace is Kubernetes'
   * own, or when a name, number, quantity or version is misspelt.
   */
  constructor(name: string, args: VerticalPodAutoscalingArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    const errors = validateVerticalPodAutoscaling(name, args);
    const inputs = checkedInputs("VerticalPodAutoscaling", name, args, errors);
    super("mlstack:index:VerticalPodAutoscaling", name, inputs, opts);

    const rendering = verticalPodAutoscalingRendering(args);
    const namespace = partNamespace(name, rendering.namespace, PodSecurityLevel.restricted, this);
    this.namespace = namespace.metadata.name;
    // The admission controller starts once it can read its certificate.
    const before = givesUpdates(args) ? createCertificate(this, name, args.platform?.simulated ?? false) : [];
    const objects = new RenderedObjects(`${name}-objects`, rendering, {
      parent: this,
      dependsOn: [namespace, ...before],
    });
    this.ready = objects.ready;
    this.registerOutputs({ namespace: this.namespace, ready: this.ready });
  }
}

function createCertificate(parent: VerticalPodAutoscaling, name: string, simulated: boolean): pulumi.Resource[] {
  const metadata = { name: VPA_CERTIFICATE, namespace: parent.namespace };
  const issuer = new k8s.apiextensions.CustomResource(
    `${name}-issuer`,
    { apiVersion: "cert-manager.io/v1", kind: "Issuer", metadata, spec: { selfSigned: {} } },
    { parent },
  );
  const host = pulumi.interpolate`${VPA_SERVICE}.${parent.namespace}`;
  const annotations = simulated ? undefined : { "pulumi.com/waitFor": "condition=Ready" };
  const spec = {
    secretName: VPA_CERTIFICATE,
    dnsNames: [VPA_SERVICE, host, pulumi.interpolate`${host}.svc`],
    privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" },
    issuerRef: { kind: "Issuer", name: VPA_CERTIFICATE },
  };
  const certificate = new k8s.apiextensions.CustomResource(
    `${name}-certificate`,
    { apiVersion: "cert-manager.io/v1", kind: "Certificate", metadata: compact({ ...metadata, annotations }), spec },
    { parent, dependsOn: [issuer] },
  );
  return [issuer, certificate];
}

/** Checks the autoscaler's inputs. */
export function validateVerticalPodAutoscaling(_name: string, args: VerticalPodAutoscalingArgs): InputProblem[] {
  const { updates, platform = {} } = args;
  if (updates !== true || platform.certManager === true) return checkPart(args);
  const remedy = "Install CertManager and set platform.certManager, or leave updates out.";
  return [...checkPart(args), inputProblem("updates", updates, "false without cert-manager", remedy)];
}

/** What the autoscaler consists of, beside its namespace and its certificate. */
export function verticalPodAutoscalingRendering(args: VerticalPodAutoscalingArgs): Rendering {
  const { namespace = VPA_NAMESPACE, platform = {}, version } = args;
  const values = verticalPodAutoscalingValues(args);
  const chart = CHARTS.verticalPodAutoscaler;
  const source = compact({ chart, release: "vertical-pod-autoscaler", namespace, values, version });
  return { sources: [source], facts: platform, namespace, adjust: withoutNamespaces };
}
