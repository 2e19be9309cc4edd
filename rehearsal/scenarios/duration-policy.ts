import { setTimeout as sleep } from "node:timers/promises";
import {
  CoreV1Api,
  type KubeConfig,
  KubernetesObjectApi,
  type KubernetesObject,
  PatchStrategy,
} from "@kubernetes/client-node";
import { EXPECTED_DURATION_ANNOTATION, SIMULATE_ANNOTATION } from "../../components/model";
import { type PodRule, ruleLines } from "./pod-rules";

const NAME = "mlstack-rehearsal-durations";
const NAMESPACE = "kube-system";

/** Says that a pod was looked at, and at what speed: admission may ask twice. */
const SEEN = "mlstack.dev/rehearsed-at-speed";

/** How long the API server may take to know the policy, in milliseconds; it looks once a second. */
const KNOWN_WITHIN = 30_000;

/**
 * Tells each pod on its admission how long it takes: pods are made by operators out of templates that nobody here sees, and
 * what they do counts from their first moment.
 *
 * It is a policy of the API server rather than a webhook, so that it needs no process and nothing that could be missing
 * while the API server starts anew. It is made once: an API server follows no second policy whose parameters are of the same
 * kind after the first was deleted (seen with 1.36.3).
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/mutating-admission-policy/ (v1 as of Kubernetes 1.36)
 */
export class DurationPolicy {
  private readonly objects: KubernetesObjectApi;

  /** @param speed seconds of the scenario per second. */
  constructor(
    private readonly config: KubeConfig,
    private readonly speed: number,
  ) {
    this.objects = KubernetesObjectApi.makeApiClient(config);
  }

  /**
   * Makes it, and resolves once the API server follows it.
   *
   * @param rules the first that fits counts.
   */
  async apply(rules: readonly PodRule[]): Promise<void> {
    for (const object of [this.table(rules), POLICY, BINDING]) {
      await this.objects.patch(object, undefined, undefined, "mlstack", true, PatchStrategy.ServerSideApply);
    }
    const deadline = Date.now() + KNOWN_WITHIN;
    while (!(await this.isFollowed())) {
      if (Date.now() > deadline) throw new Error("the API server does not follow the policy of durations");
      await sleep(200);
    }
  }

  /** Has other rules count from now on. */
  async change(rules: readonly PodRule[]): Promise<void> {
    await this.objects.patch(this.table(rules), undefined, undefined, "mlstack", true, PatchStrategy.ServerSideApply);
  }

  private table(rules: readonly PodRule[]): KubernetesObject & { data: Record<string, string> } {
    return {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: NAME, namespace: NAMESPACE },
      data: { speed: String(this.speed), rules: ruleLines(rules, this.speed) },
    };
  }

  private async isFollowed(): Promise<boolean> {
    const probe = {
      metadata: { name: "probe", namespace: "default", annotations: { [SIMULATE_ANNOTATION]: "succeed after=1s" } },
      spec: { restartPolicy: "Never", containers: [{ name: "main", image: "probe" }] },
    };
    const core = this.config.makeApiClient(CoreV1Api);
    const { metadata } = await core.createNamespacedPod({ namespace: "default", body: probe, dryRun: "All" });
    return metadata?.annotations?.[SEEN] === String(this.speed);
  }
}

