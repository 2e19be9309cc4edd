import type { AmiFamily } from "../../../model";

/** What each operating system is told so that it makes one RAID0 volume of its local disks and keeps pods there. */
const localStorageData: Record<AmiFamily, string> = {
  al2023: nodeConfigPart(`apiVersion: node.eks.aws/v1alpha1
kind: NodeConfig
spec:
  instance:
    localStorage:
      strategy: RAID0`),
  bottlerocket: `[settings.bootstrap-commands.local-storage]
commands = [
  ["apiclient", "ephemeral-storage", "init"],
  ["apiclient", "ephemeral-storage", "bind", "--dirs", "/var/lib/containerd", "/var/lib/kubelet", "/var/log/pods"],
]
mode = "always"
essential = true
`,
};

/**
 * User data, in Base64, of the machines of a managed node group; undefined where EKS's own says it all, which it adds in
 * any case.
 *
 * @see https://awslabs.github.io/amazon-eks-ami/nodeadm/doc/api/#localstorageoptions (read 2026-11)
 * @see https://docs.aws.amazon.com/eks/latest/userguide/launch-templates.html "Amazon EC2 user data" (read 2026-11)
 * @see https://bottlerocket.dev/en/os/1.60.x/concepts/bootstrap-commands/ (Bottlerocket 1.60)
 */
export function nodeUserData(family: AmiFamily, localStorage: boolean): string | undefined {
  return localStorage ? Buffer.from(localStorageData[family]).toString("base64") : undefined;
}

/** EKS adds parts of its own, and therefore takes nothing but MIME of several parts. */
function nodeConfigPart(yaml: string): string {
  return `MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="mlstack"

--mlstack
Content-Type: application/node.eks.aws

---
${yaml}

--mlstack--
`;
}
