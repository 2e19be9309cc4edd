import { childAt, isUnknown, nodeAt, type Tree } from "../../../components/model";
import { patternList } from "../../engine/parameters";
import { undecided, type Judgement, type ResourceRule } from "../../engine/rule";
import { entriesOf, unlessNamed } from "../names";

/** Modes that let connections in without a certificate. */
const OPEN_MODES = ["PERMISSIVE", "DISABLE"];

/**
 * NET-03: what says who may connect to workloads of the mesh asks for certificates of the mesh, at every port.
 *
 * UNSET and absent modes take the one of the namespace or of the whole mesh.
 *
 * @see https://istio.io/latest/docs/reference/config/security/peer_authentication/ v1.30
 */
export const mutualTls: ResourceRule<{ policies: string[] }> = {
  id: "NET-03",
  title: "Workloads of the mesh take connections with certificates only",
  why: "Where plain connections are let in, nobody knows who calls, and rules about identities are of no use.",
  remediation: "Set the mode to STRICT, and move callers that are outside of the mesh into it.",
  url: "https://istio.io/latest/docs/tasks/security/authentication/mtls-migration/",
  severity: "high",
  level: "mandatory",
  family: "platform",
  parameters: {
    policies: patternList(
      "a list of the PeerAuthentications that may let plain connections in, by name or as namespace/name",
      [],
    ),
  },
  fix: "sets the mode to STRICT",
  examples: {
    bad: `
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: default, namespace: ml }
spec:
  mtls: { mode: PERMISSIVE }
`,
    good: `
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: default, namespace: ml }
spec:
  mtls: { mode: STRICT }
`,
  },
  judge(subject, { policies }) {
    if (!subject.is("security.istio.io/PeerAuthentication")) return [];
    return unlessNamed(subject, policies, judgeModes(subject.tree));
  },
};

function* judgeModes(tree: Tree): Iterable<Judgement> {
  yield* judgeMode(nodeAt(tree, "spec.mtls.mode"), "spec.mtls.mode");
  const ports = nodeAt(tree, "spec.portLevelMtls");
  if (isUnknown(ports)) yield undecided("spec.portLevelMtls");
  for (const [port, settings] of entriesOf(ports)) {
    yield* judgeMode(childAt(settings, "mode"), `spec.portLevelMtls["${port}"].mode`);
  }
}

function* judgeMode(mode: Tree, path: string): Iterable<Judgement> {
  if (isUnknown(mode)) yield undecided(path);
  if (typeof mode !== "string" || !OPEN_MODES.includes(mode)) return;
  yield {
    path,
    observed: mode,
    allowed: "STRICT, or nothing where the mesh is STRICT",
    remedy: "Set it to STRICT.",
    fix: [{ path, value: "STRICT" }],
  };
}
