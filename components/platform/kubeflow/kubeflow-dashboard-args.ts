import { checkEnum, type InputProblem, inputProblem } from "../../internal";
import type { KubeflowConsole } from "./kubeflow-console";
import { checkKubeflowPart, type KubeflowPartArgs } from "./kubeflow-args";
import { checkNeededConsole } from "./tensor-board-controller";

/** Parts of Kubeflow that have pages of their own in the dashboard. */
export const DashboardPage = {
  notebooks: "notebooks",
  tensorBoards: "tensorboards",
  volumes: "volumes",
  katib: "katib",
  kserve: "kserve",
  pipelines: "pipelines",
  modelRegistry: "model-registry",
} as const;
/** Parts of Kubeflow that have pages of their own in the dashboard. */
export type DashboardPage = (typeof DashboardPage)[keyof typeof DashboardPage];

/** A link of the dashboard's menu to somewhere else. */
export interface DashboardLink {
  /** What users see. */
  text: string;
  /** Address, or a path under the console's host. */
  link: string;
  /** Icon by the names of Polymer's iron-icons; `launch` by default. */
  icon?: string;
}

/** What a {@link KubeflowDashboard} is made from. */
export interface KubeflowDashboardArgs extends KubeflowPartArgs {
  /** A gateway that lets in only who has signed in. It must be there: the dashboard shows whatever that user may see. */
  console: KubeflowConsole;
  /** Pages of the menu, in this order: name the parts that are installed with a web application. None by default. */
  pages?: DashboardPage[];
  /** Further links of the menu; none by default. */
  links?: DashboardLink[];
  /** Whether who signs in first may make a namespace for himself; false by default: administrators make profiles. */
  registration?: boolean;
  /** Where users sign out; `/oauth2/sign_out` by default, as oauth2-proxy has it. */
  logoutUrl?: string;
}

/** Checks a dashboard's inputs. */
export function validateKubeflowDashboard(_name: string, args: KubeflowDashboardArgs): InputProblem[] {
  const { pages = [], links = [], logoutUrl } = args;
  const addresses = [
    ...links.map(({ link }, index) => [`links[${index}].link`, link]),
    ["logoutUrl", logoutUrl],
  ] as const;
  const wrong = addresses.filter(([, address]) => address !== undefined && !/^(https:\/\/|\/)\S*$/.test(address));
  const remedy = "Start it with https:// or a slash.";
  return [
    ...checkKubeflowPart(args),
    ...checkNeededConsole(args.console),
    ...pages.flatMap((page, index) => checkEnum(`pages[${index}]`, page, DashboardPage)),
    ...wrong.map(([path, address]) => inputProblem(path, address, "an address or a path", remedy)),
  ];
}
