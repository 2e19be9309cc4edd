/** Label with the workload's name, on its object and its pods. */
export const JOB_LABEL = "app.kubernetes.io/name";

/** Label with the role that a pod has in its workload. */
export const ROLE_LABEL = "app.kubernetes.io/component";

/** Label that names the priority among those that wait. */
export const QUEUE_PRIORITY_LABEL = "kueue.x-k8s.io/priority-class";
