import { kubernetesVersion, SUPPORTED_KUBERNETES } from "./kubernetes-versions";
import type { VersionRule } from "./version-matrix";

/**
 * Which versions go together. Ranges are those that publishers test or demand; a part without a rule says nothing of the
 * others.
 */
export const versionRules: VersionRule[] = [
  {
    part: "kueue",
    versions: ">=0.17.0",
    needs: "trainer",
    range: ">=2.2.0",
    because: "Kueue admits TrainJobs by a field that older Trainers do not have",
    source: "https://github.com/kubernetes-sigs/kueue/releases/tag/v0.17.0",
  },
  {
    part: "kueue",
    versions: ">=0.20.0",
    needs: "trainer",
    range: ">=2.3.0",
    because: "Kueue 0.20 is built for the API of Trainer 2.3",
    source: "https://github.com/kubernetes-sigs/kueue/issues/11931",
  },
  {
    part: "kueue",
    versions: ">=0.19.0",
    needs: "kubernetes",
    range: ">=1.29.0",
    because: "Kueue is tested from Kubernetes 1.29",
    source: "https://kueue.sigs.k8s.io/docs/installation/ (0.19)",
  },
  {
    part: "trainer",
    versions: ">=2.3.0",
    needs: "kubernetes",
    range: ">=1.31.0",
    because: "Trainer 2.3 needs Kubernetes 1.31",
    source: "https://www.kubeflow.org/docs/components/trainer/operator-guides/installation/ (2.3)",
  },
  {
    part: "trainer",
    versions: ">=2.0.0",
    needs: "jobSet",
    range: ">=0.10.0",
    required: true,
    because: "Trainer makes every job from a JobSet",
    source: "https://github.com/kubeflow/trainer/blob/v2.3.0/charts/kubeflow-trainer/Chart.yaml",
  },
  {
    part: "pipelines",
    versions: ">=2.15.0 <3.0.0",
    needs: "argoWorkflows",
    range: ">=3.7.0 <4.1.0",
    because: "Pipelines 2.17 speaks to Argo Workflows 3.7 and 4.0 only",
    source: "https://github.com/kubeflow/pipelines/blob/2.17.0/README.md",
  },
  {
    part: "argoWorkflows",
    versions: ">=4.0.0 <5.0.0",
    needs: "kubernetes",
    range: ">=1.33.0",
    because: "Argo Workflows 4 is tested with the versions from 1.34 on, and its client with 1.33",
    source: "https://argo-workflows.readthedocs.io/en/release-4.0/releases/",
  },
  {
    part: "istiod",
    versions: "~1.30.0",
    needs: "kubernetes",
    range: ">=1.32.0 <1.37.0",
    because: "Istio 1.30 supports Kubernetes 1.32 to 1.36",
    source: "https://istio.io/latest/docs/releases/supported-releases/ (1.30)",
  },
  {
    part: "istiod",
    versions: "~1.29.0",
    needs: "kubernetes",
    range: ">=1.31.0 <1.36.0",
    because: "Istio 1.29 supports Kubernetes 1.31 to 1.35",
    source: "https://istio.io/latest/docs/releases/supported-releases/ (1.29)",
  },
  ...(["istioBase", "istioCni", "istioGateway", "ztunnel"] as const).map((part): VersionRule => ({
    part,
    versions: "~1.30.0",
    needs: "istiod",
    range: "~1.30.0",
    required: true,
    because: "the charts of Istio are one release",
    source: "https://istio.io/latest/docs/setup/install/helm/ (1.30)",
  })),
  {
    part: "kserve",
    versions: ">=0.17.0",
    needs: "certManager",
    range: ">=1.17.0",
    because: "KServe's charts issue their certificates by cert-manager 1.17 or newer",
    source: "https://github.com/kserve/kserve/blob/v0.20.0/kserve-deps.env",
  },
  {
    part: "kserve",
    versions: ">=0.17.0",
    needs: "keda",
    range: ">=2.18.0",
    because: "KServe 0.20 is tested with KEDA 2.18",
    source: "https://github.com/kserve/kserve/blob/v0.20.0/kserve-deps.env",
  },
  {
    part: "certManager",
    versions: ">=1.20.0",
    needs: "kubernetes",
    range: ">=1.32.0",
    because: "cert-manager 1.20 and newer support Kubernetes from 1.32",
    source: "https://cert-manager.io/docs/releases/ (1.20)",
  },
  {
    part: "verticalPodAutoscaler",
    versions: ">=0.9.0",
    needs: "kubernetes",
    range: ">=1.28.0",
    because: "the Vertical Pod Autoscaler 1.7 needs Kubernetes 1.28",
    source: "https://github.com/kubernetes/autoscaler/tree/vertical-pod-autoscaler-1.7.1/vertical-pod-autoscaler",
  },
  ...SUPPORTED_KUBERNETES.map((minor): VersionRule => {
    const { leastKarpenter } = kubernetesVersion(minor)!;
    return {
      part: "karpenter",
      versions: `<${leastKarpenter}.0`,
      needs: "kubernetes",
      range: `<${minor}.0`,
      because: `Karpenter manages nodes of Kubernetes ${minor} from ${leastKarpenter} on`,
      source: "https://karpenter.sh/docs/upgrading/compatibility/ (1.14)",
    };
  }),
];
