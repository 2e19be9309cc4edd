import { arrayAt, isUnknown, pathInContainer, type ContainerAt, type Tree } from "../../../components/model";
import { containerValue, judgeContainers, type PodGroup } from "../../engine/pods";
import { undecided, type Judgement, type ResourceRule } from "../../engine/rule";
import { chartNamed, chartValue } from "../installed-chart";

/** Values of the chart that name modes, and those that are arguments. */
const MODE_VALUES = ["server.authModes", "server.authMode"];
const ARGUMENT_VALUES = ["server.extraArgs"];

/** The image of the server, which is that of the command line. */
const IMAGE = /(^|\/)argocli[:@]|(^|\/)argocli$/;

/**
 * ML-03, server: Argo Server asks who its users are. In mode `server` it does for anyone what its own account may do.
 *
 * @see https://argo-workflows.readthedocs.io/en/release-4.1/argo-server-auth-mode/
 * @see https://github.com/argoproj/argo-helm/blob/argo-workflows-1.0.18/charts/argo-workflows/values.yaml
 */
export const argoServerAuth: ResourceRule = {
  id: "ML-03",
  title: "Argo Server asks who its users are",
  why: "In auth mode server, whoever reaches Argo Server runs and deletes workflows without signing in.",
  remediation: "Run Argo Server with auth mode `client` or `sso`.",
  url: "https://argo-workflows.readthedocs.io/en/latest/argo-server-auth-mode/",
  severity: "high",
  level: "mandatory",
  family: "ml",
  parameters: {},
  examples: {
    bad: `
apiVersion: apps/v1
kind: Deployment
metadata: { name: argo-server, namespace: argo }
spec:
  selector: { matchLabels: { app: argo-server } }
  template:
    metadata: { labels: { app: argo-server } }
    spec:
      containers:
        - name: argo-server
          image: quay.io/argoproj/argocli:v4.1.2
          args: [server, --auth-mode=server]
`,
    good: `
apiVersion: apps/v1
kind: Deployment
metadata: { name: argo-server, namespace: argo }
spec:
  selector: { matchLabels: { app: argo-server } }
  template:
    metadata: { labels: { app: argo-server } }
    spec:
      containers:
        - name: argo-server
          image: quay.io/argoproj/argocli:v4.1.2
          args: [server, --auth-mode=sso]
`,
  },
  *judge(subject) {
    yield* judgeContainers(subject.pods, judgeContainer);
    const chart = chartNamed(subject, "argo-workflows");
    if (chart === undefined) return;
    const values = [...MODE_VALUES, ...ARGUMENT_VALUES].map((value): [string, Tree] => [
      `values.${value}`,
      chartValue(chart, value, undefined),
    ]);
    const found = values.flatMap(([path, value]) =>
      MODE_VALUES.some((mode) => path.endsWith(mode)) ? judgeModes(value, path) : judgeArguments(value, path),
    );
    if (isUnknown(chart.name) && found.length > 0) yield undecided("chart");
    else yield* found;
  },
};

function* judgeContainer(at: ContainerAt, pods: PodGroup): Iterable<Judgement> {
  const image = containerValue(pods, at, "image");
  const isServer = typeof image === "string" && IMAGE.test(image);
  for (const field of ["command", "args"]) {
    const path = pathInContainer(at, field);
    const found = judgeArguments(containerValue(pods, at, field), path);
    // Arguments that are not known yet may be these only where the image is that of Argo.
    yield* found.filter((judgement) => isServer || !("undecidedPath" in judgement));
  }
}

function judgeModes(modes: Tree, path: string): Judgement[] {
  if (isUnknown(modes)) return [undecided(path)];
  if (!Array.isArray(modes)) return modes === "server" ? [anyone(path)] : [];
  return modes.flatMap((mode, index) => judgeModes(mode, `${path}[${index}]`));
}

/** The flag may stand by itself, with its mode in the next argument, or inside the text of a shell. */
function judgeArguments(given: Tree, path: string): Judgement[] {
  if (isUnknown(given)) return [undecided(path)];
  const list = arrayAt({ given }, "given");
  return list.flatMap((argument, index): Judgement[] => {
    const at = `${path}[${index}]`;
    if (isUnknown(argument)) return [undecided(at)];
    const isMode = list[index - 1] === "--auth-mode" && argument === "server";
    return isMode || (typeof argument === "string" && /--auth-mode[= ]server\b/.test(argument)) ? [anyone(at)] : [];
  });
}

function anyone(path: string): Judgement {
  return {
    path,
    observed: "auth mode server, which asks nobody who they are",
    allowed: "auth mode client or sso",
    remedy: "Use sso with an identity provider, or client with the users' own tokens.",
  };
}
