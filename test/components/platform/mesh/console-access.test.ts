import * as pulumi from "@pulumi/pulumi";
import { beforeEach, describe, expect, it } from "vitest";
import { ConsoleAccess } from "../../../../components/platform/mesh/console-access";
import {
  type ConsoleAccessArgs,
  validateConsoleAccess,
} from "../../../../components/platform/mesh/console-access-args";
import { consoleObjects } from "../../../../components/platform/mesh/console-access-manifests";
import { CONSOLE_AUTHORIZER, consoleAuthorizer } from "../../../../components/platform/mesh/console-authorizer";
import { meshGateway } from "../../../../components/platform/mesh/mesh-facts";
import {
  oauth2ProxyDeployment,
  oauth2ProxyFlags,
  oauth2ProxyService,
} from "../../../../components/platform/mesh/oauth2-proxy-manifests";
import { expectGolden, toYaml } from "../../../support/golden";
import { type MockedProgram, startMocks, valueOf } from "../../../support/mocks";
import { sampleAccess, sampleConsoles } from "./cases";

let program: MockedProgram;
beforeEach(async () => {
  program = await startMocks();
});

const { clientSecret, ...publicOidc } = sampleAccess.oidc;

/** The specification of an object by kind and name. */
function specOf(args: ConsoleAccessArgs, kind: string, name: string) {
  return consoleObjects(args).find((each) => each.kind === kind && each.metadata.name === name)?.["spec"] as object;
}

