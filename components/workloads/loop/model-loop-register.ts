import { compact } from "../../internal";
import type { ModelVersionArgs } from "../registry/model-version-args";
import { registrationPod } from "../registry/model-version-manifest";
import { textOf } from "../object/known";
import { containerStep } from "../workflows/builder";
import type { LoopRegisterArgs, ModelLoopArgs } from "./model-loop-args";
import { MODEL_URI_INPUT, RUN_ID } from "./model-loop-names";
import { type Action, texts } from "./model-loop-steps";

/** Exit code by which the script says that another try would end the same way. */
const PERMANENT = 78;

/** The version that a run registers, as its room describes it. Its metrics are known once the run has measured them. */
export function versionArgs(objectName: string, args: ModelLoopArgs, register: LoopRegisterArgs): ModelVersionArgs {
  const { namespace, labels, lineage, pools, serve } = args;
  const { format, version: formatVersion } = serve.model ?? {};
  return {
    ...compact({ namespace, labels, lineage, pools, format, formatVersion }),
    ...register,
    objectName,
    model: register.model ?? objectName,
    version: RUN_ID,
    uri: `{{inputs.parameters.${MODEL_URI_INPUT}}}`,
  };
}

/** Registers the run's model by the script of the registry's room, with all metrics of the evaluation. */
export function registerStep(objectName: string, args: ModelLoopArgs, register: LoopRegisterArgs): Action {
  const { metrics } = args.evaluate;
  const numbers = Object.fromEntries(metrics.map((name) => [name, `{{inputs.parameters.${name}}}`]));
  const version = { ...versionArgs(objectName, args, register), metrics: numbers } as unknown as ModelVersionArgs;
  const pod = registrationPod(objectName, version);
  const env = Object.fromEntries(
    Object.entries(pod.env ?? {}).map(([name, value]) => [
      name,
      textOf({ value }, (known) => withNumbers((known as { value: string }).value, metrics)),
    ]),
  );
  return containerStep("register", {
    inputs: texts(MODEL_URI_INPUT, ...metrics),
    run: () => ({ ...pod, env }),
    retry: { permanentExitCodes: [PERMANENT] },
  });
}

/** Variables of metrics stand without quotes, or they would be texts. */
function withNumbers(record: string, metrics: string[]): string {
  return metrics.reduce(
    (text, name) =>
      text.replace(`"${name}":"{{inputs.parameters.${name}}}"`, `"${name}":{{inputs.parameters.${name}}}`),
    record,
  );
}
