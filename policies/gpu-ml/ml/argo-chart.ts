import { isUnknown } from "../../../components/model";
import type { Subject } from "../../engine/subject";
import { installedChartOf, type InstalledChart } from "../helm/installed-chart";

/** The chart of Argo Workflows, where a resource installs it or may, as the name of its chart is not known yet. */
export function argoChartOf(subject: Subject): InstalledChart | undefined {
  const chart = installedChartOf(subject);
  return chart !== undefined && (isUnknown(chart.name) || chart.name === "argo-workflows") ? chart : undefined;
}
