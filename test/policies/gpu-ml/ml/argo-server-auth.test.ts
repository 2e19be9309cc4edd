import { describe, expect, it } from "vitest";
import { argoServerAuth } from "../../../../policies/gpu-ml/ml/argo-server-auth";
import { UNKNOWN_STRING } from "../../analyzer";
import { judged, notKnown, object, release } from "./objects";

const IMAGE = "quay.io/argoproj/argocli:v4.1.2";
const server = (container: object) =>
  object("apps/v1", "Deployment", { spec: { template: { spec: { containers: [{ image: IMAGE, ...container }] } } } });
const CONTAINER = "spec.template.spec.containers[0]";

const anyone = (object: string, path: string) =>
  `mandatory [ML-03] ${object}: ${path} is auth mode server, which asks nobody who they are; allowed: auth mode client ` +
  "or sso. Use sso with an identity provider, or client with the users' own tokens.";

describe("ML-03 auth modes of Argo Server", () => {
  it.each([
    ["no arguments", server({})],
    ["client", server({ args: ["server", "--auth-mode=client"] })],
    ["sso", server({ args: ["server", "--auth-mode", "sso"] })],
    ["a longer word", server({ args: ["server", "--auth-mode=serverless"] })],
    ["the word server behind another flag", server({ args: ["--auth-mode=sso", "--name", "server"] })],
    ["a list for an argument", server({ args: [["--auth-mode=server"]] })],
    ["numbers", server({ args: [1, 2] })],
    ["a chart without values", release("argo-workflows", {})],
    ["a chart with other modes", release("argo-workflows", { server: { authModes: ["client", "sso"], authMode: "" } })],
    ["another chart", release("argo-cd", { server: { authModes: ["server"] } })],
    ["another chart of no name yet without the mode", release(UNKNOWN_STRING, { server: { authModes: ["sso"] } })],
    ["another resource", { type: "aws:s3/bucket:Bucket", props: { chart: "argo-workflows", values: {} } }],
  ])("accepts %s", (_case, resource) => {
    expect(judged(argoServerAuth, resource)).toEqual([]);
  });

  it.each([
    ["the flag with its mode", { args: ["server", "--auth-mode=server"] }, "args[1]"],
    ["the mode behind the flag", { args: ["server", "--auth-mode", "server"] }, "args[2]"],
    ["one mode of several", { args: ["--auth-mode=client", "--auth-mode=server"] }, "args[1]"],
    ["the flag in the command", { command: ["argo", "server", "--auth-mode=server"] }, "command[2]"],
    ["the flag in a line for a shell", { command: ["sh", "-c", "argo server --auth-mode server"] }, "command[2]"],
    ["the flag of another image", { image: "registry.example/tool:1", args: ["--auth-mode=server"] }, "args[0]"],
  ])("refuses %s", (_case, container, path) => {
    expect(judged(argoServerAuth, server(container))).toEqual([anyone("Deployment ml/it", `${CONTAINER}.${path}`)]);
  });

  it.each([
    ["modes", { authModes: ["client", "server"] }, "server.authModes[1]"],
    ["the mode of old", { authMode: "server" }, "server.authMode"],
    ["arguments", { extraArgs: ["--auth-mode=server"] }, "server.extraArgs[0]"],
  ])("refuses the mode in the chart's %s", (_case, values, path) => {
    for (const type of ["kubernetes:helm.sh/v3:Release", "kubernetes:helm.sh/v4:Chart"]) {
      const chart = { ...release("argo-workflows", { server: values }), type };

      expect(judged(argoServerAuth, chart)).toEqual([anyone(`${type.split(":")[2]!} it`, `values.${path}`)]);
    }
  });

  it.each([
    ["the arguments", server({ args: UNKNOWN_STRING }), `${CONTAINER}.args`],
    ["an argument", server({ args: [UNKNOWN_STRING, "--port=1"] }), `${CONTAINER}.args[0]`],
    [
      "an argument of an image with digest",
      server({ image: "argocli@sha256:0", args: [UNKNOWN_STRING] }),
      `${CONTAINER}.args[0]`,
    ],
    [
      "an argument of an image without tag",
      server({ image: "argocli", args: [UNKNOWN_STRING] }),
      `${CONTAINER}.args[0]`,
    ],
    ["the command", server({ command: UNKNOWN_STRING }), `${CONTAINER}.command`],
    [
      "the containers",
      object("apps/v1", "Deployment", { spec: { template: { spec: { containers: UNKNOWN_STRING } } } }),
      "spec.template.spec.containers",
    ],
  ])("leaves it to the update while %s is not known", (_case, resource, path) => {
    expect(judged(argoServerAuth, resource)).toEqual([notKnown(argoServerAuth, "Deployment ml/it", path)]);
  });

  it.each([
    ["the modes", release("argo-workflows", { server: { authModes: UNKNOWN_STRING } }), "values.server.authModes"],
    ["a mode", release("argo-workflows", { server: { authModes: [UNKNOWN_STRING] } }), "values.server.authModes[0]"],
    ["the chart", release(UNKNOWN_STRING, { server: { authModes: ["server"] } }), "chart"],
  ])("leaves it to the update while %s of a release is not known", (_case, resource, path) => {
    expect(judged(argoServerAuth, resource)).toEqual([notKnown(argoServerAuth, "Release it", path)]);
  });

  it.each([
    ["registry.example/tool:1"],
    ["registry.example/argocli-docs:1"],
    ["registry.example/myargocli"],
    [UNKNOWN_STRING],
    [undefined],
  ])("asks nothing of arguments of the image %s", (image) => {
    expect(judged(argoServerAuth, server({ image, args: [UNKNOWN_STRING] }))).toEqual([]);
  });
});
