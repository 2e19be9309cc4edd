import { type InputProblem, inputProblem } from "../../internal";
import { checkPart, type PartArgs } from "../part/part-args";

/** Namespace that Kubeflow's own manifests are written for, and that its clients look in. */
export const KUBEFLOW_NAMESPACE = "kubeflow";

/** What every part of Kubeflow that comes as manifests is made from, beside what is particular to it. */
export interface KubeflowPartArgs extends PartArgs {
  /**
   * Whether the namespace is there already; false by default: the part makes it. Parts of Kubeflow share `kubeflow`, so one
   * of them, or the program, makes it, and the others are told so and depend on it.
   */
  existingNamespace?: boolean;
  /**
   * Fields to lay over the manifests' objects, deep into maps, by kind and name as in `Deployment/katib-controller`; none by
   * default. Names end where a `-` and kustomize's ten characters of a hash would follow.
   */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- what an object takes depends on its kind
  patches?: Record<string, any>;
}

/** Checks what all parts of Kubeflow that come as manifests have in common. */
export function checkKubeflowPart(args: KubeflowPartArgs): InputProblem[] {
  const titles = Object.keys(args.patches ?? {}).filter(
    (title) => !/^[A-Z][A-Za-z]+\/[a-z0-9][-.a-z0-9]*$/.test(title),
  );
  const remedy = "Name the object as in Deployment/katib-controller.";
  return [
    // Tags of Git have a prefix of their own.
    ...checkPart(args, { prefix: false }),
    ...titles.map((title) => inputProblem("patches", title, "keys of a kind, a slash and a name", remedy)),
  ];
}

/** Problem of a part that needs certificates where nobody issues them; none where no controller runs, so that nobody asks. */
export function checkCertificates({ platform = {} }: PartArgs, what: string): InputProblem[] {
  if (platform.certManager === true || (platform.simulated === true && platform.runsControllers !== true)) return [];
  const remedy = "Install CertManager first, and say so in platform.certManager.";
  return [inputProblem("platform.certManager", platform.certManager ?? false, `true for ${what}`, remedy)];
}
