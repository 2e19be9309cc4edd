import * as pulumi from "@pulumi/pulumi";
import { checkedInputs, compact } from "../../internal";
import { customObject, logAdvice, scaleUpAdvice } from "../object";
import type { InferenceServiceArgs } from "./inference-service-args";
import { inferenceServiceManifests, podsOf } from "./inference-service-manifest";
import { validateInferenceService } from "./inference-service-validation";
import { servingObject } from "./serving-object";

const WAIT_SECONDS = 1200;

/**
 * A model behind an address: KServe downloads it, picks a server for its format, scales it, and runs other versions beside it.
 *
 * Creates an InferenceService; a PodDisruptionBudget where there are several pods; and VirtualServices of Istio where versions
 * share the requests, or where these come from outside. Needs the platform's KServe.
 */
export class InferenceService extends pulumi.ComponentResource {
  /** Name of the InferenceService, under which servers know the model. */
  public readonly objectName: pulumi.Output<string>;
  /** Namespace of the InferenceService. */
  public readonly namespace: pulumi.Output<string>;
  /** Address within the cluster, in front of the transformer where there is one. */
  public readonly url: pulumi.Output<string>;

  /**
   * @throws pulumi.InputPropertiesError when there is neither a model nor an image, when something is asked for that the mode
   * does not have, when a count, quantity, share or time is out of its range, when no known pool has what is asked for, when
   * pods scale by nothing that means something, when a volume has not exactly one source or takes another's name or path, or
   * when a name, address, host or path is misspelt.
   */
  constructor(name: string, args: InferenceServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    const errors = validateInferenceService(name, args);
    super("mlstack:index:InferenceService", name, checkedInputs("InferenceService", name, args, errors), opts);

    const { service, budget, split, route } = inferenceServiceManifests(name, args);
    const { waitUntilReady: waitForCompletion = false, waitSeconds = WAIT_SECONDS } = args;
    const model = customObject(`${name}-service`, service, {
      parent: this,
      done: "condition=Ready",
      wait: { waitForCompletion, waitSeconds },
    });
    const after = { parent: this, dependsOn: [model] };
    for (const [suffix, manifest] of Object.entries(compact({ budget, split, route }))) {
      servingObject(`${name}-${suffix}`, manifest, after);
    }
    const { nodes } = podsOf(args);
    const role = { path: "", countArgument: "nodes", pods: nodes, gpus: args.gpus ?? 0 };
    logAdvice(scaleUpAdvice(`InferenceService ${name}`, role, args.pools), this);

    this.objectName = model.metadata.name;
    this.namespace = model.metadata.namespace;
    const step = args.transformer === undefined ? "predictor" : "transformer";
    this.url = pulumi.interpolate`http://${this.objectName}-${step}.${this.namespace}.svc`;
    this.registerOutputs({ objectName: this.objectName, namespace: this.namespace, url: this.url });
  }
}
