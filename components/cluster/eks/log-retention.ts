import { type InputProblem, inputProblem } from "../../internal";

/** Days that control-plane and flow logs are kept where nobody says otherwise: a quarter. */
export const DEFAULT_LOG_RETENTION_DAYS = 90;

/** @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html (read 2026-08) */
const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** Checks how long logs are kept; undefined passes. Logs without an end are refused, as their cost only grows. */
export function checkLogRetention(path: string, days: number | undefined): InputProblem[] {
  if (days === undefined || RETENTION_DAYS.includes(days)) return [];
  const nearest = RETENTION_DAYS.find((each) => each >= days) ?? RETENTION_DAYS.at(-1);
  return [inputProblem(path, days, RETENTION_DAYS.join(", "), `Set ${path} to one of these, such as ${nearest}.`)];
}
