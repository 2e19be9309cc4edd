import { type InputProblem, inputProblem, isPlain, problemAt } from "../../internal";
import { checkObject, checkServiceName } from "../object";
import { checkPod } from "../pods";
import type { TensorBoardArgs } from "./tensor-board-args";
import { serverPod } from "./tensor-board-manifest";

/** Options that say where logs and pages are, which is told by other arguments, and what probes and routes rely on. */
const OWN_OPTIONS = /^--(logdir|log_dir|logdir_spec|bind_all|host|port|path_prefix|inspect|version_tb)\b/;

/** The controller's Service has a port of this name, with 63 characters at most. */
const PORT_PREFIX = "http-".length;

/** Checks a TensorBoard's inputs as far as they are known. */
export function validateTensorBoard(name: string, args: TensorBoardArgs): InputProblem[] {
  const { objectName = name, standalone = false } = args;
  return [
    ...checkLogs(args),
    ...(standalone ? checkServer(args) : checkControlled(args)),
    ...checkObject(
      name,
      args,
      standalone ? undefined : { taken: PORT_PREFIX, reason: "after http-, the Service's port" },
    ),
    ...checkServiceName(objectName),
  ];
}

function checkLogs({ logsClaim, logsFolder, logsUrl }: TensorBoardArgs): InputProblem[] {
  const both = logsClaim !== undefined && logsUrl !== undefined;
  const none = logsClaim === undefined && logsUrl === undefined;
  return [
    ...(none ? [problemAt("logsClaim", "missing", "either logsClaim or logsUrl", "Say where the logs are.")] : []),
    ...(both
      ? [problemAt("logsUrl", "given together with logsClaim", "one of the two", "Leave one of them out.")]
      : []),
    ...(isPlain(logsClaim) && !/^[a-z0-9]([-.a-z0-9]*[a-z0-9])?$/.test(logsClaim)
      ? [inputProblem("logsClaim", logsClaim, "the name of a PersistentVolumeClaim", "Name the claim with the logs.")]
      : []),
    ...(logsFolder !== undefined && logsClaim === undefined
      ? [problemAt("logsFolder", "given without logsClaim", "a folder of a claim", "Write it into logsUrl.")]
      : []),
    ...(isPlain(logsFolder) && !isFolder(logsFolder)
      ? [
          inputProblem(
            "logsFolder",
            logsFolder,
            "a path within the claim, without .. and outer slashes",
            "Write it like runs/resnet.",
          ),
        ]
      : []),
    ...(isPlain(logsUrl) && !/^s3:\/\/[^/\s]+(\/\S*)?$/.test(logsUrl)
      ? [inputProblem("logsUrl", logsUrl, "an address such as s3://acme-runs/resnet", "Write it so.")]
      : []),
  ];
}

function isFolder(path: string): boolean {
  return path.split("/").every((part) => part !== "" && part !== "." && part !== "..");
}

/** What only a pod of one's own can be told. */
function checkControlled({ server, labels = {} }: TensorBoardArgs): InputProblem[] {
  return [
    ...(server === undefined
      ? []
      : [
          problemAt(
            "server",
            "given without standalone",
            "nothing: the controller makes all pods alike",
            "Set standalone.",
          ),
        ]),
    ...("app" in labels
      ? [problemAt('labels["app"]', "set by the controller", "any label but this", "Rename the label.")]
      : []),
  ];
}

function checkServer(args: TensorBoardArgs): InputProblem[] {
  const { server = {}, logsUrl, pools } = args;
  const options = server.args ?? [];
  // The volume is the component's own.
  const { volumes: _volumes, ...pod } = serverPod(args);
  return [
    ...checkPod("server.", pod, { pods: 1, defaultGpus: 0, pools }),
    ...(logsUrl !== undefined && server.image === undefined
      ? [
          inputProblem(
            "server.image",
            server.image,
            "an image that reads buckets, with logsUrl",
            "Name one with TensorBoard and boto3.",
          ),
        ]
      : []),
    ...options.flatMap((option, index) => {
      const path = `server.args[${index}]`;
      if (!option.startsWith("--")) {
        return [
          inputProblem(path, option, "an option with its value, such as --reload_interval=30", "Write it in one."),
        ];
      }
      if (!OWN_OPTIONS.test(option)) return [];
      return [inputProblem(path, option, "options that nothing else sets", "Remove it.")];
    }),
  ];
}
