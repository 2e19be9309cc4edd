import { beforeEach, describe, expect, it } from "vitest";
import { CertManager, type CertManagerArgs } from "../../../../components/platform/foundations";
import { certManagerValues } from "../../../../components/platform/foundations/cert-manager-values";
import { childList, type MockedProgram, problemsOf, startMocks, valueOf } from "../../../support/mocks";

let program: MockedProgram;
beforeEach(async () => {
  program = await startMocks();
});

describe("the chart's values", () => {
  it("have two pods of each program, with a budget, and the election in cert-manager's own namespace", () => {
    const values = certManagerValues({});
    expect(values).toMatchObject({
      crds: { enabled: true, keep: true },
      global: { leaderElection: { namespace: "cert-manager" } },
      startupapicheck: { enabled: false },
      prometheus: { servicemonitor: { enabled: false } },
    });
    for (const part of [values, values["webhook"], values["cainjector"]]) {
      expect(part).toMatchObject({ replicaCount: 2, podDisruptionBudget: { enabled: true } });
    }
  });

  it("have no budget for a single pod, which would keep its node from being drained", () => {
    expect(certManagerValues({ replicas: 1 })).toMatchObject({ podDisruptionBudget: { enabled: false } });
  });

  it("run on the pool for controllers and are watched where the platform has Prometheus", () => {
    expect(certManagerValues({ platform: { systemPool: "system", prometheus: true } })).toMatchObject({
      nodeSelector: { "mlstack.dev/pool": "system" },
      webhook: { nodeSelector: { "mlstack.dev/pool": "system" } },
      prometheus: { servicemonitor: { enabled: true } },
    });
  });

  it("give way to those of the program", () => {
    const values = certManagerValues({ values: { webhook: { timeoutSeconds: 5 } } });
    expect(values["webhook"]).toMatchObject({ timeoutSeconds: 5, replicaCount: 2 });
  });
});

describe("a CertManager", () => {
  it("has a restricted namespace, and nothing else by default", async () => {
    const certManager = new CertManager("certs");
    expect(childList(await program.resources())).toEqual([
      "mlstack:index:CertManager certs",
      "kubernetes:core/v1:Namespace certs-namespace < certs",
      "mlstack:internal:RenderedObjects certs-objects < certs",
    ]);
    expect(await program.inputsOf("certs-namespace")).toMatchObject({
      metadata: { name: "cert-manager", labels: { "pod-security.kubernetes.io/enforce": "restricted" } },
    });
    expect(await valueOf(certManager.ready)).toBe(true);
  });

  it("creates issuers once cert-manager can judge them, a generated root first", async () => {
    const certManager = new CertManager("certs", {
      clusterIssuers: { "self-signed": { selfSigned: true }, root: { ca: { secretName: "root-key", generate: true } } },
    });
    expect(await valueOf(certManager.clusterIssuers)).toEqual(["self-signed", "root"]);
    expect(await program.inputsOf("certs-issuer-self-signed")).toMatchObject({
      kind: "ClusterIssuer",
      metadata: { name: "self-signed" },
      spec: { selfSigned: {} },
    });
    expect(await program.inputsOf("certs-issuer-root")).toMatchObject({ spec: { ca: { secretName: "root-key" } } });
    expect((await program.resource("certs-issuer-root")).dependsOn).toContain("certs-issuer-root-root");
    expect(await program.inputsOf("certs-issuer-root-root")).toMatchObject({
      kind: "Certificate",
      metadata: { namespace: "cert-manager" },
      spec: { isCA: true, secretName: "root-key", duration: "87600h" },
    });
  });

  it("asks Let's Encrypt with a role for Route 53 and keeps no key of AWS", async () => {
    new CertManager("certs", {
      clusterIssuers: {
        public: {
          acme: {
            email: "ops@example.com",
            route53: { region: "us-east-1", role: "arn:aws:iam::123456789012:role/dns", dnsZones: ["example.com"] },
          },
        },
      },
    });
    expect(await program.inputsOf("certs-issuer-public")).toMatchObject({
      spec: {
        acme: {
          email: "ops@example.com",
          server: "https://acme-v02.api.letsencrypt.org/directory",
          privateKeySecretRef: { name: "public-account" },
          solvers: [
            {
              selector: { dnsZones: ["example.com"] },
              dns01: { route53: { region: "us-east-1", role: "arn:aws:iam::123456789012:role/dns" } },
            },
          ],
        },
      },
    });
  });
});

describe("a CertManager is refused", () => {
  const refused: [string, CertManagerArgs, string[]][] = [
    [
      "with an issuer that is none",
      { clusterIssuers: { nobody: {} } },
      ['clusterIssuers["nobody"] is empty; allowed: exactly one of selfSigned, ca, acme. Make an issuer for each.'],
    ],
    [
      "with an issuer that is two",
      { clusterIssuers: { both: { selfSigned: true, ca: { secretName: "key" } } } },
      [
        'clusterIssuers["both"] is selfSigned and ca; allowed: exactly one of selfSigned, ca, acme. ' +
          "Make an issuer for each.",
      ],
    ],
    [
      "with an authority that cannot tell whose a domain is",
      { clusterIssuers: { public: { acme: { email: "nobody", server: "http://ca.test" } } } },
      [
        'clusterIssuers["public"].acme.email is "nobody"; allowed: an e-mail address. Name one that somebody reads.',
        'clusterIssuers["public"].acme.server is "http://ca.test"; allowed: an https:// address. ' +
          "Name the authority's directory.",
        'clusterIssuers["public"].acme is without a solver; allowed: route53, ingressClassName or both. ' +
          "Without one the authority cannot tell whose a domain is.",
      ],
    ],
    [
      "in a namespace of Kubernetes",
      { namespace: "kube-system" },
      [
        'namespace is "kube-system"; allowed: a namespace that is not Kubernetes\' own. ' +
          "The namespace is made with the part and deleted with it; give the part one of its own.",
      ],
    ],
  ];
  it.each(refused)("%s", (_, args, reasons) => {
    expect(problemsOf(() => new CertManager("certs", args)).reasons).toEqual(reasons);
  });
});
