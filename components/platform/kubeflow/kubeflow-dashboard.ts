import * as pulumi from "@pulumi/pulumi";
import { checkedInputs, compact } from "../../internal";
import { MANIFESTS } from "../../model/versions";
import { inTurn, RenderedObjects, type Rendering } from "../../rendering";
import { behindConsole, userHeader } from "./kubeflow-console";
import { hardened } from "./hardening";
import { KUBEFLOW_NAMESPACE } from "./kubeflow-args";
import { DashboardPage, type KubeflowDashboardArgs, validateKubeflowDashboard } from "./kubeflow-dashboard-args";
import { kubeflowNamespace } from "./kubeflow-namespace";
import { configured, edited, patched, podOf, setEnvironment, withConfigDigests } from "./manifest-edits";
import { inNamespace } from "./relocation";

/**
 * Kubeflow's dashboard: one page with a menu of the web applications of all parts, and a choice of the user's namespaces.
 *
 * Creates a namespace, the dashboard and its route. Needs Istio with a gateway where users sign in, and KubeflowProfiles for
 * what users see.
 */
export class KubeflowDashboard extends pulumi.ComponentResource {
  /** Namespace of the dashboard. */
  public readonly namespace: pulumi.Output<string>;
  /** True once the dashboard answers. */
  public readonly ready: pulumi.Output<boolean>;

  /**
   * @throws pulumi.InputPropertiesError when there is no console, the namespace is Kubernetes' own, or a name, page, link,
   * number, quantity or version is misspelt.
   */
  constructor(name: string, args: KubeflowDashboardArgs, opts?: pulumi.ComponentResourceOptions) {
    const errors = validateKubeflowDashboard(name, args);
    super("mlstack:index:KubeflowDashboard", name, checkedInputs("KubeflowDashboard", name, args, errors), opts);

    const rendering = kubeflowDashboardRendering(args);
    const { name: namespace, made } = kubeflowNamespace(name, args, this, args.console);
    const objects = new RenderedObjects(`${name}-objects`, rendering, { parent: this, dependsOn: made });
    this.namespace = namespace;
    this.ready = objects.ready;
    this.registerOutputs({ namespace: this.namespace, ready: this.ready });
  }
}

/**
 * What the dashboard consists of, beside its namespace.
 *
 * @see https://github.com/kubeflow/dashboard/tree/v2.0.0/components/centraldashboard
 */
export function kubeflowDashboardRendering(args: KubeflowDashboardArgs): Rendering {
  const { namespace = KUBEFLOW_NAMESPACE, platform = {}, version, replicas = 2, resources, console } = args;
  const { registration = false, logoutUrl = "/oauth2/sign_out" } = args;
  const folder = "centraldashboard/manifests/kustomize/overlays/istio";
  const adjust = inTurn(
    configured("dashboard-config", { links: JSON.stringify(dashboardLinks(args)) }),
    configured("dashboard-parameters", {
      REGISTRATION_FLOW: String(registration),
      USERID_HEADER: userHeader(console),
    }),
    edited("Deployment", "dashboard", (dashboard) => {
      setEnvironment(podOf(dashboard).containers[0]!, { LOGOUT_URL: logoutUrl });
    }),
    behindConsole(console),
    inNamespace(namespace),
    hardened({
      platform,
      replicas: { dashboard: replicas },
      resources: { dashboard: { cpu: "50m", memory: "512Mi", ...resources } },
    }),
    patched(args.patches),
    withConfigDigests,
  );
  const source = compact({ manifests: MANIFESTS.dashboard, folder, version });
  return { sources: [source], facts: platform, namespace, adjust };
}

const item = (text: string, link: string, icon?: string) => compact({ type: "item", text, link, icon });

/** Entries of the menu, by page. */
const menu: Record<DashboardPage, object> = {
  [DashboardPage.notebooks]: item("Notebooks", "/jupyter/", "book"),
  [DashboardPage.tensorBoards]: item("TensorBoards", "/tensorboards/", "assessment"),
  [DashboardPage.volumes]: item("Volumes", "/volumes/", "device:storage"),
  [DashboardPage.katib]: item("Katib Experiments", "/katib/", "kubeflow:katib"),
  [DashboardPage.kserve]: item("KServe Endpoints", "/kserve-endpoints/", "kubeflow:models"),
  [DashboardPage.modelRegistry]: item("Model Registry", "/model-registry/", "assignment"),
  [DashboardPage.pipelines]: {
    type: "section",
    text: "Pipelines",
    icon: "kubeflow:pipeline-centered",
    items: [
      item("Pipelines", "/pipeline/#/pipelines"),
      item("Experiments", "/pipeline/#/experiments"),
      item("Runs", "/pipeline/#/runs"),
      item("Recurring Runs", "/pipeline/#/recurringruns"),
      item("Artifacts", "/pipeline/#/artifacts"),
      item("Executions", "/pipeline/#/executions"),
    ],
  },
};

/** What users do most, by page. */
const quickLinks: [DashboardPage, object][] = [
  [DashboardPage.notebooks, { text: "Create a new Notebook", desc: "Kubeflow Notebooks", link: "/jupyter/new" }],
  [DashboardPage.pipelines, { text: "View Pipeline Runs", desc: "Pipelines", link: "/pipeline/#/runs" }],
];

/** Links of the dashboard: only to what is there. */
export function dashboardLinks({ pages = [], links = [] }: Pick<KubeflowDashboardArgs, "pages" | "links">) {
  return {
    menuLinks: pages.map((page) => menu[page]),
    externalLinks: links.map(({ text, link, icon = "launch" }) => ({ type: "item", iframe: false, text, link, icon })),
    quickLinks: quickLinks.filter(([page]) => pages.includes(page)).map(([, link]) => link),
    documentationItems: [],
  };
}
