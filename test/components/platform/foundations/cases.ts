import { CertManager, Keda, MetricsServer, VerticalPodAutoscaling } from "../../../../components/platform/foundations";
import { certManagerValues } from "../../../../components/platform/foundations/cert-manager-values";
import { kedaValues } from "../../../../components/platform/foundations/keda-values";
import { metricsServerValues } from "../../../../components/platform/foundations/metrics-server-values";
import { verticalPodAutoscalingValues } from "../../../../components/platform/foundations/vertical-pod-autoscaling-values";
import type { PartCase } from "../../../support/part-case";

const route53 = { region: "us-east-1" };
const platforms = [
  undefined,
  { certManager: true },
  { certManager: true, prometheus: true, systemPool: "system" },
  { simulated: true },
];

/** The parts of the foundations. */
export const cases: PartCase[] = [
  {
    part: "CertManager",
    create: (name, args) => new CertManager(name, args),
    options: {
      platform: platforms,
      namespace: [undefined, "certificates"],
      replicas: [undefined, 1, 3],
      resources: [undefined, { memory: "1Gi" }],
      clusterIssuers: [
        undefined,
        { "self-signed": { selfSigned: true } },
        { root: { ca: { secretName: "root-key", generate: true } } },
        { public: { acme: { email: "ops@example.com", route53, ingressClassName: "nginx" } } },
      ],
    },
    charts: [
      {
        values: certManagerValues,
        upstream: "cert-manager/chart/values.yaml",
        open: ["nodeSelector", "resources", "webhook.nodeSelector", "webhook.resources"].concat(
          "cainjector.nodeSelector",
          "cainjector.resources",
        ),
      },
    ],
  },
  {
    part: "MetricsServer",
    create: (name, args) => new MetricsServer(name, args),
    options: {
      platform: platforms,
      namespace: [undefined, "resource-metrics"],
      replicas: [undefined, 1],
      resources: [undefined, { cpu: "200m", memory: "400Mi" }],
      insecureKubeletTls: [undefined, true, false],
    },
    charts: [
      {
        values: metricsServerValues,
        upstream: "metrics-server/chart/values.yaml",
        open: ["nodeSelector", "resources"],
      },
    ],
  },
  {
    part: "VerticalPodAutoscaling",
    create: (name, args) => new VerticalPodAutoscaling(name, args),
    options: {
      platform: platforms,
      namespace: [undefined, "vpa"],
      replicas: [undefined, 1],
      resources: [undefined, { memory: "1Gi" }],
      updates: [undefined, false],
    },
    charts: [
      {
        values: verticalPodAutoscalingValues,
        inMirror: "vertical-pod-autoscaler-0.11.0/vertical-pod-autoscaler/values.yaml",
        upstream: "autoscaler/vpa/chart/values.yaml",
        open: [
          "podSecurityContext",
          "containerSecurityContext",
          "admissionController.mutatingWebhookConfiguration.annotations",
          ...["recommender", "updater", "admissionController"].flatMap((program) => [
            `${program}.nodeSelector`,
            `${program}.resources`,
          ]),
        ],
      },
    ],
  },
  {
    part: "Keda",
    create: (name, args) => new Keda(name, args),
    options: {
      platform: platforms,
      namespace: [undefined, "scaling"],
      replicas: [undefined, 1],
      resources: [undefined, { memory: "1Gi" }],
      watchNamespace: [undefined, "team-a"],
    },
    charts: [
      {
        values: kedaValues,
        upstream: "keda/chart/values.yaml",
        open: [
          "nodeSelector",
          ...["operator", "metricServer", "webhooks"].map((program) => `podDisruptionBudget.${program}`),
        ],
      },
    ],
  },
];
