import * as pulumi from "@pulumi/pulumi";

const marks = /mlstack-output-\d+-/g;

/**
 * Stands in for outputs while charts are rendered, so that their objects are known, and judged, before the outputs are.
 *
 * Only for values that a chart copies as they are: one that it computes with must be plain.
 */
export class OutputMarks {
  private readonly outputs = new Map<string, pulumi.Output<unknown>>();

  /** Copies a value with a mark in the place of each output and promise. */
  public mark(node: unknown): unknown {
    // An input may be a promise as well.
    if (pulumi.Output.isInstance(node) || node instanceof Promise) {
      const mark = `mlstack-output-${this.outputs.size}-`;
      this.outputs.set(mark, pulumi.output<unknown>(node));
      return mark;
    }
    return mapped(node, (value) => this.mark(value));
  }

  /** Copies a value with the outputs back where their marks are: as a whole text, or as a part of one. */
  public fill(node: unknown): unknown {
    if (this.outputs.size === 0) return node;
    // Adjustments put in outputs that were never marked.
    if (pulumi.Output.isInstance(node)) return node;
    return typeof node === "string" ? this.fillText(node) : mapped(node, (value) => this.fill(value));
  }

  private fillText(text: string): unknown {
    const found = [...new Set(text.match(marks) ?? [])].filter((mark) => this.outputs.has(mark));
    const [first] = found;
    if (first === undefined) return text;
    if (text === first) return this.outputs.get(first);
    return pulumi.all(found.map((mark) => this.outputs.get(mark)!)).apply((values) => {
      const byMark = new Map(found.map((mark, index) => [mark, String(values[index])]));
      return text.replace(marks, (mark) => byMark.get(mark) ?? mark);
    });
  }
}

function mapped(node: unknown, change: (value: unknown) => unknown): unknown {
  if (Array.isArray(node)) return node.map(change);
  if (typeof node !== "object" || node === null) return node;
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, change(value)]));
}
