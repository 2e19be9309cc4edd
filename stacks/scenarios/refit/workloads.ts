import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import {
  CronWorkflow,
  parametersOf,
  Workflow,
  workflowDefinition,
  WorkflowTemplate,
} from "../../../components/workloads";
import { lineageOf, type StoryGround } from "../story";
import { PACKAGING, refitGraph } from "./graph";
import { type RefitGround, refitSteps, SPARK_ACCOUNT } from "./steps";

const NAME = "refit";

/** Commit that trials record where nobody says from which one the images are. */
const UNKNOWN_COMMIT = "0000000";

/** A regular refit: Spark, trials on H2O, a Java library that is proved equal to the model. Once now, then every Monday. */
export function refit(ground: RefitGround): pulumi.Output<string>[] {
  const { provider, namespace, dependsOn, commit, version, artifactStore } = ground;
  const object = { namespace, ...lineageOf(ground) };
  const steps = refitSteps(ground);
  const graph = refitGraph(steps);
  const after = { provider, dependsOn: [...dependsOn, ...sparkAccount(ground)] };

  const packaging = new WorkflowTemplate(
    PACKAGING,
    { ...object, artifactStore, definition: workflowDefinition(steps.packaging) },
    after,
  );
  const template = new WorkflowTemplate(
    NAME,
    { ...object, artifactStore, definition: workflowDefinition(graph), secondsAfterCompletion: 30 * 86_400 },
    { ...after, dependsOn: [...after.dependsOn, packaging] },
  );
  const source = { ...object, workflowTemplate: template.objectName };
  const run = { commit: commit ?? UNKNOWN_COMMIT, version };
  const onTemplate = { provider, dependsOn: [template] };
  const first = new Workflow(`${NAME}-first`, { ...source, parameters: parametersOf(graph, run) }, onTemplate);
  const cron = new CronWorkflow(
    `${NAME}-weekly`,
    { ...source, parameters: parametersOf(graph, run), schedules: ["30 3 * * 1"] },
    onTemplate,
  );
  return [
    pulumi.interpolate`WorkflowTemplate ${namespace}/${packaging.objectName}`,
    pulumi.interpolate`WorkflowTemplate ${namespace}/${template.objectName}`,
    pulumi.interpolate`Workflow ${namespace}/${first.objectName}`,
    pulumi.interpolate`CronWorkflow ${namespace}/${cron.objectName}`,
  ];
}

/** Drivers make executors, their Service and their ConfigMaps, and nothing else. */
function sparkAccount({ provider, namespace, dependsOn }: StoryGround): pulumi.Resource[] {
  const opts = { provider, dependsOn };
  const metadata = { name: SPARK_ACCOUNT, namespace };
  const verbs = ["create", "get", "list", "watch", "update", "patch", "delete", "deletecollection"];
  const resources = ["pods", "services", "configmaps", "persistentvolumeclaims"];
  const account = new k8s.core.v1.ServiceAccount(`${NAME}-spark-account`, { metadata }, opts);
  const role = new k8s.rbac.v1.Role(
    `${NAME}-spark-role`,
    { metadata, rules: [{ apiGroups: [""], resources, verbs }] },
    opts,
  );
  const binding = new k8s.rbac.v1.RoleBinding(
    `${NAME}-spark-binding`,
    {
      metadata,
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: SPARK_ACCOUNT },
      subjects: [{ kind: "ServiceAccount", name: SPARK_ACCOUNT, namespace }],
    },
    opts,
  );
  return [account, role, binding];
}
