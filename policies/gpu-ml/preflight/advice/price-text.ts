import { usdPerHour } from "../../../../components/model";
import { choice } from "../../../engine/parameters";

/** Region whose prices are compared; those of others differ, and their order hardly does. */
export const region = choice("the region whose on-demand prices are told: us-east-1 or us-west-2", "us-east-1", [
  "us-east-1",
  "us-west-2",
]);

/** How messages tell the price of some machines. */
export function priceText(instanceType: string, machines: number, where: string): string {
  const price = usdPerHour(instanceType, where);
  return price === undefined ? "at a price that no table has" : `at USD ${(price * machines).toFixed(2)}/h`;
}
