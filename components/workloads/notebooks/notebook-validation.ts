import {
  checkDnsLabel,
  checkEnum,
  checkQuantity,
  checkWholeNumber,
  type InputProblem,
  inputProblem,
  problemAt,
} from "../../internal";
import { checkObject, checkQueue, checkServiceName } from "../object";
import { checkMountPath, checkPod } from "../pods";
import { type NotebookArgs, NotebookServer } from "./notebook-args";
import { WORKSPACE_VOLUME, workspacePath } from "./notebook-manifest";

/** StatefulSets label their pods with their own name and the hash of a revision, and labels have 63 characters. */
const REVISION_SUFFIX = "-5d4f8c7b9b".length;

/** Labels by which the controller finds the notebook's pod; the notebook's own would take their place. */
const CONTROLLER_LABELS = ["statefulset", "notebook-name"];

/** Words in annotations that the controller keeps from pods. */
const KEPT_FROM_PODS = /kubectl|notebook/;

/** Variable that the controller tells the notebook its address by. */
const PREFIX_VARIABLE = "NB_PREFIX";

/** Checks a Notebook's inputs as far as they are known. */
export function validateNotebook(name: string, args: NotebookArgs): InputProblem[] {
  const { objectName = name, labels = {}, annotations = {}, env = {}, secretEnv = {} } = args;
  return [
    ...checkPod("", args, { pods: 1, defaultGpus: 0, pools: args.pools }),
    ...checkEnum("server", args.server, NotebookServer),
    ...checkWholeNumber("port", args.port, { min: 1, max: 65_535 }),
    ...checkWorkspace(args),
    ...checkObject(name, args, { taken: REVISION_SUFFIX, reason: "before the revision in a label of its pod" }),
    ...checkServiceName(objectName),
    ...checkQueue(args),
    ...CONTROLLER_LABELS.filter((key) => key in labels).map((key) =>
      problemAt(`labels["${key}"]`, "set by the controller", "any label but this", "Rename the label."),
    ),
    ...Object.keys(annotations)
      .filter((key) => KEPT_FROM_PODS.test(key))
      .map((key) => {
        const allowed = 'keys without "notebook" and "kubectl"';
        return problemAt(`annotations["${key}"]`, "kept from the pod by the controller", allowed, "Rename the key.");
      }),
    ...[...Object.keys(env).map(inEnv), ...Object.keys(secretEnv).map(inSecretEnv)].filter(isPrefix).map(({ path }) => {
      return problemAt(path, "set by the controller", "any variable but this", "Remove the variable.");
    }),
    ...checkNamespace(args),
  ];
}

const inEnv = (key: string) => ({ key, path: `env["${key}"]` });
const inSecretEnv = (key: string) => ({ key, path: `secretEnv["${key}"]` });
const isPrefix = ({ key }: { key: string }) => key === PREFIX_VARIABLE;

/** The address of an RStudio is in a header, and has the namespace in it. */
function checkNamespace({ server, namespace }: NotebookArgs): InputProblem[] {
  if (server !== NotebookServer.rStudio || namespace !== undefined) return [];
  return [inputProblem("namespace", namespace, "a namespace with server rstudio", "Name the notebook's namespace.")];
}

function checkWorkspace(args: NotebookArgs): InputProblem[] {
  const { workspaceClaim, workspaceSize, workspaceStorageClassName, volumes = [] } = args;
  const ofNew = Object.entries({ workspaceSize, workspaceStorageClassName }).filter(([, given]) => given !== undefined);
  const path = workspacePath(args);
  return [
    ...checkQuantity("workspaceSize", workspaceSize, "10Gi"),
    ...(workspaceStorageClassName === undefined
      ? []
      : checkDnsLabel("workspaceStorageClassName", workspaceStorageClassName)),
    ...checkMountPath("workspacePath", path),
    ...(workspaceClaim === undefined
      ? []
      : ofNew.map(([key, given]) =>
          inputProblem(key, given, "nothing with workspaceClaim, which is there already", "Leave one of the two out."),
        )),
    ...volumes.flatMap(({ name, mountPath }, index) => [
      ...(name === WORKSPACE_VOLUME
        ? [inputProblem(`volumes[${index}].name`, name, "any name but that of the workspace's volume", "Rename it.")]
        : []),
      ...(mountPath === path
        ? [inputProblem(`volumes[${index}].mountPath`, mountPath, "any path but workspacePath", "Choose another.")]
        : []),
    ]),
  ];
}
