import { textList } from "../../engine/parameters";

/** The images that the rules about the code in models leave alone. */
export const vettedImages = textList(
  "a list of the names of images, without tag or digest, whose models were read through",
);
