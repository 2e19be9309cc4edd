import { describe, expect, it } from "vitest";
import { remoteCode } from "../../../../policies/gpu-ml/ml/remote-code";
import { UNKNOWN_STRING, job } from "../../analyzer";
import { judged, notKnown, workflow } from "./objects";

const CONTAINER = "spec.template.spec.containers[0]";
const refused = (path: string) =>
  `advisory [ML-08] Job ml/mnist: ${path} is a switch that runs the code of a model; allowed: models that run without code ` +
  "of their own. Remove it, or put code that was read into the image.";

describe("ML-08 code that comes with models", () => {
  it.each([
    ["no arguments", {}],
    ["the switch turned off", { args: ["--trust-remote-code=false"] }],
    ["the switch turned off by the next argument", { args: ["--trust_remote_code", "False"] }],
    ["the switch turned off by a number", { args: ["--trust-remote-code=0"] }],
    ["another switch", { args: ["--trust-remote-codes", "--no-trust-remote-code", "--trust-remote"] }],
    ["a script that turns it off", { command: ["python", "-c", "load(trust_remote_code=False)"] }],
    [
      "a shell that turns it off",
      { command: ["sh", "-c", "serve --trust-remote-code=false --trust-remote-code false"] },
    ],
    ["a shell with another switch", { command: ["sh", "-c", "serve --trust-remote-code-path=a"] }],
    ["a variable that is off", { env: [{ name: "TRUST_REMOTE_CODE", value: "0" }] }],
    ["a variable without value", { env: [{ name: "TRUST_REMOTE_CODE" }, { value: "1" }] }],
    ["another variable", { env: [{ name: "REMOTE_CODE", value: "true" }, "TRUST_REMOTE_CODE"] }],
    ["lists for arguments", { args: [["--trust-remote-code"]] }],
    ["a variable whose value is no text", { env: [{ name: "TRUST_REMOTE_CODE", value: true }] }],
    ["a variable whose name is no text", { env: [{ name: ["TRUST_REMOTE_CODE"], value: "true" }] }],
    ["numbers", { args: [1], env: 2 }],
  ])("accepts %s", (_case, container) => {
    expect(judged(remoteCode, job(container))).toEqual([]);
  });

  it.each([
    ["the switch", { args: ["serve", "--trust-remote-code"] }, "args[1]"],
    ["the switch with underscores", { command: ["serve", "--trust_remote_code"] }, "command[1]"],
    ["the switch with a value", { args: ["--trust-remote-code=true"] }, "args[0]"],
    ["the switch with a value behind it", { args: ["--trust_remote_code", "True"] }, "args[0]"],
    ["the switch before another", { args: ["--trust-remote-code", "--port=1"] }, "args[0]"],
    ["the switch before what is no text", { args: ["--trust-remote-code", ["false"]] }, "args[0]"],
    ["a script", { command: ["python", "-c", "load(a, trust_remote_code = True)"] }, "command[2]"],
    ["a line for a shell", { command: ["sh", "-c", "vllm serve a --trust-remote-code --port 1"] }, "command[2]"],
    ["a line for a shell with a value", { command: ["sh", "-c", "serve --trust_remote_code=true"] }, "command[2]"],
    ["a line for a shell that ends so", { command: ["sh", "-c", "serve --trust-remote-code"] }, "command[2]"],
    ["a variable", { env: [{ name: "A" }, { name: "TRUST_REMOTE_CODE", value: "true" }] }, "env[1].value"],
    ["a variable of data sets", { env: [{ name: "HF_DATASETS_TRUST_REMOTE_CODE", value: "1" }] }, "env[0].value"],
    ["a variable that says on", { env: [{ name: "TRUST_REMOTE_CODE", value: "ON" }] }, "env[0].value"],
  ])("refuses %s", (_case, container, path) => {
    expect(judged(remoteCode, job(container))).toEqual([refused(`${CONTAINER}.${path}`)]);
  });

  it("looks into workflows", () => {
    const templates = [{ name: "a", container: { args: ["{{x}}", "--trust-remote-code"] } }];

    expect(judged(remoteCode, workflow({ templates }))).toEqual([
      refused("spec.templates[0].container.args[1]").replace("Job ml/mnist", "Workflow ml/it"),
    ]);
  });

  it.each([
    ["registry.example:5000/chat:1", 0],
    ["registry.example:5000/chat@sha256:0123", 0],
    ["registry.example:5000/chat", 0],
    ["registry.example:5000/chat2:1", 1],
    [undefined, 1],
  ])("knows the image %s among those that were read through", (image, findings) => {
    const resource = job({ image, args: ["--trust-remote-code"] });

    expect(judged(remoteCode, resource, { images: ["registry.example:5000/chat"] })).toHaveLength(findings);
    for (const images of ["a", ["a", 1]]) expect(remoteCode.parameters.images.accepts(images)).toBe(false);
  });

  const serving = (container: object) => job({ image: "registry.example/vllm:1", ...container });

  it.each([
    ["an argument", serving({ args: ["--port", UNKNOWN_STRING] }), "args[1]"],
    ["the arguments", serving({ args: UNKNOWN_STRING }), "args"],
    ["the command", serving({ command: UNKNOWN_STRING }), "command"],
    ["the environment", serving({ env: UNKNOWN_STRING }), "env"],
    ["a variable", serving({ env: [UNKNOWN_STRING] }), "env[0]"],
    ["the name of a variable", serving({ env: [{ name: UNKNOWN_STRING, value: "true" }] }), "env[0].name"],
    [
      "the value of the variable",
      serving({ env: [{ name: "TRUST_REMOTE_CODE", value: UNKNOWN_STRING }] }),
      "env[0].value",
    ],
    ["what is behind the switch", serving({ args: ["--trust-remote-code", UNKNOWN_STRING] }), "args[1]"],
    ["an argument of a program that names a model", job({ args: ["--model=a", UNKNOWN_STRING] }), "args[1]"],
    ["an argument of a command that loads one", job({ command: ["torchrun", UNKNOWN_STRING] }), "command[1]"],
  ])("leaves it to the update while %s is not known", (_case, resource, path) => {
    expect(judged(remoteCode, resource)).toEqual([notKnown(remoteCode, "Job ml/mnist", `${CONTAINER}.${path}`)]);
  });

  it.each([
    ["arguments of programs without models", job({ args: [UNKNOWN_STRING] })],
    ["variables that are off, whatever their name", serving({ env: [{ name: UNKNOWN_STRING, value: "off" }] })],
    ["what a workflow fills in", workflow({ templates: [{ container: { image: "vllm:1", args: ["--a={{x}}"] } }] })],
  ])("asks nothing of %s", (_case, resource) => {
    expect(judged(remoteCode, resource)).toEqual([]);
  });
});
