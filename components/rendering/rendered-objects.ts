import * as pulumi from "@pulumi/pulumi";
import { inTurn, withoutCallbacks, withoutHooks, withoutRuntimeFields } from "./adjustments";
import { type Adjustment, type KubernetesObject, withScopes } from "./kubernetes-object";
import { OutputMarks } from "./output-marks";
import { PHASES, phaseOf } from "./phases";
import type { PlatformFacts } from "./platform-facts";
import { type RegistrationOptions, registerObject } from "./registered-object";
import { render } from "./render";
import { type Source, versionsIn } from "./source";

/** What is rendered, and what becomes of it before it is registered. */
export interface Rendering {
  /** Charts and manifests, of which the objects are registered together. */
  sources: Source[];
  /** What is known of the platform. */
  facts: PlatformFacts;
  /** Namespace that most objects are in; it is left out of their resources' names. */
  namespace: string;
  /** Changes the objects of all sources once hooks are left out; none by default. */
  adjust?: Adjustment;
}

/** Options of {@link RenderedObjects}; the rendering is among them, as functions are no inputs of a resource. */
interface RenderedOptions extends pulumi.ComponentResourceOptions {
  rendering: Rendering;
}

/**
 * The objects of charts and manifests, each a resource of its own: seen by previews and judged by policies.
 *
 * The Kubernetes provider renders; no Helm release is made. Objects are created in phases (see {@link PHASES}), so that a
 * webhook comes after its controller and goes before it. To depend on this component is to depend on all of them.
 */
export class RenderedObjects extends pulumi.ComponentResource<pulumi.CustomResource[]> {
  /** True once everything is there and ready: resource types established, pods ready, endpoints behind services. */
  public readonly ready: pulumi.Output<boolean>;

  /** @throws pulumi.RunError later, when a source cannot be had or rendered. */
  constructor(name: string, rendering: Rendering, opts: pulumi.ComponentResourceOptions) {
    const options: RenderedOptions = { ...opts, rendering };
    // What runs in which version is read back from the state, by which an upgrade is planned.
    super("mlstack:internal:RenderedObjects", name, { versions: versionsIn(rendering.sources) }, options);
    const ids = pulumi.output(this.getData()).apply((resources) => pulumi.all(resources.map(({ id }) => id)));
    this.ready = ids.apply(() => true);
  }

  /** Renders and registers. Pulumi calls it on construction, and waits for it wherever the component is depended on. */
  protected override async initialize(_: pulumi.Inputs, opts: pulumi.ComponentResourceOptions, name: string) {
    const { rendering } = opts as RenderedOptions;
    const { sources, facts, namespace } = rendering;
    const marks = new OutputMarks();
    const marked = sources.map((source) => marks.mark(source) as Source);
    const rendered = await Promise.all(marked.map((source) => render(source, facts, this)));
    const objects = adjustmentOf(rendering)(rendered.flat());
    return registerInPhases(name, objects, {
      parent: this,
      namespace,
      simulated: facts.simulated ?? false,
      callsBack: facts.simulated !== true || facts.runsControllers === true,
      fill: (object) => marks.fill(object) as KubernetesObject,
    });
  }
}

/** All that becomes of what the sources of a rendering give. */
export function adjustmentOf({ facts, adjust }: Pick<Rendering, "facts" | "adjust">): Adjustment {
  return inTurn(
    withoutHooks,
    withoutRuntimeFields,
    withScopes,
    ...(adjust === undefined ? [] : [adjust]),
    ...(facts.simulated === true && facts.runsControllers !== true ? [withoutCallbacks] : []),
  );
}

/** Each phase waits for the last one before it that has objects, and so for all before it. */
function registerInPhases(name: string, objects: KubernetesObject[], options: RegistrationOptions) {
  const all: pulumi.CustomResource[] = [];
  let before: pulumi.CustomResource[] = [];
  for (const phase of PHASES) {
    const own = objects.filter((object) => phaseOf(object) === phase);
    if (own.length === 0) continue;
    const registered = own.map((object) => registerObject(name, object, options, before));
    all.push(...registered);
    before = registered;
  }
  return all;
}
