import { validateNvidiaDevicePlugin } from "../../components";
import { clusterProblems } from "./cluster-rules";
import { fromInputs } from "./component-problems";
import { type ConfigDraft, isRelated, mended } from "./draft";
import { addOnProblems, readEks, tagProblems } from "./eks-rules";
import { platformProblems } from "./platform-rules";
import { poolProblems } from "./pool-rules";
import type { ConfigProblem } from "./problem";
import { scenarioProblems } from "./scenario-rules";
import type { Config } from "./schema";
import { storageProblems } from "./storage-rules";

/** Everything that is wrong with the values of a configuration, whatever else may be wrong with its shape. */
export function ruleProblems(draft: ConfigDraft, stack: string): ConfigProblem[] {
  const { facts: eks, problems, unknowable } = readEks(draft, stack);
  const onCluster = [
    ...addOnProblems(draft, eks),
    ...poolProblems(draft, eks),
    ...checkDevicePlugin(draft.devicePlugin),
    ...storageProblems(draft, eks),
    ...platformProblems(draft, eks),
    ...scenarioProblems(draft, eks),
  ];
  const isKnowable = ({ path }: ConfigProblem) => !path.split(/[.[]/).some((key) => unknowable.includes(key));
  return [...clusterProblems(draft), ...problems, ...tagProblems(draft, stack), ...onCluster.filter(isKnowable)];
}

function checkDevicePlugin(plugin: ConfigDraft["devicePlugin"]): ConfigProblem[] {
  if (plugin === undefined) return [];
  const path = ["devicePlugin"];
  const { value, faults } = mended<NonNullable<Config["devicePlugin"]>>(path, plugin, { timeSlicing: { replicas: 2 } });
  const problems = fromInputs(path, validateNvidiaDevicePlugin("", value));
  return problems.filter((problem) => !isRelated(problem.path, faults));
}
