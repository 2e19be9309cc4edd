import type { PodGroup } from "../../engine/pods";
import type { Subject } from "../../engine/subject";

/** A job of a stack, with its pods as the other objects of the stack complete them. */
export interface Job {
  subject: Subject;
  pods: PodGroup[];
}

/** The jobs among the resources of a stack, by their kinds. */
export function jobsIn(subjects: Subject[], kinds: readonly string[]): Job[] {
  const trees = subjects.map(({ tree }) => tree);
  return subjects
    .filter((subject) => subject.is(...kinds))
    .map((subject) => ({ subject, pods: (subject.isIncomplete ? subject.beside(trees) : subject).pods }));
}