describe("ConsoleAccess", () => {
  it("creates the objects of its golden file", async () => {
    new ConsoleAccess("consoles", { ...sampleAccess, clusterIssuer: "company", platform: { certManager: true } });
    const own = (await program.resources()).filter(({ type }) => type.startsWith("kubernetes:"));
    const objects = own.sort((a, b) => (a.name < b.name ? -1 : 1)).map(({ inputs }) => inputs);
    expectGolden("console-access.yaml", toYaml(...objects).replace(/^( +secret: )["\w+/=-]{32,46}$/gm, "$1generated"));
  });

  it("keeps the client's secret and the key of cookies secret, also among its own inputs", async () => {
    new ConsoleAccess("consoles", sampleAccess);
    const resources = await program.resources();
    const secrets = resources.filter(({ type }) => type === "kubernetes:core/v1:Secret");
    expect(secrets.map(({ name, secretInputs }) => `${name}: ${secretInputs.join()}`).sort()).toEqual([
      "consoles-client: stringData",
      "consoles-cookie: data",
    ]);
    const others = resources.filter(({ name }) => name !== "consoles-client" && name !== "consoles");
    expect(JSON.stringify(others.map(({ inputs }) => inputs))).not.toContain(clientSecret);
  });

  it("reads the client's secret from where others put it", async () => {
    const oidc = { ...publicOidc, clientSecretFrom: { name: "sso", key: "client-secret" } };
    new ConsoleAccess("consoles", { ...sampleAccess, oidc });
    expect((await program.resources()).map(({ name }) => name)).not.toContain("consoles-client");
    const [container] = oauth2ProxyDeployment("x", "y", { ...sampleAccess, oidc }).spec.template.spec.containers;
    expect(container!.env[0]!.valueFrom).toEqual({ secretKeyRef: { name: "sso", key: "client-secret" } });
  });

  it("takes a secret that is not known yet", async () => {
    const oidc = { ...publicOidc, clientSecret: pulumi.secret("later") };
    new ConsoleAccess("consoles", { ...sampleAccess, oidc });
    expect((await program.inputsOf("consoles-client"))["stringData"]).toEqual({ secret: "later" });
  });

  it("opens routes once every rule is there", async () => {
    new ConsoleAccess("consoles", sampleAccess);
    const { dependsOn } = await program.resource("consoles-virtualservice-istio-ingress-console-grafana");
    expect(dependsOn).toEqual([
      "consoles-authorizationpolicy-console-access-oauth2-proxy",
      "consoles-authorizationpolicy-istio-ingress-console-dashboard",
      "consoles-authorizationpolicy-istio-ingress-console-grafana",
      "consoles-authorizationpolicy-istio-ingress-consoles-signed-in",
      "consoles-authorizationpolicy-monitoring-console-grafana",
      "consoles-envoyfilter-istio-ingress-consoles-headers",
      "consoles-requestauthentication-istio-ingress-consoles",
    ]);
  });

  it("tells the addresses and the header", async () => {
    const access = new ConsoleAccess("consoles", sampleAccess);
    expect(await valueOf(access.addresses)).toEqual({
      dashboard: "https://ml.example.com",
      grafana: "https://grafana.example.com",
    });
    expect(await valueOf(access.userHeader)).toBe("kubeflow-userid");
    expect(await valueOf(access.ready)).toBe(true);
  });
});

describe("rules of consoles", () => {
  it("take headers with users off every request before anything else", () => {
    const { configPatches } = specOf({ ...sampleAccess, userHeader: "x-user" }, "EnvoyFilter", "consoles-headers") as {
      configPatches: { patch: { operation: string; value: { typed_config: { mutations: object } } } }[];
    };
    const { operation, value } = configPatches[0]!.patch;
    expect(operation).toBe("INSERT_FIRST");
    expect(value.typed_config.mutations).toMatchObject({
      request_mutations: expect.arrayContaining([{ remove: "x-user" }, { remove: "x-forwarded-user" }]) as object[],
    });
  });

  it("ask the proxy about every host, with a port behind it too", () => {
    expect(specOf(sampleAccess, "AuthorizationPolicy", "consoles-signed-in")).toMatchObject({
      action: "CUSTOM",
      provider: { name: CONSOLE_AUTHORIZER },
      rules: [
        {
          to: [
            {
              operation: {
                hosts: ["ml.example.com", "ml.example.com:*", "grafana.example.com", "grafana.example.com:*"],
              },
            },
          ],
        },
      ],
    });
  });

  it("take the user from a token that was made for the platform", () => {
    expect(specOf(sampleAccess, "RequestAuthentication", "consoles")).toMatchObject({
      jwtRules: [
        {
          issuer: sampleAccess.oidc.issuer,
          audiences: ["mlstack"],
          forwardOriginalToken: false,
          outputClaimToHeaders: [{ header: "kubeflow-userid", claim: "email" }],
        },
      ],
    });
  });

  it.each<[string, string, string[]]>([
    ["every group", "console-dashboard", ["ml-users", "ml-admins"]],
    ["its own groups", "console-grafana", ["ml-admins"]],
  ])("let in %s", (_, name, values) => {
    expect(specOf(sampleAccess, "AuthorizationPolicy", name)).toMatchObject({
      action: "ALLOW",
      rules: [
        {
          from: [{ source: { requestPrincipals: ["https://login.example.com/realms/ml/*"] } }],
          when: [{ key: "request.auth.claims[groups]", values }],
        },
      ],
    });
  });

  it("let nobody but the gateway talk to the port of a console that says which pods it has", () => {
    const own = consoleObjects(sampleAccess).filter(({ metadata }) => metadata.namespace === "monitoring");
    expect(own.map(({ spec }) => spec as object)).toEqual([
      {
        selector: { matchLabels: sampleConsoles[1]!.workload },
        action: "ALLOW",
        rules: [
          {
            from: [{ source: { principals: ["cluster.local/ns/istio-ingress/sa/istio-ingress"] } }],
            to: [{ operation: { ports: ["3000"] } }],
          },
          { to: [{ operation: { notPorts: ["3000"] } }] },
        ],
      },
    ]);
  });

  it("stand in the gateway's namespace, wherever that is", () => {
    const gateway = meshGateway("edge");
    const namespaces = consoleObjects({ ...sampleAccess, gateway }).map(({ metadata }) => metadata.namespace);
    expect(new Set(namespaces)).toEqual(new Set(["edge", "monitoring"]));
  });
});

describe("the proxy that signs users in", () => {
  it("lets in named domains and groups alone", () => {
    const flags = oauth2ProxyFlags(sampleAccess).filter((flag) => /--(email-domain|allowed-group)=/.test(flag));
    expect(flags).toEqual(["--email-domain=example.com", "--allowed-group=ml-users", "--allowed-group=ml-admins"]);
  });

  it("believes no forwarded header", () => {
    expect(oauth2ProxyFlags(sampleAccess).filter((flag) => flag.startsWith("--reverse-proxy"))).toEqual([]);
  });

  it("is where the mesh asks", () => {
    const { metadata, spec } = oauth2ProxyService("console-access");
    const { service, port } = consoleAuthorizer();
    expect(`${metadata.name}.${metadata.namespace}.svc.cluster.local:${spec.ports[0]!.port}`).toBe(
      `${service}:${port}`,
    );
  });
});

describe("checks of ConsoleAccess", () => {
  const secret = "allowed: one of clientSecret and clientSecretFrom. Give one of them.";
  it.each<[string, object, string[]]>([
    ["nothing wrong", {}, []],
    [
      "an issuer by plain HTTP",
      { oidc: { ...sampleAccess.oidc, issuer: "http://login.example.com" } },
      ['oidc.issuer is "http://login.example.com"; allowed: an address over https. Spell it as the provider does.'],
    ],
    ["no secret", { oidc: publicOidc }, [`oidc.clientSecret is missing; ${secret}`]],
    [
      "two secrets",
      { oidc: { ...sampleAccess.oidc, clientSecretFrom: { name: "sso", key: "secret" } } },
      [`oidc.clientSecret is given beside clientSecretFrom; ${secret}`],
    ],
    [
      "everybody",
      { allowedGroups: ["*"], emailDomains: ["*"], consoles: [sampleConsoles[0]] },
      [
        'allowedGroups[0] is "*"; allowed: the name of one group. Name each group that may come in.',
        'emailDomains[0] is "*"; allowed: a full host name. Write it like "grafana.example.com".',
      ],
    ],
    [
      "nobody at all",
      { allowedGroups: [], emailDomains: [], consoles: [] },
      [
        "consoles is []; allowed: at least one console. Name one, or leave the component out.",
        "allowedGroups is []; allowed: at least one group. Name who may come in.",
        "emailDomains is []; allowed: at least one domain. Name who may come in.",
      ],
    ],
    [
      "a group that cannot sign in",
      { consoles: [{ ...sampleConsoles[0], groups: ["guests"] }] },
      ['consoles[0].groups[0] is "guests"; allowed: one of allowedGroups. Add it there: others cannot sign in.'],
    ],
    [
      "a host twice",
      { consoles: [sampleConsoles[0], { ...sampleConsoles[0], name: "other" }] },
      ['consoles[1] is "other ml.example.com"; allowed: each name and host once. See consoles[0].'],
    ],
    [
      "a host that is none",
      { consoles: [{ ...sampleConsoles[0], host: "dashboard" }] },
      ['consoles[0].host is "dashboard"; allowed: a full host name. Write it like "grafana.example.com".'],
    ],
    [
      "an issuer of certificates without cert-manager",
      { clusterIssuer: "company" },
      ["clusterIssuer is given; allowed: none without cert-manager. Set platform.certManager."],
    ],
    [
      "a port of no pods",
      { consoles: [{ ...sampleConsoles[0], podPort: 8082 }] },
      ["consoles[0].podPort is given; allowed: none without workload. Name the labels of the pods."],
    ],
  ])("tell %s", (_, args, expected) => {
    expect(validateConsoleAccess("consoles", { ...sampleAccess, ...args }).map(({ reason }) => reason)).toEqual(
      expected,
    );
  });
});
