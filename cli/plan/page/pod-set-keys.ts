import type { PlanReport } from "../report";
import { markup, type Markup } from "../../page/markup";

/** Colours that the style sheet has for sets of pods. */
const POD_SET_COLOURS = 8;

/** A set of pods as pictures tell of it: a number that is its own, and a colour that others may have too. */
export interface PodSetKey {
  title: string;
  number: number;
  colour: number;
}

/** Numbers and colours of the sets of pods of a plan, the same in every picture and table. */
export class PodSetKeys {
  private readonly keys = new Map<string, PodSetKey>();

  /** Numbers the sets pool by pool, so that neighbours differ in colour; then those that are on no pool. */
  constructor({ pools, workloads }: Pick<PlanReport, "pools" | "workloads">) {
    const placed = pools.flatMap(({ packing }) =>
      packing.layouts.flatMap(({ pods }) => pods.map(({ podSet }) => podSet)),
    );
    const others = workloads.flatMap(({ proofs }) => proofs.map(({ title }) => title));
    for (const title of [...placed, ...others]) this.of(title);
  }

  /** The key of a set by its title. */
  of(title: string): PodSetKey {
    const number = this.keys.size + 1;
    const key = this.keys.get(title) ?? { title, number, colour: (number - 1) % POD_SET_COLOURS };
    this.keys.set(title, key);
    return key;
  }

  /** The number in its colour, by which tables and legends refer to pictures. */
  chip(title: string): Markup {
    const { number, colour } = this.of(title);
    return markup`<span class="key c${colour}" aria-hidden="true">${number}</span>`;
  }
}
