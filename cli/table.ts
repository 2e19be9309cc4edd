import Table from "cli-table3";

/** Lays rows out in columns under a heading, without borders, so that it reads the same in a terminal and in a log. */
export function table(heading: string[], rows: string[][]): string {
  const layout = new Table({
    chars: Object.fromEntries(
      ["top", "bottom", "left", "right", "mid", "middle"].flatMap((side) =>
        [side, `${side}-mid`, `${side}-left`, `${side}-right`].map((name) => [name, ""]),
      ),
    ),
    style: { "padding-left": 0, "padding-right": 3, head: [], border: [] },
  });
  layout.push(
    heading.map((title) => title.toUpperCase()),
    ...rows,
  );
  return layout
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}
