import * as pulumi from "@pulumi/pulumi";
import {
  checkedInputs,
  checkTaintSyntax,
  compact,
  type InputProblem,
  inputProblem,
  type Toleration,
} from "../../internal";
import { CHARTS } from "../../model/versions";
import { edit, inTurn, RenderedObjects, type Rendering } from "../../rendering";
import { type ChartPartArgs, checkPart } from "../part/part-args";
import { partNamespace, PodSecurityLevel, withoutNamespaces } from "../part/part-namespace";
import { DCGM_EXPORTER_NAME, dcgmExporterValues } from "./dcgm-exporter-values";

/** What a {@link DcgmExporter} is made from. Every argument has a default; `replicas` means nothing, as each node has one. */
export interface DcgmExporterArgs extends ChartPartArgs {
  /** Tolerations beside that of every `nvidia.com/gpu` taint: one for each further taint of the GPU pools. */
  tolerations?: Toleration[];
  /**
   * Labels of pods that samples of their GPUs carry too, as regular expressions for the labels' keys; none by default, as
   * each value makes series of its own. The exporter may then read pods.
   */
  podLabels?: string[];
  /** How often Prometheus asks, a duration of Prometheus; `15s` by default. */
  scrapeInterval?: string;
}

/**
 * NVIDIA's DCGM exporter: tells Prometheus of utilisation, memory, temperature and errors of GPUs, and which pod uses each.
 * It runs on nodes labelled `nvidia.com/gpu.present=true`, as those of a GpuNodePool are.
 *
 * Not beside a GpuOperator that brings an exporter of its own. Creates a namespace, a DaemonSet, a Service, the list of
 * counters, and a ServiceMonitor where the platform has Prometheus.
 */
export class DcgmExporter extends pulumi.ComponentResource {
  /** Namespace of the exporter. */
  public readonly namespace: pulumi.Output<string>;
  /** True once the exporter runs on every GPU node there is, which may be none yet. */
  public readonly ready: pulumi.Output<boolean>;

  /**
   * @throws pulumi.InputPropertiesError when the namespace is Kubernetes' own, when a toleration, regular expression or
   * duration is misspelt, or a name, quantity or version is.
   */
  constructor(name: string, args: DcgmExporterArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    const errors = validateDcgmExporter(name, args);
    super("mlstack:index:DcgmExporter", name, checkedInputs("DcgmExporter", name, args, errors), opts);

    const rendering = dcgmExporterRendering(args);
    // It reads the kubelet's socket, and the profiling counters of GPUs need CAP_SYS_ADMIN.
    const namespace = partNamespace(name, rendering.namespace, PodSecurityLevel.privileged, this);
    const objects = new RenderedObjects(`${name}-objects`, rendering, { parent: this, dependsOn: [namespace] });
    this.namespace = namespace.metadata.name;
    this.ready = objects.ready;
    this.registerOutputs({ namespace: this.namespace, ready: this.ready });
  }
}

/** Checks an exporter's inputs. */
export function validateDcgmExporter(_name: string, args: DcgmExporterArgs): InputProblem[] {
  return [
    ...checkPart(args),
    ...checkTaintSyntax("tolerations", args.tolerations),
    ...(args.podLabels ?? []).flatMap((expression, index) => checkExpression(`podLabels[${index}]`, expression)),
    ...checkDuration("scrapeInterval", args.scrapeInterval),
  ];
}

function checkExpression(path: string, expression: string): InputProblem[] {
  const problem = inputProblem(path, expression, "a regular expression without commas", "Name a label's key.");
  try {
    new RegExp(expression);
  } catch {
    return [problem];
  }
  // The chart hands all of them over in one text.
  return expression === "" || expression.includes(",") ? [problem] : [];
}

function checkDuration(path: string, duration: string | undefined): InputProblem[] {
  if (duration === undefined || /^[1-9]\d*[smh]$/.test(duration)) return [];
  return [inputProblem(path, duration, "whole seconds, minutes or hours", 'Write it like "15s".')];
}

/** What the exporter consists of, beside its namespace. */
export function dcgmExporterRendering(args: DcgmExporterArgs): Rendering {
  const { namespace = DCGM_EXPORTER_NAME, platform = {}, version } = args;
  const values = dcgmExporterValues(args);
  const source = compact({ chart: CHARTS.dcgmExporter, release: DCGM_EXPORTER_NAME, namespace, values, version });
  return { sources: [source], facts: platform, namespace, adjust: inTurn(withoutNamespaces, notAwaited) };
}

/** Pools may have no node yet, and so the Service no pod. */
const notAwaited = edit("Service", DCGM_EXPORTER_NAME, ({ metadata }) => {
  metadata.annotations = { ...metadata.annotations, "pulumi.com/skipAwait": "true" };
});
