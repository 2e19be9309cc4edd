import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { parseDocument } from "yaml";
import { z } from "zod";
import { Problem } from "../problem";
import { scenarioProblems } from "../scenarios/scenario-problem";
import { mapping, nonEmptyText } from "../scenarios/schema-types";

/** Name of the file beside a Dockerfile. */
export const IMAGE_FILE = "image.yaml";

/** What an image can stand on. */
export const BASE_NAMES = ["busybox", "python", "java", "maven", "spark"] as const;

const list = (words: string, each: RegExp) =>
  z.array(z.string({ error: words }).regex(each, { error: words }), { error: `a list, each ${words}` });

const imageFile = mapping({
  name: z.string({ error: "a name" }).regex(/^[a-z0-9]+([-._/][a-z0-9]+)*$/, {
    error: "a name of lower-case letters and digits, with - . _ or / between them",
  }),
  context: nonEmptyText.default("."),
  base: z.enum(BASE_NAMES),
  java: z.literal(true).optional(),
  jars: mapping({
    into: nonEmptyText,
    artifacts: list("group:artifact:version", /^[^:\s]+:[^:\s]+:[^:\s]+$/),
    without: list("group:artifact", /^[^:\s]+:[^:\s]+$/).default([]),
  }).optional(),
  repository: mapping({ into: nonEmptyText }).optional(),
});

/** What an `image.yaml` says: all that its Dockerfile does not tell those that build without Docker. */
export type ImageDeclaration = z.infer<typeof imageFile>;

/** Folders in a folder that an image is made of, in the order of their names; none where there is no such folder. */
export async function imageFolders(folder: string): Promise<string[]> {
  const files = await readdir(folder, { recursive: true }).catch(() => []);
  return files
    .filter((file) => basename(file) === IMAGE_FILE && !file.includes("node_modules"))
    .map((file) => join(folder, file, ".."))
    .sort();
}

/**
 * Reads the `image.yaml` of a folder.
 *
 * @throws {Problem} with everything that is wrong in it, each with the path of the field.
 */
export async function readImageFile(folder: string): Promise<ImageDeclaration> {
  const path = join(folder, IMAGE_FILE);
  const text = await readFile(path, "utf8").catch(() => {
    throw new Problem(`${folder} has no ${IMAGE_FILE}`, "Write one beside its Dockerfile: docs/images.md.");
  });
  const document = parseDocument(text);
  const fault = document.errors[0]?.message.split("\n")[0]?.replace(/:$/, "");
  if (fault !== undefined) throw new Problem(`${path} is not valid YAML: ${fault}`, "Mend the file.");
  const parsed = imageFile.safeParse(document.toJS() ?? {}, { reportInput: true });
  if (parsed.success) return parsed.data;
  const problems = scenarioProblems(parsed.error.issues);
  throw new Problem(
    [
      `${path} has ${problems.length === 1 ? "1 problem" : `${problems.length} problems`}:`,
      ...problems.map((each) => `  ${each}`),
    ].join("\n"),
    "Every field is described in docs/images.md.",
  );
}
