import { stringify } from "yaml";
import { type Adjustment, edit, inTurn } from "../../rendering";
import { adding, NOBODY } from "./manifest-adjustments";

/** Where the operator looks for a container of its owner's in the place of its own. */
const FILE = "initContainer.yaml";
const FOLDER = "/etc/config";

/** Tells the address of the master by which workers wait; the operator fills in what is in braces. */
const WAIT =
  'for try in $(seq {{.MaxTries}}); do nslookup {{.MasterAddr}} && exit 0; echo "waiting for the master"; sleep 2; done; exit 1';

/**
 * The container in which a worker of a PyTorchJob waits for its master. The operator's own has no security context, so that
 * a namespace held to the Pod Security level `restricted` would refuse every job with a master and workers.
 *
 * @see https://github.com/kubeflow/trainer/blob/v1.9.4/pkg/controller.v1/pytorch/initcontainer.go for what is filled in
 */
const CONTAINER = {
  name: "init-pytorch",
  image: "{{.InitContainerImage}}",
  command: ["sh", "-c", WAIT],
  resources: { requests: { cpu: "50m", memory: "10Mi" }, limits: { memory: "20Mi" } },
  securityContext: {
    runAsNonRoot: true,
    runAsUser: NOBODY,
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"] },
    seccompProfile: { type: "RuntimeDefault" },
  },
};

interface OperatorSpec {
  template: { spec: { containers: object[]; volumes?: object[] } };
}

/**
 * Gives the training operator this container, in a ConfigMap that its pods mount.
 *
 * @param operator name of its Deployment.
 */
export function withInitContainer(operator: string, namespace: string): Adjustment {
  const name = `${operator}-pytorch-init`;
  const configMap = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name, namespace },
    data: { [FILE]: stringify([CONTAINER], { lineWidth: 0 }) },
  };
  const mounted = edit("Deployment", operator, (object) => {
    const { spec } = (object["spec"] as OperatorSpec).template;
    spec.volumes = [...(spec.volumes ?? []), { name: "init-container", configMap: { name } }];
    const [container] = spec.containers as { volumeMounts?: object[] }[];
    const mount = { name: "init-container", mountPath: FOLDER, readOnly: true };
    container!.volumeMounts = [...(container!.volumeMounts ?? []), mount];
  });
  return inTurn(adding(configMap), mounted);
}
