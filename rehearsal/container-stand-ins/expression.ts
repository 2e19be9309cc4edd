/** What stands between two terms, with how tightly it binds. */
const OPERATORS: Record<string, { binding: number; apply: (left: number, right: number) => number }> = {
  "+": { binding: 1, apply: (left, right) => left + right },
  "-": { binding: 1, apply: (left, right) => left - right },
  "*": { binding: 2, apply: (left, right) => left * right },
  "/": { binding: 2, apply: (left, right) => left / right },
  "^": { binding: 4, apply: (left, right) => left ** right },
};

/** Binding of a sign before a term: tighter than of products, and looser than of powers. */
const SIGN_BINDING = 3;

/** Operators of which the right one of two goes first. */
const RIGHT_FIRST = "^";

interface NamedFunction {
  apply: (...values: number[]) => number;
  /** How many arguments it takes; any number from one by default. */
  takes?: number;
}

const FUNCTIONS: Record<string, NamedFunction> = {
  abs: { apply: Math.abs, takes: 1 },
  exp: { apply: Math.exp, takes: 1 },
  log: { apply: Math.log, takes: 1 },
  max: { apply: Math.max },
  min: { apply: Math.min },
};

/** Numbers, names, and what is a character by itself. */
const TOKEN = /\s*(?:(\d+\.?\d*(?:e[-+]?\d+)?|\.\d+(?:e[-+]?\d+)?)|([a-z]+)|(.))/giy;

/**
 * The value of an arithmetic expression of numbers: `+ - * / ^`, parentheses, and the functions abs, exp, log (natural), max
 * and min. Powers go first and from the right, a sign binds less than they do: `-2^2` is -4.
 *
 * @throws Error that says where it cannot be read.
 */
export function valueOfExpression(text: string): number {
  return new Reader(text).whole();
}

class Reader {
  private readonly tokens: string[];
  private next = 0;

  constructor(private readonly text: string) {
    this.tokens = [...text.trimEnd().matchAll(TOKEN)].map((match) => match[0].trim());
  }

  whole(): number {
    const value = this.terms(0);
    if (this.next < this.tokens.length) throw this.unexpected();
    return value;
  }

  /** Terms whose operators bind more tightly than what stands before them. */
  private terms(before: number): number {
    let left = this.term();
    for (;;) {
      const sign = this.tokens[this.next] ?? "";
      const operator = Object.hasOwn(OPERATORS, sign) ? OPERATORS[sign] : undefined;
      if (operator === undefined || operator.binding <= before) return left;
      this.next += 1;
      left = operator.apply(left, this.terms(sign === RIGHT_FIRST ? operator.binding - 1 : operator.binding));
    }
  }

  private term(): number {
    const token = this.tokens[this.next];
    if (token === "-" || token === "+") {
      this.next += 1;
      const value = this.terms(SIGN_BINDING);
      return token === "-" ? -value : value;
    }
    if (token === "(") return this.list(1)[0]!;
    if (token !== undefined && /^[\d.]\d*/.test(token) && token !== ".") {
      this.next += 1;
      return Number(token);
    }
    const named = token !== undefined && Object.hasOwn(FUNCTIONS, token) ? FUNCTIONS[token] : undefined;
    if (named === undefined) throw this.unexpected();
    this.next += 1;
    return named.apply(...this.list(named.takes));
  }

  /** Values in parentheses. */
  private list(takes: number | undefined): number[] {
    this.take("(");
    const values = [this.terms(0)];
    while (values.length !== takes && this.tokens[this.next] === ",") {
      this.next += 1;
      values.push(this.terms(0));
    }
    this.take(")");
    return values;
  }

  private take(expected: string): void {
    if (this.tokens[this.next] !== expected) throw this.unexpected();
    this.next += 1;
  }

  private unexpected(): Error {
    const token = this.tokens[this.next];
    return new Error(
      `${JSON.stringify(this.text)} cannot be read: ${token === undefined ? "it ends too early" : `${JSON.stringify(token)} is not expected`}`,
    );
  }
}
