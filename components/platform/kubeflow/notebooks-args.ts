import { checkWholeNumber, type InputProblem, inputProblem } from "../../internal";
import { checkKubeflowConsole, type KubeflowConsole } from "./kubeflow-console";
import { checkCertificates, checkKubeflowPart, type KubeflowPartArgs } from "./kubeflow-args";
import { checkSpawner, type SpawnerConfig } from "./spawner-args";

/** What {@link Notebooks} are made from. Every argument has a default. */
export interface NotebooksArgs extends KubeflowPartArgs {
  /**
   * Minutes without activity after which a notebook is stopped, and its GPUs are free again; 120 by default, 0 for never. Its
   * volume stays. Upstream never stops one unless told to.
   */
  cullIdleMinutes?: number;
  /** Minutes between looks at a notebook's activity; 1 by default. */
  cullCheckMinutes?: number;
  /** Whether volumes are made writable for the group of Kubeflow's images (100); true by default. */
  fsGroup?: boolean;
  /**
   * A gateway that lets in only who has signed in. By default there is none: notebooks are made with kubectl or typed
   * resources and reached by port-forward, and the web applications, which trust whoever reaches them, are left out.
   */
  console?: KubeflowConsole;
  /** What users may choose from when they start a notebook; only with `console`. */
  spawner?: SpawnerConfig;
  /** Whether there is a web application for volumes; true by default with `console`, and only with it. */
  volumesApp?: boolean;
  /** Whether users may look into volumes; false by default. Needs `console` and cert-manager. */
  volumeViewer?: boolean;
}

/** Checks inputs of notebooks. */
export function validateNotebooks(_name: string, args: NotebooksArgs): InputProblem[] {
  const { cullIdleMinutes, cullCheckMinutes, console, spawner, volumesApp = false, volumeViewer = false } = args;
  const pages = { spawner: spawner !== undefined, volumesApp, volumeViewer };
  const wanted = Object.entries(pages).filter(([, isWanted]) => isWanted && console === undefined);
  const remedy = "Set console, so that the web application knows who asks.";
  return [
    ...checkKubeflowPart(args),
    ...checkWholeNumber("cullIdleMinutes", cullIdleMinutes, { min: 0 }),
    ...checkWholeNumber("cullCheckMinutes", cullCheckMinutes, { min: 1 }),
    ...checkKubeflowConsole("console", console),
    ...checkSpawner("spawner", spawner),
    ...wanted.map(([key]) => inputProblem(key, args[key as keyof NotebooksArgs], "nothing without a console", remedy)),
    ...(volumeViewer ? checkCertificates(args, "volumeViewer") : []),
  ];
}
