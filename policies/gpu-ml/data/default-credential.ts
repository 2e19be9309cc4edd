import { childAt, isTreeObject, isUnknown, type Tree } from "../../../components/model";
import { namesSecret } from "../../engine/credentials/secret-name";
import { isWellKnown } from "../../engine/credentials/well-known";
import { pathBelow } from "../../engine/path";
import { undecided, type Judgement, type ResourceRule } from "../../engine/rule";

/**
 * DATA-03, Secrets: no Secret holds a credential that anybody would try first.
 *
 * Policies see secrets in plain text and cannot tell one that Pulumi keeps encrypted from one that is written into the
 * program; so only what no secret can be is found here.
 *
 * @see https://attack.mitre.org/techniques/T1078/001/ "Default Accounts"
 */
export const defaultCredential: ResourceRule = {
  id: "DATA-03",
  title: "Secrets hold no well-known credentials",
  why: "Default passwords and placeholders are the first that anybody tries.",
  remediation: "Generate the credential, for example with `random.RandomPassword`.",
  url: "https://attack.mitre.org/techniques/T1078/001/",
  severity: "high",
  level: "mandatory",
  family: "platform",
  parameters: {},
  examples: {
    bad: `
apiVersion: v1
kind: Secret
metadata: { name: database, namespace: ml }
stringData: { username: katib, password: changeme }
`,
    good: `
apiVersion: v1
kind: Secret
metadata: { name: database, namespace: ml }
stringData: { username: katib, password: kT9-long-and-random }
`,
  },
  *judge(subject) {
    if (!subject.is("/Secret")) return;
    yield* judgeEntries("stringData", childAt(subject.tree, "stringData"), (value) => value);
    yield* judgeEntries("data", childAt(subject.tree, "data"), decoded);
  },
};

function* judgeEntries(path: string, entries: Tree, read: (value: Tree) => Tree): Iterable<Judgement> {
  if (isUnknown(entries)) yield undecided(path);
  for (const [key, value] of isTreeObject(entries) ? Object.entries(entries) : []) {
    const at = pathBelow(path, key);
    const text = read(value);
    if (isUnknown(text)) {
      if (namesSecret(key)) yield undecided(at);
    } else if (namesSecret(key) ? isWellKnown(text) : setsWellKnown(text)) {
      yield {
        path: at,
        observed: "a credential that is well known",
        allowed: "one that is generated",
        remedy: "Generate it, for example with random.RandomPassword.",
      };
    }
  }
}

/** Whether a file of variables, such as the `config.env` of a MinIO tenant, sets one to a well-known secret. */
function setsWellKnown(text: Tree): boolean {
  const lines = typeof text === "string" ? text.split("\n") : [];
  return lines.some((line) => {
    const [, name = "", value = ""] = /^(?:export\s+)?(\w+)=(.*)$/.exec(line.trim()) ?? [];
    return namesSecret(name) && isWellKnown(value.replace(/^["']|["']$/g, ""));
  });
}

function decoded(value: Tree): Tree {
  return typeof value !== "string" ? value : Buffer.from(value, "base64").toString("utf8");
}
