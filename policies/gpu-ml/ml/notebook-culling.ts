import {
  arrayAt,
  childAt,
  containersOf,
  isTreeObject,
  isUnknown,
  nodeAt,
  pathInContainer,
  type ContainerAt,
  type Tree,
} from "../../../components/model";
import { wholeNumber } from "../../engine/parameters";
import { undecided, type Judgement, type ResourceRule } from "../../engine/rule";
import type { Subject } from "../../engine/subject";

const SWITCH = "ENABLE_CULLING";
const TIME = "CULL_IDLE_TIME";
const CONFIG = /^notebook-controller-config/;
const IMAGE = /(^|\/)notebook-controller(:|@|$)/;

/** Minutes after which the controller stops an idle notebook where nothing else is said. */
const DEFAULT_TIME = "1440";

const idleMinutes = wholeNumber(
  "a number of minutes from 1: most time that an idle notebook may keep its GPUs",
  1440,
  1,
);

/**
 * ML-10, culling: the notebook controller stops notebooks that nobody uses. It is off by default, and no Notebook can
 * ask for it by itself; nor may its pods have a deadline, as those of a StatefulSet.
 *
 * @see https://github.com/kubeflow/notebooks/blob/v1.11.0/components/notebook-controller/README.md
 */
export const notebookCulling: ResourceRule<{ idleMinutes: number }> = {
  id: "ML-10",
  title: "Idle notebooks are stopped",
  why: "A notebook keeps its GPUs from the day it is opened, and most of that time nobody uses it.",
  remediation: "Set `ENABLE_CULLING` of the notebook controller to true, and `CULL_IDLE_TIME` to a day or less.",
  url: "https://github.com/kubeflow/notebooks/blob/v1.11.0/components/notebook-controller/README.md",
  severity: "medium",
  level: "advisory",
  family: "ml",
  parameters: { idleMinutes },
  examples: {
    bad: `
apiVersion: v1
kind: ConfigMap
metadata: { name: notebook-controller-config, namespace: kubeflow }
data: { ENABLE_CULLING: "false" }
`,
    good: `
apiVersion: v1
kind: ConfigMap
metadata: { name: notebook-controller-config, namespace: kubeflow }
data: { ENABLE_CULLING: "true", CULL_IDLE_TIME: "120" }
`,
  },
  *judge(subject, parameters) {
    yield* judgeConfigMap(subject, parameters.idleMinutes);
    for (const at of subject.pods.flatMap((pods) => containersOf(pods))) {
      yield* judgeContainer(at, parameters.idleMinutes);
    }
  },
};

function* judgeConfigMap(subject: Subject, most: number): Iterable<Judgement> {
  if (!subject.is("/ConfigMap")) return;
  const name = nodeAt(subject.tree, "metadata.name");
  const data = childAt(subject.tree, "data");
  const isNamed = typeof name === "string" && CONFIG.test(name);
  if (isUnknown(data) && isNamed) yield undecided("data");
  if (!isTreeObject(data) || !(isNamed || Object.hasOwn(data, SWITCH))) return;
  yield* judgeSettings(data[SWITCH], `data.${SWITCH}`, data[TIME], `data.${TIME}`, most);
}

/** An environment variable as far as a container gives it. */
interface Variable {
  value: Tree;
  place: string;
  isGiven: boolean;
}

/** A value that comes from a ConfigMap is judged there. */
function* judgeContainer(at: ContainerAt, most: number): Iterable<Judgement> {
  const image = childAt(at.container, "image");
  if (typeof image !== "string" || !IMAGE.test(image)) return;
  const env = childAt(at.container, "env");
  const path = pathInContainer(at, "env");
  if (isUnknown(env)) {
    yield undecided(path);
    return;
  }
  const variables = arrayAt({ env }, "env");
  const [on, time] = [SWITCH, TIME].map((name): Variable => {
    const index = variables.findIndex((variable) => childAt(variable, "name") === name);
    const place = index === -1 ? path : `${path}[${index}].value`;
    return { value: childAt(variables[index], "value"), place, isGiven: index !== -1 };
  });
  if (on === undefined || time === undefined) return;
  if (on.isGiven && on.value === undefined) return;
  if (!on.isGiven && variables.some((variable) => isUnknown(childAt(variable, "name")))) {
    yield undecided(path);
    return;
  }
  if (!on.isGiven && arrayAt(at.container, "envFrom").length > 0) return;
  yield* judgeSettings(on.value, on.place, time.value, time.place, most);
}

function* judgeSettings(on: Tree, onPath: string, time: Tree, timePath: string, most: number): Iterable<Judgement> {
  if (isUnknown(on)) {
    yield undecided(onPath);
  } else if (on !== "true") {
    yield {
      path: onPath,
      observed: "off, so that idle notebooks keep their GPUs",
      allowed: `${SWITCH} "true"`,
      remedy: `Set ${SWITCH} to "true".`,
    };
    return;
  }
  if (isUnknown(time)) yield undecided(timePath);
  const minutes = typeof time === "string" ? Number(time) : Number(DEFAULT_TIME);
  if (isUnknown(time) || minutes <= most) return;
  yield {
    path: timePath,
    observed: `${minutes} minutes`,
    allowed: `at most ${most} minutes`,
    remedy: `Lower ${TIME}.`,
  };
}
