import { describe, expect, it } from "vitest";
import { PodSecurityLevel } from "../../../../components/platform/part/part-namespace";
import { Tenant } from "../../../../components/platform/tenants/tenant";
import type { NetworkPeer, TenantArgs } from "../../../../components/platform/tenants/tenant-args";
import { tenantManifests, tenantQuota } from "../../../../components/platform/tenants/tenant-manifests";
import type { KubernetesObject } from "../../../../components/rendering";
import { expectGolden, toYaml } from "../../../support/golden";
import { childList, problemsOf, startMocks, valueOf } from "../../../support/mocks";

function find(args: TenantArgs, kind: string, name?: string): KubernetesObject | undefined {
  const manifests = tenantManifests("vision", args);
  return manifests.find((each) => each.kind === kind && (name === undefined || each.metadata.name === name));
}

function titles(args: TenantArgs): string[] {
  return tenantManifests("vision", args).map(({ kind, metadata }) => `${kind} ${metadata.name}`);
}

const all: TenantArgs = {
  namespace: "vision-team",
  podSecurity: PodSecurityLevel.baseline,
  istioInjection: true,
  katibMetrics: true,
  labels: { "example.com/cost-center": "42" },
  limits: { gpus: 16, cpu: "256", memory: "2Ti", pods: 50, volumeClaims: 5, further: { "count/jobs.batch": "100" } },
  containerDefaults: { cpu: "1", memory: "2Gi" },
  queues: [{ clusterQueue: "research" }, { name: "urgent", clusterQueue: "products", fairShareWeight: 2 }],
  editors: { groups: ["vision-engineers"], users: ["ada@example.com"] },
  viewers: { groups: ["research-leads"] },
  serviceAccounts: [
    { name: "trainer", roleArn: "arn:aws:iam::123456789012:role/vision", imagePullSecrets: ["registry"] },
    { name: "workflow", runsWorkflows: true },
  ],
  network: {
    to: [{ namespace: "artifacts", podLabels: { app: "seaweedfs" }, ports: [8333] }, { cidr: "0.0.0.0/0" }],
    from: [{ namespace: "monitoring" }, { cidr: "10.0.0.0/16", ports: [8080] }],
    podIdentity: true,
  },
};

