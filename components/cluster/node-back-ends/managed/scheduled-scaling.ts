import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { scheduleCron } from "../../../model";
import type { EksPoolPlan } from "../pool-plan";

/** Tells Auto Scaling to leave a size as it is. */
const UNCHANGED = -1;

/**
 * How AWS calls the time zone of schedules that name none: it takes no aliases, of which `UTC` is one. It is named all the
 * same, as a time zone that is left out later stays what it was.
 */
const UTC = "Etc/UTC";

/**
 * Creates the changes at set times that keep nodes ready in the hours of a pool's schedules.
 *
 * Only the lower bound of the group is moved. Raising it starts nodes; lowering it again leaves it to the Cluster
 * Autoscaler to take nodes away once they are idle, so that a batch that runs late is not cut off.
 *
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-scheduled-scaling.html (read 2026-11)
 */
export function createScheduledScaling(
  { name, shape, nodes }: EksPoolPlan,
  autoscalingGroupName: pulumi.Input<string>,
  opts: pulumi.CustomResourceOptions,
): void {
  for (const schedule of nodes.schedules) {
    const { up, down, timeZone } = scheduleCron(schedule);
    const changes = [
      { moment: "up", recurrence: up, minSize: schedule.nodes },
      { moment: "down", recurrence: down, minSize: shape.minNodes },
    ];
    for (const { moment, recurrence, minSize } of changes) {
      const scheduledActionName = `${schedule.name}-${moment}`;
      const sizes = { minSize, maxSize: UNCHANGED, desiredCapacity: UNCHANGED };
      new aws.autoscaling.Schedule(
        `${name}-${scheduledActionName}`,
        {
          autoscalingGroupName,
          scheduledActionName,
          recurrence,
          timeZone: timeZone === "UTC" ? UTC : timeZone,
          ...sizes,
        },
        opts,
      );
    }
  }
}
