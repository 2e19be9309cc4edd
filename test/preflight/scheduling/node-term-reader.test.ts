import { describe, expect, it } from "vitest";
import { UNKNOWN, type Tree, type TreeObject } from "../../../components/model";
import type { NodeTerm } from "../../../preflight/scheduling/pod";
import { readingOf, required } from "./samples";

const terms = (...matchExpressions: Tree[]): TreeObject => ({ matchExpressions });

describe("terms of node affinity", () => {
  const ROOT = "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution";
  const FIRST = `${ROOT}.nodeSelectorTerms[0]`;
  const zone = { key: "zone", operator: "In", values: ["a"] };
  const gpus = { key: "gpus", operator: "Gt", values: ["1"] };

  it.each<[what: string, terms: Tree[], read: NodeTerm[] | undefined, unknown: string[]]>([
    [
      "labels and names",
      [{ matchExpressions: [zone, gpus], matchFields: [{ key: "metadata.name", operator: "In", values: ["n"] }] }],
      [
        {
          expressions: [zone as never, gpus as never],
          fields: [{ key: "metadata.name", operator: "In", values: ["n"] }],
        },
      ],
      [],
    ],
    ["an empty term, which matches nothing", [{}], [{ expressions: [], fields: [] }], []],
    ["no terms, which match nothing", [], [], []],
    [
      "absent values",
      [terms({ key: "zone", operator: "Exists" })],
      [{ expressions: [{ key: "zone", operator: "Exists", values: [] }], fields: [] }],
      [],
    ],
    [
      "what is no operator, as one that nothing meets",
      [terms({ key: "zone", operator: "Is", values: ["a"] })],
      [{ expressions: [{ key: "zone", operator: "In", values: [] }], fields: [] }],
      [],
    ],
    [
      "an absent operator and key",
      [terms({})],
      [{ expressions: [{ key: "", operator: "In", values: [] }], fields: [] }],
      [],
    ],
    [
      "one requirement of several that is not known, without it",
      [terms({ ...zone, values: [UNKNOWN] }, gpus)],
      [{ expressions: [gpus as never], fields: [] }],
      [`${FIRST}.matchExpressions[0].values[0]`],
    ],
    [
      "a term of which nothing is known, as open to every node",
      [terms({ ...zone, key: UNKNOWN }), terms(gpus)],
      undefined,
      [`${FIRST}.matchExpressions[0].key`],
    ],
    [
      "an operator that is not known",
      [terms({ ...zone, operator: UNKNOWN })],
      undefined,
      [`${FIRST}.matchExpressions[0].operator`],
    ],
    [
      "values that are not known",
      [terms({ ...zone, values: UNKNOWN })],
      undefined,
      [`${FIRST}.matchExpressions[0].values`],
    ],
    ["a requirement that is not known", [terms(UNKNOWN)], undefined, [`${FIRST}.matchExpressions[0]`]],
    ["requirements that are not known", [{ matchExpressions: UNKNOWN }], undefined, [`${FIRST}.matchExpressions`]],
    ["names that are not known", [{ matchFields: UNKNOWN }], undefined, [`${FIRST}.matchFields`]],
    ["a term that is not known", [UNKNOWN], undefined, [FIRST]],
  ])("are read with %s", (_, given, expected, unknown) => {
    expect(readingOf("nodeTerms", required("nodeAffinity", ...given))).toEqual([expected, unknown]);
  });

  it.each<[spec: TreeObject, unknown: string[]]>([
    [{ affinity: UNKNOWN }, ["spec.affinity"]],
    [{ affinity: { nodeAffinity: UNKNOWN } }, ["spec.affinity.nodeAffinity"]],
    [{ affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: UNKNOWN } } }, [ROOT]],
    [
      {
        affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: UNKNOWN } } },
      },
      [`${ROOT}.nodeSelectorTerms`],
    ],
    [{ affinity: null }, []],
    [{ affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: null } } }, []],
    [{ affinity: { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1 }] } } }, []],
  ])("are none of %o", (spec, unknown) => {
    expect(readingOf("nodeTerms", spec)).toEqual([undefined, unknown]);
  });
});
