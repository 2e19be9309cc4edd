import { describe, expect, it } from "vitest";
import {
  dashboardLinks,
  DashboardPage,
  KubeflowDashboard,
  type KubeflowDashboardArgs,
  kubeflowDashboardRendering,
} from "../../../../components/platform/kubeflow";
import { problemsOf, startMocks, valueOf } from "../../../support/mocks";
import { hasUpstream, platformMirror } from "../../../support/platform-mirror";
import { objectsOf, renderedOnce } from "../../../support/rendering";
import { consoleOfLab, environmentOf, flawsOf, objectOf, titles } from "./samples";

describe("The dashboard's manifests", () => {
  it.skipIf(!hasUpstream)("run it twice behind the console, where nobody makes himself a namespace", async () => {
    const objects = await objectsOf(kubeflowDashboardRendering({ console: consoleOfLab, namespace: "kf" }));
    expect(titles(objects, "Deployment", "PodDisruptionBudget", "VirtualService", "AuthorizationPolicy")).toEqual([
      "Deployment kf/dashboard",
      "PodDisruptionBudget kf/dashboard",
      "VirtualService kf/dashboard",
      "AuthorizationPolicy kf/dashboard",
    ]);
    expect(objectOf(objects, "ConfigMap", "dashboard-parameters")["data"]).toMatchObject({
      REGISTRATION_FLOW: "false",
      USERID_HEADER: "kubeflow-userid",
    });
    expect(environmentOf(objectOf(objects, "Deployment", "dashboard"))).toMatchObject({
      PROFILES_KFAM_SERVICE_HOST: "profiles-kfam.kf",
      LOGOUT_URL: "/oauth2/sign_out",
    });
    expect(flawsOf(objects)).toEqual([]);
  });
});

describe("The dashboard's links", () => {
  it("lead only to what is there, and where one wants", () => {
    const links = [{ text: "Grafana", link: "https://grafana.lab.example" }];
    expect(dashboardLinks({ pages: [DashboardPage.katib, DashboardPage.notebooks], links })).toEqual({
      menuLinks: [
        { type: "item", text: "Katib Experiments", link: "/katib/", icon: "kubeflow:katib" },
        { type: "item", text: "Notebooks", link: "/jupyter/", icon: "book" },
      ],
      externalLinks: [
        { type: "item", iframe: false, text: "Grafana", link: "https://grafana.lab.example", icon: "launch" },
      ],
      quickLinks: [{ text: "Create a new Notebook", desc: "Kubeflow Notebooks", link: "/jupyter/new" }],
      documentationItems: [],
    });
  });

  it("are none by default", () => {
    expect(dashboardLinks({}).menuLinks).toEqual([]);
  });
});

describe("KubeflowDashboard", () => {
  it.skipIf(!hasUpstream)("tells its namespace and when it is ready", async () => {
    await startMocks({ render: renderedOnce });
    const platform = { chartMirror: await platformMirror() };
    const dashboard = new KubeflowDashboard("dashboard", { console: consoleOfLab, existingNamespace: true, platform });
    expect(await valueOf(dashboard.namespace)).toBe("kubeflow");
    expect(await valueOf(dashboard.ready)).toBe(true);
  });

  it("needs a console, and links that browsers follow", () => {
    const args = { pages: ["jobs"], links: [{ text: "x", link: "javascript:x" }] } as unknown as KubeflowDashboardArgs;
    expect(problemsOf(() => new KubeflowDashboard("dashboard", args)).reasons).toEqual([
      "console is missing; allowed: a gateway of Istio's. Install Istio with a gateway where users sign in, and name it.",
      'pages[0] is "jobs"; allowed: notebooks, tensorboards, volumes, katib, kserve, pipelines, model-registry. Set pages[0] to one of these.',
      'links[0].link is "javascript:x"; allowed: an address or a path. Start it with https:// or a slash.',
    ]);
  });
});
