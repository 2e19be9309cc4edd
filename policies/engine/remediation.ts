import { isTreeObject, type TreeObject } from "../../components/model";
import { edited } from "./edit";
import { unproxied } from "./materialise";
import { Subject, type ResourceFacts } from "./subject";
import type { Report } from "./verdict";

/**
 * The properties of a resource with the fixes made that its findings offer; undefined where there are none.
 *
 * Whatever no fix touches is handed back as it came, so that secrets stay secrets and what is not known yet stays so.
 *
 * @param judge gives the findings of a resource.
 */
export function remediated(facts: ResourceFacts, judge: (subject: Subject) => Report[]): TreeObject | undefined {
  const reports = judge(new Subject(facts)).filter(({ exemption }) => exemption === undefined);
  const edits = reports.flatMap(({ fix }) => fix ?? []);
  const properties = unproxied(facts.props) as TreeObject;
  if (edits.length === 0 || !isTreeObject(properties)) return undefined;
  return edited(properties, edits);
}
