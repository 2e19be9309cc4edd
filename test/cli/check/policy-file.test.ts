import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readPolicyFile } from "../../../cli/policy-file";
import { scratch } from "./manifests";

describe("the policy file", () => {
  const at = scratch();
  const { file } = at;

  it("gives every rule its level", async () => {
    const path = await file("policies.yaml", "profile: dev\nrules:\n  POD-22: disabled\n");

    const { content } = await readPolicyFile(path, []);

    expect(content).toEqual({ profile: "dev", rules: { "POD-22": "disabled" } });
  });

  it("is the first candidate that exists, or none", async () => {
    const path = await file("second.yaml", "profile: prod\n");

    expect(await readPolicyFile(undefined, [join(at.folder, "first.yaml"), path])).toEqual({
      path,
      content: { profile: "prod" },
    });
    expect(await readPolicyFile(undefined, [join(at.folder, "first.yaml")])).toEqual({ path: undefined, content: {} });
  });

  it("yields to a profile on the command line", async () => {
    const path = await file("policies.yaml", "profile: dev\n");

    expect((await readPolicyFile(path, [], "prod")).content).toEqual({ profile: "prod" });
  });

  it.each(["", "# nothing\n", "rules:\nexemptions:\nprofile:\nguesses: ~\n"])("may be %j", async (text) => {
    const path = await file("policies.yaml", text);

    expect((await readPolicyFile(path, [])).content).toEqual({});
  });

  it.each([
    ["profile: staging\n", 'profile is "staging"; allowed: "dev", "baseline", "restricted", "prod"'],
    [
      "rules: { GPU-001: disabled }\n",
      /rules\.GPU-001 is not a rule of this policy; allowed: a rule, such as GPU-\d\d, GPU-\d\d, GPU-\d\d$/m,
    ],
    ["rules: { POD-01: { images: 3 } }\n", "rules.POD-01.images is 3; allowed: a list of the names of images"],
    ["exemptions: [{ rule: POD-01 }]\n", "exemptions[0].owner is absent"],
    ["exemptions: [{ rule: PDO-01 }]\n", /exemptions\[0\]\.rule is not a rule .*; allowed: a rule, such as POD-01, /],
    ["strict: true\n", "strict is not a setting"],
    ["- a\n", "holds no object"],
    ["a: 1\na: secret\n", "is no YAML: in line 2, a key is there twice in one map"],
    ["a: *b\n", "has an alias without an anchor"],
    [Buffer.from("a: \xe9\n", "latin1"), "cannot be read: it is no UTF-8"],
  ])("with %j is refused", async (text, problem) => {
    const path = await file("policies.yaml", text);

    await expect(readPolicyFile(path, [])).rejects.toThrow(problem);
  });

  it("that is not there is refused", async () => {
    await expect(readPolicyFile(join(at.folder, "none.yaml"), [])).rejects.toThrow("cannot be read");
  });
});
