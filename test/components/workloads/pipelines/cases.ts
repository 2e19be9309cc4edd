import fc from "fast-check";
import {
  type NativePipelineArgs,
  Pipeline,
  type PipelineArgs,
  pipelineManifests,
  PipelineRun,
  type PipelineRunArgs,
  pipelineRunManifest,
  validatePipeline,
  validatePipelineRun,
} from "../../../../components/workloads/pipelines";
import { workflowObjects } from "../../../../components/workloads/workflows";
import { joined, objectArgs, someOf } from "../../../support/workloads/arguments";
import { FLAWS, flawed } from "../../../support/workloads/flaws";
import { workloadCase } from "../../../support/workloads/workload-case";
import { definitionArgs, settingsArgs } from "../workflows/arguments";
import { RUN_FLAWS, SETTING_FLAWS, waiting, WAITING_FLAWS } from "../workflows/cases";
import { DEFINITION_FLAWS } from "../workflows/definition-flaws";
import { definitions } from "../workflows/steps";
import { NATIVE_FLAWS } from "./native-flaws";
import { nativeDefinitionArgs, nativeDefinitions } from "./native-steps";

const defined = fc.record({ definition: definitionArgs });
const described = someOf<PipelineArgs>({ description: fc.constantFrom("", "Trains the model of demand.") } as never);

const byArgo: fc.Arbitrary<PipelineArgs> = joined(joined(defined, settingsArgs), described);

const native: fc.Arbitrary<PipelineArgs> = joined(
  joined(fc.record({ definition: nativeDefinitionArgs }), objectArgs),
  joined(
    described,
    fc.record({
      native: someOf<NativePipelineArgs>({
        versionName: fc.constantFrom("1.4.0", "a-b"),
        displayName: fc.constant("Demand"),
        codeSourceUrl: fc.constant("https://git.example.com/demand"),
        caches: fc.boolean(),
      }),
    }),
  ),
);

const given = someOf<PipelineRunArgs>({ parameters: fc.constantFrom({}, { day: "2026-02-03" }) } as never);
const ownRun: fc.Arbitrary<PipelineRunArgs> = joined(joined(defined, settingsArgs), joined(given, waiting));
const referring = fc.constantFrom<PipelineRunArgs>(
  { pipeline: "demand" },
  { pipeline: "demand", parameters: { day: "2026-02-03" }, parallelism: 3, serviceAccountName: "trainer" },
);

/** A pipeline is named where a workflow has its template. */
const RUN_OF_PIPELINE = RUN_FLAWS.map(([path, changes]): (typeof RUN_FLAWS)[number] => {
  const { workflowTemplate, ...rest } = changes;
  return [
    path.replace("workflowTemplate", "pipeline"),
    "workflowTemplate" in changes ? { ...rest, pipeline: workflowTemplate } : rest,
  ];
});

/** Pipelines that pass files. */
export const pipelineCases = [
  workloadCase<PipelineArgs>({
    component: "Pipeline",
    create: (name, args, opts) => new Pipeline(name, args, opts),
    validate: validatePipeline,
    objects: (name, args) => {
      const manifests = pipelineManifests(name, args);
      return args.native === undefined ? workflowObjects(name, args, manifests[0]!) : manifests;
    },
    variants: {
      trials: { definition: definitions.trials, lineage: { commit: "0123abc" } },
      native: { definition: nativeDefinitions.trials, native: {}, namespace: "kubeflow", description: "Demand by day" },
      "native-step": { definition: definitions.single, native: { versionName: "1.4.0", caches: true } },
    },
    args: fc.oneof(byArgo, native),
    flaws: fc.oneof(
      flawed(byArgo, [
        ...DEFINITION_FLAWS,
        ...SETTING_FLAWS,
        ["description.length", { description: "x".repeat(1025) }],
      ]),
      flawed(native, [...NATIVE_FLAWS, ...FLAWS.object]),
    ),
  }),
  workloadCase<PipelineRunArgs>({
    component: "PipelineRun",
    create: (name, args, opts) => new PipelineRun(name, args, opts),
    validate: validatePipelineRun,
    objects: (name, args) => workflowObjects(name, args, pipelineRunManifest(name, args)),
    variants: {
      trials: {
        definition: definitions.trials,
        parameters: { day: "2026-01-01" },
        lineage: { commit: "0123abc", parameters: { day: "2026-01-01" } },
        artifactStore: {
          bucket: "artifacts",
          region: "us-east-1",
          endpoint: "seaweedfs-s3.artifacts.svc:8333",
          insecure: true,
          credentialsSecret: "artifact-store",
        },
      },
    },
    args: fc.oneof({ weight: 5, arbitrary: ownRun }, referring),
    flaws: flawed(ownRun, [...DEFINITION_FLAWS, ...SETTING_FLAWS, ...RUN_OF_PIPELINE, ...WAITING_FLAWS]),
  }),
];
