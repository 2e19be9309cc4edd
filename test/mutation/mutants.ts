import ts from "typescript";

/** One way in which a source is wrong on purpose. */
export interface Mutant {
  id: number;
  line: number;
  /** What is done to the source there, for example `without "a.b"`. */
  change: string;
}

/** A source with all its mutants in it, of which `globalThis.isMutant` chooses one. */
export interface MutatedSource {
  text: string;
  mutants: Mutant[];
}

const BOUNDARIES = new Map([
  [ts.SyntaxKind.LessThanToken, "<="],
  [ts.SyntaxKind.LessThanEqualsToken, "<"],
  [ts.SyntaxKind.GreaterThanToken, ">="],
  [ts.SyntaxKind.GreaterThanEqualsToken, ">"],
]);

const TERMS: ts.SyntaxKind[] = [ts.SyntaxKind.AmpersandAmpersandToken, ts.SyntaxKind.BarBarToken];

const EQUALITIES: ts.SyntaxKind[] = [ts.SyntaxKind.EqualsEqualsEqualsToken, ts.SyntaxKind.ExclamationEqualsEqualsToken];

const OPPOSITE = new Map([
  ["some", "every"],
  ["every", "some"],
]);

/**
 * Puts mutants into a TypeScript source: each condition turned into its opposite, each term of `&&` and `||` left out,
 * each boundary moved by one, `some` for `every`. All are in the text at once, so that it is compiled and loaded once.
 *
 * What runs while the module is loaded has no mutants, as none is chosen by then.
 *
 * @param firstId number of the first mutant.
 */
export function mutate(file: string, source: string, firstId: number): MutatedSource {
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true);
  const mutants: Mutant[] = [];

  const isActive = (node: ts.Node, change: string): string => {
    const id = firstId + mutants.length;
    mutants.push({ id, line: tree.getLineAndCharacterOfPosition(node.getStart()).line + 1, change });
    return `globalThis.isMutant(${id})`;
  };
  const shown = (node: ts.Node) => JSON.stringify(node.getText().replaceAll(/\s+/g, " ").slice(0, 60));
  const opposite = (node: ts.Node, text: string) =>
    `(${isActive(node, `opposite of ${shown(node)}`)} !== Boolean(${text}))`;

  const render = (node: ts.Node, inFunction: boolean): string => {
    const inside = inFunction || (ts.isFunctionLike(node) && !runsAtLoad(node));
    if (!inside || ts.isTypeNode(node)) return withChildren(node, inside);
    if (ts.isBinaryExpression(node)) return binary(node);
    if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken) {
      return opposite(node, `!(${render(node.operand, true)})`);
    }
    if (ts.isPropertyAccessExpression(node) && OPPOSITE.has(node.name.text) && ts.isCallExpression(node.parent)) {
      const name = node.name.text;
      const other = OPPOSITE.get(name) ?? name;
      const active = isActive(node, `${other} for ${name} in ${shown(node)}`);
      const optional = node.questionDotToken === undefined ? "" : "?.";
      return `${render(node.expression, true)}${optional}[${active} ? "${other}" : "${name}"]`;
    }
    const text = withChildren(node, true);
    return isBareCondition(node) ? opposite(node, text) : text;
  };

  const binary = (node: ts.BinaryExpression): string => {
    const { left, right, operatorToken } = node;
    const operator = operatorToken.kind;
    // Each child is rendered once, as that puts its mutants in.
    if (!isChanged(operator)) return withChildren(node, true);
    const [a, b] = [render(left, true), render(right, true)];
    if (operator === ts.SyntaxKind.AmpersandAmpersandToken) {
      const [noLeft, noRight] = [left, right].map((term) => isActive(term, `without ${shown(term)}`));
      return `((${noLeft} || (${a})) && (${noRight} || (${b})))`;
    }
    if (operator === ts.SyntaxKind.BarBarToken) {
      const [noLeft, noRight] = [left, right].map((term) => isActive(term, `without ${shown(term)}`));
      return `((!${noLeft} && (${a})) || (!${noRight} && (${b})))`;
    }
    const plain = `${a} ${operatorToken.getText()} ${b}`;
    const moved = BOUNDARIES.get(operator);
    if (moved === undefined) return opposite(node, plain);
    const active = isActive(node, `${moved} in ${shown(node)}`);
    return opposite(node, `${active} ? (${a} ${moved} ${b}) : (${plain})`);
  };

  /** The text of a node, with each child as it is rendered. */
  const withChildren = (node: ts.Node, inFunction: boolean): string => {
    let text = "";
    let position = node.getStart();
    node.forEachChild((child) => {
      text += source.slice(position, child.getStart()) + render(child, inFunction);
      position = child.getEnd();
    });
    return text + source.slice(position, node.getEnd());
  };

  return { text: withChildren(tree, false), mutants };
}

/** Outside all functions, what is handed to a method such as `map` runs at once. */
function runsAtLoad({ parent }: ts.Node): boolean {
  return ts.isCallExpression(parent) && ts.isPropertyAccessExpression(parent.expression);
}

function isChanged(operator: ts.SyntaxKind): boolean {
  return TERMS.includes(operator) || EQUALITIES.includes(operator) || BOUNDARIES.has(operator);
}

/** A condition that is a value or a call: those with operators are changed at the operator. */
function isBareCondition(node: ts.Node): boolean {
  const { parent } = node;
  const isCondition =
    (ts.isIfStatement(parent) && parent.expression === node) ||
    (ts.isConditionalExpression(parent) && parent.condition === node);
  return isCondition && (ts.isCallExpression(node) || ts.isIdentifier(node) || ts.isPropertyAccessExpression(node));
}
