import { basename } from "node:path";
import { unknownFunction } from "../stand-in";
import { isProperties, type Properties } from "../values";

/** The answer of a function, and what the user is to know of it. */
export interface Answer {
  answer: Properties;
  remark: string;
}

/** Functions that render, by token, with what they are asked to render. */
const RENDERED: Record<string, (args: Properties) => string> = {
  "kubernetes:helm:template": ({ jsonOpts }) => `Chart ${chartOf(jsonOpts)} is`,
  "kubernetes:kustomize:directory": ({ directory }) => `Manifests ${String(directory)} are`,
};

/** Answers a function of the Kubernetes package: whatever is rendered is empty. @throws Error for one that is not known. */
export function answered(token: string, args: Properties): Answer {
  const rendered = RENDERED[token];
  if (!rendered) throw unknownFunction(token, Object.keys(RENDERED));
  return { answer: { result: [] }, remark: `${rendered(args)} not rendered in an offline plan` };
}

/** A chart is named with its version, which a mirror has in the name of the chart's folder. */
function chartOf(options: unknown): string {
  const given: unknown = typeof options === "string" ? JSON.parse(options) : {};
  const { chart, version, path } = isProperties(given) ? given : {};
  if (typeof path === "string") return basename(path);
  return [basename(String(chart)), ...(typeof version === "string" ? [version] : [])].join(" ");
}
