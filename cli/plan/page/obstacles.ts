import type { Obstacle } from "../../../preflight/scheduling/obstacle";
import type { ReportedProof } from "../report";
import { markup, type Markup } from "../../page/markup";
import { amountText, bareAmount } from "../../../preflight/placement/amount-text";
import { firstOf, number } from "../words";

const OPEN = markup` open`;

/** Pools that are named for one obstacle. */
const POOLS_NAMED = 4;

/** Why pools do not take a set of pods, those that say the same together; folded away where the set runs elsewhere. */
export function obstacles({ pools, verdict }: Pick<ReportedProof, "pools" | "verdict">): Markup | undefined {
  const byReason = new Map<string, string[]>();
  for (const { pool, obstacles: all } of pools) {
    for (const obstacle of all) {
      const reason = obstacleInWords(obstacle);
      byReason.set(reason, [...(byReason.get(reason) ?? []), pool]);
    }
  }
  if (byReason.size === 0) return undefined;
  const unable = pools.filter(({ obstacles: all }) => all.length > 0).length;
  const summary = unable === 1 ? "Why one pool takes none" : `Why ${number(unable)} pools take none`;
  const entries = [...byReason].map(
    ([reason, names]) => markup`<li><strong>${firstOf(names, POOLS_NAMED)}:</strong> ${reason}</li>`,
  );
  return markup`<details class="obstacles"${verdict === "never" ? OPEN : undefined}><summary>${summary}</summary><ul>${entries}</ul></details>`;
}

/** An obstacle as the scheduler says it, with the numbers behind it. */
function obstacleInWords({ message, subject, asked, left }: Obstacle): string {
  const about = subject === undefined || message.includes(subject) ? "" : ` (${subject})`;
  if (asked === undefined || left === undefined) return `${message}${about}`;
  const resource = subject ?? "";
  const short = `asks for ${amountText(resource, asked, "up")}, a node has ${bareAmount(resource, left, "down")} left`;
  return `${message}${about}: ${short}`;
}
