import type * as pulumi from "@pulumi/pulumi";
import type { PlatformPart, PoolShape, WorkflowArtifactStore } from "../../components";
import type { ScenarioNeeds } from "./placement";
import type { StoryGround } from "./story";

/** What a scenario is given to stand on. */
export interface ScenarioContext extends StoryGround {
  /** Pool to run on; undefined where the cluster brings its own nodes, any of which will do, and without a need of GPUs. */
  pool: PoolShape | undefined;
  /** All pools with GPUs; undefined where the cluster brings its own nodes. */
  pools: PoolShape[] | undefined;
  /** Parts of the platform that are there. */
  parts: PlatformPart[];
  /** Where workflows keep their files; undefined where nobody says. */
  artifactStore: WorkflowArtifactStore | undefined;
  /** Whether containers run, so that files come to be; false where all nodes are simulated. */
  containersRun: boolean;
}

/** A workload that an environment can switch on. */
export interface Scenario {
  /** What it shows, in one line. */
  description: string;
  /** What the most demanding of its pods needs of a node. */
  needs: ScenarioNeeds;
  /** Parts of the platform that it takes; none by default. */
  parts?: PlatformPart[];
  /** Whether it runs programs of `examples/`, whose images somebody must have built; false by default. */
  ownImages?: boolean;
  /** Whether it takes a volume that many pods write; false by default. */
  sharedVolume?: boolean;
  /** Whether steps of its workflows hand files on, which takes an artifact store; false by default. */
  usesArtifacts?: boolean;
  /** Whether its programs read and write that store by its address, which must then be known; false by default. */
  addressesStore?: boolean;
  /** Whether something scales by the use of CPU or memory, which takes a metrics server; false by default. */
  usesMetrics?: boolean;
  /** Labels that its namespace must have; none by default. */
  namespaceLabels?: Record<string, string>;
  /** Creates the workloads; yields the name of each, for example `Job ml/mnist`, once it stands or has completed. */
  deploy: (context: ScenarioContext) => pulumi.Output<string>[];
}