describe("the objects of a tenant", () => {
  it("with all arguments are those of the golden file", () => {
    expectGolden("tenant-all-arguments.yaml", toYaml(...tenantManifests("vision", all)));
  });

  it("without arguments are closed: no GPUs, no queue, no people, no rights, no way in or out", () => {
    expect(titles({})).toEqual([
      "Namespace vision",
      "ResourceQuota tenant",
      "LimitRange tenant",
      "NetworkPolicy default-deny",
      "NetworkPolicy allow-dns",
      "NetworkPolicy allow-same-namespace",
      "ServiceAccount trainer",
    ]);
    expect(find({}, "Namespace")!.metadata.labels).toEqual({
      "pod-security.kubernetes.io/enforce": "restricted",
      "pod-security.kubernetes.io/enforce-version": "v1.35",
      "mlstack.dev/tenant": "vision",
    });
    expect(find({}, "ResourceQuota")!["spec"]).toEqual({
      hard: {
        "requests.nvidia.com/gpu": "0",
        pods: "200",
        "requests.storage": "1Ti",
        persistentvolumeclaims: "50",
        "services.loadbalancers": "0",
        "services.nodeports": "0",
      },
    });
    expect(find({}, "ServiceAccount")).toMatchObject({ automountServiceAccountToken: false });
  });

  it("are in one namespace, which Kueue manages as soon as there is a queue", () => {
    const manifests = tenantManifests("vision", all);
    expect(new Set(manifests.slice(1).map(({ metadata }) => metadata.namespace))).toEqual(new Set(["vision-team"]));
    const labels = find({ queues: [{ clusterQueue: "research" }] }, "Namespace")!.metadata.labels;
    expect(labels).toMatchObject({ "mlstack.dev/queued": "true" });
    expect(find({ queues: [{ clusterQueue: "research" }] }, "LocalQueue")).toEqual({
      apiVersion: "kueue.x-k8s.io/v1beta2",
      kind: "LocalQueue",
      metadata: { name: "default", namespace: "vision" },
      spec: { clusterQueue: "research" },
    });
  });

  it("let no label of a program undo Pod Security or the mark of the tenant", () => {
    const labels = { "pod-security.kubernetes.io/enforce": "privileged", "mlstack.dev/tenant": "other" };
    expect(find({ labels }, "Namespace")!.metadata.labels).toMatchObject({
      "pod-security.kubernetes.io/enforce": "restricted",
      "mlstack.dev/tenant": "vision",
    });
  });

  it("let workflows report their results, and nothing else", () => {
    const args = { serviceAccounts: [{ name: "trainer" }, { name: "workflow", runsWorkflows: true }] };
    expect(find(args, "Role", "workflow-executor")).toMatchObject({
      rules: [{ apiGroups: ["argoproj.io"], resources: ["workflowtaskresults"], verbs: ["create", "patch"] }],
    });
    expect(find(args, "RoleBinding", "workflow-executor")).toMatchObject({
      subjects: [{ kind: "ServiceAccount", name: "workflow", namespace: "vision" }],
    });
    expect(find(args, "ServiceAccount", "workflow")).toMatchObject({ automountServiceAccountToken: true });
    expect(find(args, "ServiceAccount", "trainer")).toMatchObject({ automountServiceAccountToken: false });
  });

  it.each(["editors", "viewers"] as const)("give %s no rights over what bounds the tenant", (members) => {
    const role = tenantManifests("vision", { [members]: { users: ["ada"] } }).find(({ kind }) => kind === "Role")!;
    const rules = role["rules"] as { apiGroups: string[]; resources: string[]; verbs: string[] }[];
    const changing = rules.filter(({ verbs }) => verbs.some((verb) => !["get", "list", "watch"].includes(verb)));
    const changed = changing.flatMap(({ resources }) => resources);
    const bounds = ["resourcequotas", "limitranges", "networkpolicies", "roles", "rolebindings", "localqueues"];
    expect(changed.filter((resource) => bounds.includes(resource))).toEqual([]);
    expect(changed).not.toContain("serviceaccounts/token");
    expect(rules.filter(({ apiGroups }) => apiGroups.includes("*"))).toEqual([]);
    if (members === "viewers") {
      expect(changing).toEqual([]);
      expect(rules.flatMap(({ resources }) => resources)).not.toContain("secrets");
    }
  });

  it("open the network for what is allowed, addresses of nodes' metadata never", () => {
    const cidrs = ["10.0.0.0/8", "0.0.0.0/0", "169.254.0.0/16", "169.254.170.0/24", "::/0", "2600:1f00::/24"];
    const to = cidrs.map((cidr): NetworkPeer => ({ cidr }));
    const { egress } = find({ network: { to } }, "NetworkPolicy", "allow-to")!["spec"] as { egress: object[] };
    const ports = [{ protocol: "TCP", port: 443 }];
    const v4 = ["169.254.169.254/32"];
    expect(egress).toEqual([
      { to: [{ ipBlock: { cidr: "10.0.0.0/8" } }], ports },
      { to: [{ ipBlock: { cidr: "0.0.0.0/0", except: v4 } }], ports },
      { to: [{ ipBlock: { cidr: "169.254.0.0/16", except: v4 } }], ports },
      { to: [{ ipBlock: { cidr: "169.254.170.0/24" } }], ports },
      { to: [{ ipBlock: { cidr: "::/0", except: ["fd00:ec2::254/128"] } }], ports },
      { to: [{ ipBlock: { cidr: "2600:1f00::/24" } }], ports },
    ]);
  });

  it("let Katib and the trials of its experiments talk to each other", () => {
    const katib = (component: string) => [
      {
        namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kubeflow" } },
        podSelector: { matchLabels: { "katib.kubeflow.org/component": component } },
      },
    ];
    const args = { katibMetrics: true };
    expect(find(args, "NetworkPolicy", "allow-to")!["spec"]).toMatchObject({
      egress: [{ to: katib("db-manager"), ports: [{ protocol: "TCP", port: 6789 }] }],
    });
    expect(find(args, "NetworkPolicy", "allow-from")!["spec"]).toMatchObject({
      ingress: [
        {
          from: katib("controller"),
          ports: [
            { protocol: "TCP", port: 6789 },
            { protocol: "TCP", port: 6788 },
          ],
        },
      ],
    });
  });

  it("let the proxies of Istio reach its control plane", () => {
    const istio = { matchLabels: { "kubernetes.io/metadata.name": "istio-system" } };
    const peer = { namespaceSelector: istio, podSelector: { matchLabels: { app: "istiod" } } };
    expect(find({ istioInjection: true }, "NetworkPolicy", "allow-to")!["spec"]).toMatchObject({
      egress: [{ to: [peer], ports: [{ protocol: "TCP", port: 15012 }] }],
    });
  });

  it("leave the network open where that is asked for", () => {
    expect(titles({ network: { isolated: false } }).filter((title) => title.startsWith("NetworkPolicy"))).toEqual([]);
  });

  it("say what is to be compared with queues", () => {
    expect(tenantQuota("vision", all)).toEqual({
      namespace: "vision-team",
      gpus: 16,
      clusterQueues: ["research", "products"],
    });
    expect(tenantQuota("vision", {})).toEqual({ namespace: "vision", gpus: 0, clusterQueues: [] });
  });
});

