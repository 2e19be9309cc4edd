import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { changesOfPreview, describeChange } from "../../../cli/releases/changes";
import { StandInStack } from "../../support/stand-ins";

/** A component of a package, whose next versions are written below. */
const part = (children: string) => `
class Part extends pulumi.ComponentResource {
  constructor(name) {
    super("mlstack:index:Part", name, {});
    ${children}
    this.registerOutputs();
  }
}
new Part("part");
`;

/** A claim of the component, with its name in the program, its size, who may use it, and further options. */
const claim = (name: string, { size = "1Gi", mode = "ReadWriteOnce", options = "" } = {}) =>
  part(`new k8s.core.v1.PersistentVolumeClaim("part-${name}", {
    metadata: { name: "data", namespace: "ml" },
    spec: { accessModes: ["${mode}"], resources: { requests: { storage: "${size}" } } },
  }, { parent: this, ${options} });`);

const released = claim("data");

describe("changes of an upgrade", { timeout: 120_000 }, () => {
  let stack: StandInStack;
  beforeAll(async () => {
    stack = await StandInStack.ofProgram(released);
    const { code, output } = await stack.up();
    expect(code, output).toBe(0);
  }, 120_000);
  afterAll(() => stack.remove());

  const type = "kubernetes:core/v1:PersistentVolumeClaim";

  test.each<[string, string, string[]]>([
    ["of what stayed as it was: none", released, []],
    ["of a resource that is called otherwise, without an alias", claim("volume"), [`delete ${type} part-data`]],
    [
      "of one that is called otherwise, with an alias: none",
      claim("volume", { options: 'aliases: [{ name: "part-data" }]' }),
      [],
    ],
    [
      "of a component of another type, without an alias",
      released.replace("mlstack:index:Part", "mlstack:index:Piece"),
      [`delete ${type} part-data`],
    ],
    [
      "of a component of another type, with an alias: none",
      released
        .replace("mlstack:index:Part", "mlstack:index:Piece")
        .replace("name, {});", 'name, {}, { aliases: [{ type: "mlstack:index:Part" }] });'),
      [],
    ],
    [
      "of another default",
      claim("data", { size: "2Gi" }),
      [`update ${type} part-data (spec.resources.requests.storage)`],
    ],
    [
      "of what cannot be changed, and of what can beside it",
      claim("data", { size: "2Gi", mode: "ReadWriteMany" }),
      [`replace ${type} part-data (spec.accessModes[0])`],
    ],
  ])("%s", async (_, program, changes) => {
    await stack.write(program);
    const { code, output } = await stack.preview("--json");
    expect(code, output).toBe(0);
    expect(changesOfPreview(output).map(describeChange)).toEqual(changes);
  });
});

describe("secrets that were not recorded", () => {
  const step = (differing: string[]) =>
    JSON.stringify({
      steps: [
        {
          op: "replace",
          urn: "urn:pulumi:prod::mlstack::kubernetes:core/v1:Secret::database",
          detailedDiff: Object.fromEntries(differing.map((path) => [path, { kind: "update-replace" }])),
          oldState: { inputs: { type: "Opaque", data: { "tls.key": "secret-removed" } } },
        },
      ],
    });

  test("are no change, as nobody knows whether they are others", () => {
    expect(changesOfPreview(step(['data["tls.key"]']))).toEqual([]);
  });

  test("leave other differences of their resource as they are", () => {
    expect(changesOfPreview(step(['data["tls.key"]', "type"])).map(describeChange)).toEqual([
      "replace kubernetes:core/v1:Secret database (type)",
    ]);
  });
});
