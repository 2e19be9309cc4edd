/** What is at a place in an object, where the places of lists are numbers: `status.conditions.0.type`. */
function valueAt(object: unknown, keys: readonly string[]): unknown {
  return keys.reduce<unknown>((value, key) => {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
    return (value as Record<string, unknown>)[key];
  }, object);
}

/** A field as conditions compare it; undefined where there is none. */
export function fieldAt(object: unknown, path: string): string | undefined {
  const value = valueAt(object, path.split("."));
  if (value === undefined) return undefined;
  return value === null ? "" : textOf(value);
}

/**
 * What a template such as `{.status.phase}` says of an object: fields, places of lists, `[*]`, and filters that compare a
 * field with a text or number. What is not there says nothing.
 *
 * @throws Error where the template has more than that.
 * @see https://kubernetes.io/docs/reference/kubectl/jsonpath/ (v1.36)
 */
export function jsonPath(object: unknown, template: string): string {
  return template.replaceAll(/\{([^}]*)\}/g, (_, path: string) => {
    const literal = /^\s*"(.*)"\s*$/.exec(path);
    if (literal) return literal[1]!;
    return select(object, path.trim())
      .map((value) => (value === null ? "" : textOf(value)))
      .join(" ");
  });
}

const STEP =
  /^(?:\.?\[\?\(\s*@\.([\w.]+)\s*==\s*(?:"([^"]*)"|'([^']*)'|([\w.-]+))\s*\)\]|\.?\[(\*|-?\d+)\]|\.?\['([^']+)'\]|\.((?:[^.[\]\\]|\\.)+))/;

function select(object: unknown, path: string): unknown[] {
  let rest = path.replace(/^\$/, "");
  let found: unknown[] = [object];
  while (rest !== "" && rest !== ".") {
    const step = STEP.exec(rest);
    if (step === null) throw new Error(`the path {${path}} has a part that is not simulated: ${rest}`);
    rest = rest.slice(step[0].length);
    found = found.flatMap((value) => next(value, step)).filter((value) => value !== undefined);
  }
  return found;
}

function next(value: unknown, [, field, double, single, bare, place, quoted, name]: RegExpExecArray): unknown[] {
  const list = Array.isArray(value) ? (value as unknown[]) : [];
  if (field !== undefined) {
    const wanted = double ?? single ?? bare;
    return list.filter((each) => fieldAt(each, field) === wanted);
  }
  if (place === "*") return Array.isArray(value) ? list : Object.values(value ?? {});
  if (place !== undefined) return [list.at(Number(place))];
  return [valueAt(value, [quoted ?? name!.replaceAll(/\\(.)/g, "$1")])];
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
