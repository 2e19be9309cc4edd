import { exclusiveByJobName, exclusiveByReplicaType, togetherByJobName } from "./controller-labels";
import { awayFromDaemon, keptAwayByDaemon, nearDaemon, portOfDaemon } from "./daemons";
import { mostOnOneNode, wholeGangInOneZone, wholeGangOnOneNode } from "./first-place";
import { localVolume, notTheFirstNode } from "./named-nodes";
import type { Regression } from "./regression";
import { gangInAnotherOrder, rulesOverOneLabel } from "./several-sets";
import { asManyDomainsAsNodes } from "./spread-domains";

/** Every disagreement with the real scheduler that was found, as small as it can be, to be replayed without it. */
export const REGRESSIONS: readonly Regression[] = [
  asManyDomainsAsNodes,
  awayFromDaemon,
  exclusiveByJobName,
  exclusiveByReplicaType,
  gangInAnotherOrder,
  keptAwayByDaemon,
  localVolume,
  mostOnOneNode,
  nearDaemon,
  notTheFirstNode,
  portOfDaemon,
  rulesOverOneLabel,
  togetherByJobName,
  wholeGangInOneZone,
  wholeGangOnOneNode,
];
