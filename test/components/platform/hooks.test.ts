import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { MeshDataPlane } from "../../../components";
import { CHARTS } from "../../../components/model/versions";
import { isHook, type KubernetesObject } from "../../../components/rendering";
import { mirrorFolder } from "../../../components/rendering/source";
import { read } from "../../support/pages";
import { type PartTry, platforms, type TryArgs, tryArgs, tryPart } from "../../support/part-tries";
import { platformMirror } from "../../support/platform-mirror";
import { allCases } from "./all-cases";

/** Hooks of a chart of the mirror. */
interface ChartHooks {
  /** Component that the chart is rendered by. */
  part: string;
  /** Arguments with which it is, where it is not without any. */
  args?: TryArgs;
  /** Templates with hooks, by their path under the chart's `templates`. */
  templates: string[];
  /** Page that tells of them; none where the chart has none. */
  page?: string;
  /** Hooks that are left of them with the component's values, and are dropped, by platform. */
  dropped: Record<string, string[]>;
}

const none = { bare: [], full: [], simulated: [] };

/** Every chart that the mirror has. */
const charts: Partial<Record<keyof typeof CHARTS, ChartHooks>> = {
  karpenter: { part: "Karpenter", templates: [], dropped: none },
  karpenterCrds: { part: "Karpenter", templates: [], dropped: none },
  kueue: { part: "Kueue", templates: [], dropped: none },
  jobSet: { part: "JobSetController", templates: [], dropped: none },
  sparkOperator: {
    part: "SparkOperator",
    templates: ["cluster_role", "cluster_role_binding", "job", "serviceaccount"].map((name) => `hook/${name}.yaml`),
    page: "spark-operator",
    dropped: none,
  },
  trainer: {
    part: "Trainer",
    templates: ["runtimes/cleanup-job.yaml", "runtimes/installer-job.yaml"],
    page: "trainer",
    dropped: none,
  },
  kserveTypes: { part: "KServe", templates: [], dropped: none },
  kserve: { part: "KServe", templates: [], dropped: none },
  kserveRuntimes: { part: "KServe", templates: [], dropped: none },
  verticalPodAutoscaler: {
    part: "VerticalPodAutoscaling",
    templates: [
      ...["clusterrole", "clusterrolebinding", "patch", "role", "rolebinding", "serviceaccount"].map(
        (name) => `admission-controller-certgen-${name}.yaml`,
      ),
      "admission-controller-certgen.yaml",
    ],
    page: "vertical-pod-autoscaling",
    dropped: {
      ...none,
      full: [
        "ClusterRole certgen",
        "ClusterRoleBinding certgen",
        "Job certgen",
        "Job certgen-patch",
        "Role certgen",
        "RoleBinding certgen",
        "ServiceAccount certgen",
      ],
    },
  },
  istioBase: { part: "Istio", templates: [], dropped: none },
  istiod: { part: "Istio", templates: [], dropped: none },
  istioCni: { part: "Istio", templates: [], dropped: none },
  ztunnel: { part: "Istio", args: { dataPlane: MeshDataPlane.ambient }, templates: [], dropped: none },
  istioGateway: { part: "Istio", templates: [], dropped: none },
};

/** Charts that are not in the mirror and have hooks, by the page that tells of them, and the values that turn them off. */
const elsewhere: [part: string, page: string, off: object][] = [
  ["CertManager", "cert-manager", { startupapicheck: { enabled: false } }],
  [
    "GpuOperator",
    "gpu-operator",
    {
      operator: { upgradeCRD: false, cleanupCRD: false },
      "node-feature-discovery": { postDeleteCleanup: false },
    },
  ],
  ["Monitoring", "monitoring", { prometheusOperator: { admissionWebhooks: { enabled: false } } }],
  ["SeaweedFs", "seaweed-fs", { volume: { resizeHook: { enabled: false } } }],
];

/** The word by itself, not as a part of webhook. */
const word = /(?<![\w-])hooks?\b/i;

const nameOf = (key: string) => {
  const { chart } = CHARTS[key as keyof typeof CHARTS];
  return chart.slice(chart.lastIndexOf("/") + 1);
};
const named = { bare: platforms[0], full: platforms[1], simulated: platforms[2] };

describe.each(Object.entries(charts))(
  "The chart %s",
  { timeout: 60_000 },
  (key, { part, args, templates, page, dropped }) => {
    it("has hooks in the templates that are listed here", async () => {
      const { version } = CHARTS[key as keyof typeof CHARTS];
      const folder = join(mirrorFolder(await platformMirror(), nameOf(key), version), nameOf(key), "templates");
      const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) =>
        /\.(yaml|tpl)$/.test(file),
      );
      const withHooks = files.filter((file) => readFileSync(join(folder, file), "utf8").includes("helm.sh/hook"));
      expect(withHooks.sort()).toEqual(templates);
    });

    it("leaves of them, with the component's values, what is listed here, none of which is registered", async () => {
      for (const [platform, facts] of Object.entries(named)) {
        const { sources, resources } = await tried(part, platform, facts, args);
        const own = sources.filter(
          ({ title }) => title === `${nameOf(key)}-${CHARTS[key as keyof typeof CHARTS].version}`,
        );
        expect(own.length).toBe(1);
        const titles = own.flatMap(({ objects = [] }) => objects.filter(isHook).map(titleOf));
        expect([platform, titles.sort()]).toEqual([platform, dropped[platform]]);
        const hooks = resources.filter(({ inputs }) =>
          JSON.stringify(inputs["metadata"] ?? {}).includes("helm.sh/hook"),
        );
        expect(hooks).toEqual([]);
      }
    });

    it.runIf(page !== undefined)("has a page that tells of its hooks", () => {
      expect(read(`docs/platform/${page!}.md`)).toMatch(word);
    });
  },
);

describe("Charts", () => {
  it("are all listed here that the mirror has", () => {
    const inMirror = Object.entries(CHARTS).filter(([, chart]) => "module" in chart);
    expect(Object.keys(charts)).toEqual(inMirror.map(([key]) => key));
  });

  it.each(elsewhere)(
    "of %s have hooks that its page tells of and that its values turn off",
    async (part, page, off) => {
      expect(read(`docs/platform/${page}.md`)).toMatch(word);
      const { sources } = await tried(part, "bare", undefined);
      expect(sources[0]!.values).toMatchObject(off);
    },
  );
});

/** Kind and the end of the name, which says what the hook does. */
function titleOf({ kind, metadata }: KubernetesObject): string {
  return `${kind} ${metadata.name.replace(/^vertical-pod-autoscaler-admission-/, "")}`;
}

const tries = new Map<string, Promise<PartTry>>();

/** A part with its defaults on a platform; several charts may be of one part. */
function tried(part: string, platform: string, facts: object | undefined, more: TryArgs = {}): Promise<PartTry> {
  const partCase = allCases.find((each) => each.part === part)!;
  const key = `${part} ${platform} ${JSON.stringify(more)}`;
  const known =
    tries.get(key) ?? tryArgs(partCase, { platform: facts, ...more }).then((args) => tryPart(partCase, args));
  tries.set(key, known);
  return known;
}