/** What the policy works out, in terms of CEL, one after the other. */
const VARIABLES: Record<string, string> = {
  annotations: "has(object.metadata.annotations) ? object.metadata.annotations : {}",
  name: "has(object.metadata.name) && object.metadata.name != '' ? object.metadata.name : has(object.metadata.generateName) ? object.metadata.generateName : ''",
  written: `'${SIMULATE_ANNOTATION}' in variables.annotations ? variables.annotations['${SIMULATE_ANNOTATION}'] : ''`,
  after: "variables.written.find('after=[0-9.]+(ms|s|m|h)').replace('after=', '')",
  // Milliseconds of the clock that the pod itself says; -1 where it says none.
  own: `variables.after != ''
    ? int(double(variables.after.find('^[0-9.]+'))
        * {'ms': 1.0, 's': 1000.0, 'm': 60000.0, 'h': 3600000.0}[variables.after.find('(ms|s|m|h)$')]
        / double(params.data.speed))
    : -1`,
  expectation: `'${EXPECTED_DURATION_ANNOTATION}' in variables.annotations ? variables.annotations['${EXPECTED_DURATION_ANNOTATION}'] : ''`,
  expected: `variables.expectation.matches('^([0-9.]+[wdhms])+$')
    ? int(['w', 'd', 'h', 'm', 's'].map(unit, variables.expectation.find('[0-9.]+' + unit))
        .map(part, part == '' ? 0.0 : double(part.find('[0-9.]+'))
          * {'w': 604800000.0, 'd': 86400000.0, 'h': 3600000.0, 'm': 60000.0, 's': 1000.0}[part.find('[wdhms]')])
        .sum() / double(params.data.speed))
    : -1`,
  fitting: `params.data.rules.split('\\n').map(line, line.split('\\t'))
    .filter(rule, size(rule) == 6 && request.namespace.matches(rule[0]) && variables.name.matches(rule[1])
      && (rule[2] == 'firm' || object.spec.restartPolicy != 'Always'))`,
  firm: "variables.fitting.filter(rule, rule[2] == 'firm')",
  does: `size(variables.firm) > 0 ? variables.firm[0][3]
    : variables.written != '' ? variables.written.split(' ')[0]
    : size(variables.fitting) > 0 ? variables.fitting[0][3] : ''`,
  // The time of a rule, or what the pod says, or what is expected of it, or the rule that is left.
  times: `variables.firm.filter(rule, rule[4] != '-1').map(rule, int(rule[4]))
    + [variables.own, variables.expected].filter(time, time >= 0)
    + variables.fitting.filter(rule, rule[2] != 'firm' && rule[4] != '-1').map(rule, int(rule[4]))`,
  time: "size(variables.times) > 0 ? ' after=' + string(variables.times[0]) + 'ms' : ''",
  simulate: `size(variables.firm) > 0
    ? variables.does + variables.time + (variables.does == 'fail' ? ' exit=' + variables.firm[0][5] : '')
    : variables.written == '' ? (variables.does == '' ? '' : variables.does + variables.time)
    : variables.does == 'run' || variables.time == '' ? variables.written
    : variables.after == '' ? variables.written + variables.time
    : variables.written.replace(' after=' + variables.after, variables.time)`,
};

const POLICY: KubernetesObject & { spec: object } = {
  apiVersion: "admissionregistration.k8s.io/v1",
  kind: "MutatingAdmissionPolicy",
  metadata: { name: NAME },
  spec: {
    paramKind: { apiVersion: "v1", kind: "ConfigMap" },
    failurePolicy: "Fail",
    reinvocationPolicy: "IfNeeded",
    matchConstraints: {
      resourceRules: [{ apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["pods"] }],
    },
    matchConditions: [
      {
        name: "not-yet",
        expression: `!has(object.metadata.annotations) || !('${SEEN}' in object.metadata.annotations)`,
      },
    ],
    variables: Object.entries(VARIABLES).map(([name, expression]) => ({ name, expression })),
    mutations: [
      {
        patchType: "ApplyConfiguration",
        applyConfiguration: {
          expression: `variables.simulate == '' ? Object{} : Object{metadata: Object.metadata{annotations: {
            '${SIMULATE_ANNOTATION}': variables.simulate, '${SEEN}': params.data.speed}}}`,
        },
      },
    ],
  },
};

const BINDING: KubernetesObject & { spec: object } = {
  apiVersion: "admissionregistration.k8s.io/v1",
  kind: "MutatingAdmissionPolicyBinding",
  metadata: { name: NAME },
  spec: { policyName: NAME, paramRef: { name: NAME, namespace: NAMESPACE, parameterNotFoundAction: "Allow" } },
};
