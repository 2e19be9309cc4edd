import { plain } from "../check/plain";
import { table } from "../table";
import { type Bill, type BillComponent, kindOf, licenceOf } from "./bill";
import { licenceNote } from "./licences";

const HEADING = ["kind", "name", "version", "licence", "known by", "why"];

/** A bill for people: a row for each component, with its licence and why it is used where that is not permissive. */
export function billTable({ components }: Bill): string {
  return `${table(HEADING, components.map(rowOf))}\n`;
}

function rowOf(component: BillComponent): string[] {
  const { name, version = "", hashes = [] } = component;
  const cells = [kindOf(component), name, version, licenceOf(component) ?? "unknown", hashes[0]?.alg ?? ""];
  return [...cells, licenceNote(component)?.reason ?? ""].map(plain);
}