describe("Tenant", () => {
  it("creates what bounds the tenant before anything else in its namespace", async () => {
    const program = await startMocks();
    const tenant = new Tenant("vision", { queues: [{ clusterQueue: "research" }], editors: { groups: ["team"] } });
    expect(await valueOf(tenant.namespace)).toBe("vision");
    expect(childList(await program.resources()).sort()).toEqual([
      "kubernetes:core/v1:LimitRange vision-limits < vision",
      "kubernetes:core/v1:Namespace vision-namespace < vision",
      "kubernetes:core/v1:ResourceQuota vision-quota < vision",
      "kubernetes:core/v1:ServiceAccount vision-account-trainer < vision",
      "kubernetes:kueue.x-k8s.io/v1beta2:LocalQueue vision-queue-default < vision",
      "kubernetes:networking.k8s.io/v1:NetworkPolicy vision-network-allow-dns < vision",
      "kubernetes:networking.k8s.io/v1:NetworkPolicy vision-network-allow-same-namespace < vision",
      "kubernetes:networking.k8s.io/v1:NetworkPolicy vision-network-default-deny < vision",
      "kubernetes:rbac.authorization.k8s.io/v1:Role vision-role-tenant-editor < vision",
      "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding vision-binding-tenant-editor < vision",
      "mlstack:index:Tenant vision",
    ]);
    const queue = await program.resource("vision-queue-default");
    expect(queue).toMatchObject({ replaceOnChanges: ["spec.clusterQueue"], deleteBeforeReplace: true });
    expect(queue.dependsOn).toEqual([
      "vision-limits",
      "vision-namespace",
      "vision-network-allow-dns",
      "vision-network-allow-same-namespace",
      "vision-network-default-deny",
      "vision-quota",
    ]);
  });

  it.each(["default", "kube-flow", "kubeflow", "monitoring", "kueue-system"])(
    "refuses the namespace %s",
    async (namespace) => {
      await startMocks();
      expect(problemsOf(() => new Tenant("vision", { namespace })).reasons).toEqual([
        `namespace is "${namespace}"; allowed: a namespace that is not Kubernetes' or the platform's own. Give the tenant a ` +
          "namespace of its own: it is made and deleted with the tenant.",
      ]);
    },
  );

  it("refuses what is wrong, all at once", async () => {
    await startMocks();
    const args: TenantArgs = {
      limits: { gpus: -1, further: { "count/pods": "many" } },
      queues: [{ clusterQueue: "research" }, { clusterQueue: "products", fairShareWeight: 0 }],
      editors: { groups: ["system:authenticated"], users: [""] },
      viewers: { users: ["system:anonymous"] },
      serviceAccounts: [{ name: "default" }],
      network: { to: [{}, { cidr: "10.0.0.0" }], from: [{ cidr: "10.0.0.0/8", podLabels: {}, ports: [0] }] },
    };
    expect(problemsOf(() => new Tenant("vision", args)).reasons).toEqual([
      "limits.gpus is -1; allowed: a whole number from 0. Set limits.gpus within that range.",
      'limits.further["count/pods"] is "many"; allowed: a Kubernetes quantity. Write it like "20".',
      "queues[1].fairShareWeight is 0; allowed: a number above 0. Raise the weight.",
      'queues is "default"; allowed: each name once. Rename one of them.',
      'editors.users is ""; allowed: a name. Name somebody, or leave the entry out.',
      'editors.groups is "system:authenticated"; allowed: groups of people. Everybody is in that group; name one of the tenant.',
      'viewers.users is "system:anonymous"; allowed: users that log in. Name somebody.',
      'serviceAccounts[0].name is "default"; allowed: any name but default. Pods that name no account run under it; name ' +
        "another one, so that rights are given on purpose.",
      "network.to[0] is {}; allowed: exactly one of namespace and cidr. Say either which namespace or which addresses.",
      'network.to[1].cidr is "10.0.0.0"; allowed: a range of addresses such as 10.0.0.0/16. Write it with a prefix length.',
      "network.from[0].podLabels is {}; allowed: nothing beside cidr. Name a namespace, or leave it out.",
      "network.from[0].ports[0] is 0; allowed: a whole number from 1 to 65535. Set network.from[0].ports[0] within that range.",
    ]);
  });
});
