import { describe, expect, it } from "vitest";
import { withoutLogins } from "../../../policies/engine/discretion";
import { analyze, job, lines } from "../analyzer";
import { imageTag } from "../../../policies/pod-security/practices/image-tag";

describe("addresses in messages", () => {
  it.each([
    ["https://user:hunter2@host/path", "https://…@host/path"],
    ['"s3://key:secret@bucket" and "redis://:hunter2@cache"', '"s3://…@bucket" and "redis://…@cache"'],
    ["https://host:8080/path", "https://host:8080/path"],
    ["https://host/a@b", "https://host/a@b"],
    ["user@host", "user@host"],
    ["", ""],
  ])("%j is told as %j", (text, told) => {
    expect(withoutLogins(text)).toBe(told);
  });

  it("lose their login also in the name of the object", () => {
    const named = { ...job({ image: "mnist" }) };
    const props = { ...named.props, metadata: { name: "https://user:hunter2@host" } };

    expect(lines(analyze([imageTag], { ...named, props })).join()).toContain("Job https://…@host: ");
  });
});
