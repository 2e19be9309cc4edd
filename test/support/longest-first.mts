import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * A sequencer that begins with the given files, which take longest, the longest first: also where no run before has told
 * which these are, and at the end they would run alone.
 *
 * @param longest paths from the root of the checkout.
 */
export function longestFirst(longest: readonly string[]): typeof BaseSequencer {
  const place = ({ moduleId }: TestSpecification) => {
    const index = longest.findIndex((file) => moduleId.endsWith(`/${file}`));
    return index === -1 ? longest.length : index;
  };
  return class extends BaseSequencer {
    override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
      return (await super.sort(files)).sort((a, b) => place(a) - place(b));
    }
  };
}
