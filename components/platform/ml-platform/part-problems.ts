import { type InputProblem, problemAt } from "../../internal";
import type { MlPlatformArgs, PlatformPart } from "./ml-platform-args";

/** What a part says of what it was told rather than given, and how a platform says it. */
interface Rewording {
  /** Path of the problem within the part. */
  path: RegExp;
  /** Path within the platform, where only that differs; `undefined` where the problem is no other. */
  pathOf?: (match: RegExpExecArray, args: MlPlatformArgs) => string | undefined;
  /** The problem in other words. */
  reword?: (part: PlatformPart, problem: InputProblem) => InputProblem;
}

const rewordings: Rewording[] = [
  { path: /^platform\.(systemPool|kubernetesVersion)$/, pathOf: ([path]) => path },
  { path: /^platform\.certManager$/, reword: withoutCertificates },
  { path: /^pools$/, pathOf: ([path]) => path },
  { path: /^tenants\[(\d+)\]\.gpus$/, pathOf: ([, index], args) => tenantPath(args, Number(index), "limits.gpus") },
  {
    path: /^tenants\[(\d+)\]\.clusterQueues\[(\d+)\]$/,
    pathOf: ([, index, queue], args) => tenantPath(args, Number(index), `queues[${queue}].clusterQueue`),
  },
];

/** Puts a problem of a part in terms of the platform: under the part's name, or where the platform was told of it. */
export function inPlatform(part: PlatformPart, problem: InputProblem, args: MlPlatformArgs): InputProblem {
  const { propertyPath } = problem;
  const own = args[part] as { platform?: object };
  for (const { path, pathOf, reword } of own.platform === undefined ? rewordings : []) {
    const match = path.exec(propertyPath);
    if (match === null) continue;
    if (reword !== undefined) return reword(part, problem);
    const other = pathOf?.(match, args);
    if (other !== undefined) return moved(problem, other);
  }
  return moved(problem, `${part}.${propertyPath}`);
}

/** Each problem once: what the platform was told, every part would find fault with. */
export function withoutRepetition(problems: InputProblem[]): InputProblem[] {
  return [...new Map(problems.map((problem) => [problem.reason, problem])).values()];
}

/** The same problem at another path, with which its reason begins. */
export function moved({ propertyPath, reason }: InputProblem, path: string): InputProblem {
  return { propertyPath: path, reason: path + reason.slice(propertyPath.length) };
}

function withoutCertificates(part: PlatformPart, { reason }: InputProblem): InputProblem {
  const [, purpose = part] = /allowed: true for (.*?)\. /.exec(reason) ?? [];
  const remedy = "Add certManager: {}, or say in platform.certManager that it is there already.";
  return problemAt("certManager", `missing beside ${part}`, `certManager, for ${purpose}`, remedy);
}

/** Queues are told of tenants in the order in which these are given. */
function tenantPath({ tenants = {} }: MlPlatformArgs, index: number, rest: string): string | undefined {
  const name = Object.keys(tenants)[index];
  return name === undefined ? undefined : `tenants["${name}"].${rest}`;
}
