import { existsSync } from "node:fs";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { version } from "../../../package.json";
import { EXAMPLE_REGISTRY, exampleImage, IMAGE_FILE, imageFolders } from "../../../rehearsal/images";
import { fromOf, readDockerfile, stepsOf } from "../../../rehearsal/images/dockerfile";
import { readImageFile } from "../../../rehearsal/images/image-file";
import { files, read, root } from "../../support/pages";
import { scratchFolder, setForTest } from "../../support/scratch";

const folders = files
  .filter((path) => /^examples\/.*Dockerfile$/.test(path))
  .map((path) => dirname(path))
  .sort();

/** What each image stands on, by the image that its Dockerfile is `FROM`. */
const BASES: Record<string, RegExp> = {
  python: /^python:/,
  java: /^eclipse-temurin:/,
  maven: /^maven:.*-eclipse-temurin-17$/,
  spark: /^apache\/spark:.*-java17-python3-/,
};

describe.each(folders)("the image.yaml of %s", (folder) => {
  const absolute = join(root, folder);

  it("names the image as the Dockerfile does, and the folder that it is built from", async () => {
    const [, name, context = ""] =
      /^# docker build -t (\S+) (?:-f \S+ )?(\S+)\n/.exec(read(`${folder}/Dockerfile`)) ?? [];
    const image = await readImageFile(absolute);
    expect(image.name).toBe(name);
    expect(relative(root, resolve(absolute, image.context))).toBe(context);
  });

  it("stands on what is there in place of the Dockerfile's base", async () => {
    const { base } = await readImageFile(absolute);
    expect(fromOf(await readDockerfile(join(absolute, "Dockerfile")))).toMatch(BASES[base]!);
  });

  it("has something for all that the Dockerfile does and that needs Docker", async () => {
    const { java, jars, repository } = await readImageFile(absolute);
    const path = join(absolute, "Dockerfile");
    const { others } = stepsOf(path, await readDockerfile(path), {});
    const pip = others.filter(({ name, words }) => name === "RUN" && words.startsWith("pip install "));
    const declared = [java, jars, repository].filter((each) => each !== undefined);
    expect(others.length - pip.length).toBe(declared.length);
  });
});

it("all examples are built, under names that environments have by default", async () => {
  expect((await imageFolders(join(root, "examples"))).map((folder) => relative(root, folder))).toEqual(folders);
  expect(read("stacks/config/environment.ts")).toContain(`const UNPUBLISHED = "${EXAMPLE_REGISTRY}";`);
});

it("the jars of refit-transform are of the Hadoop that its Dockerfile names", async () => {
  const { jars } = await readImageFile(join(root, "examples/refit/transform"));
  const [hadoop = ""] = /org\.apache\.hadoop:hadoop-aws:[\d.]+/.exec(read("examples/refit/transform/Dockerfile")) ?? [];
  expect(jars?.artifacts).toContain(hadoop);
});

/** What every image but those of single programs begins with. */
const missing = existsSync("/usr/bin/busybox") ? "" : ": there is no busybox-static";

/** A folder with these files. */
async function folderWith(contents: Record<string, string>): Promise<string> {
  const folder = await scratchFolder();
  for (const [path, text] of Object.entries(contents)) {
    await mkdir(join(folder, path, ".."), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return folder;
}

describe.skipIf(missing !== "")(`an image on busybox${missing}`, () => {
  const dockerfile = [
    "FROM busybox:1.37.0",
    'ENV GREETING="good morning" WHOM=world \\',
    "    PATH=/app:$PATH",
    "WORKDIR /app",
    "COPY greet.sh data ./",
    "USER 10001:10001",
    "EXPOSE 8000",
    'ENTRYPOINT ["greet.sh"]',
    'CMD ["world"]',
    "",
  ].join("\n");

  it("is what its Dockerfile says", async () => {
    setForTest("XDG_CACHE_HOME", await scratchFolder());
    const folder = await folderWith({
      Dockerfile: dockerfile,
      [IMAGE_FILE]: "name: greet\nbase: busybox\n",
      "greet.sh": "#!/bin/sh\n",
      "data/names": "world\n",
      "data/__pycache__/x.pyc": "",
    });
    const image = await exampleImage(folder);
    expect(image.name).toBe(`${EXAMPLE_REGISTRY}/greet:${version}`);
    expect(image.layers.map(({ from }) => from)).toEqual(["busybox", "COPY"]);

    const other = await exampleImage(folder, { registry: "ghcr.io/acme", version: "2" });
    expect(other.name).toBe("ghcr.io/acme/greet:2");
    expect(other.digest).toBe(image.digest);
    expect(other.layers.map(({ isNew }) => isNew)).toEqual([false, false]);

    // A changed program leaves the base as it is.
    await writeFile(join(folder, "greet.sh"), "#!/bin/sh\necho changed\n");
    await chmod(join(folder, "greet.sh"), 0o755);
    const changed = await exampleImage(folder);
    expect(changed.layers.map(({ isNew }) => isNew)).toEqual([false, true]);
  });

  it("starts as its Dockerfile says", async () => {
    const folder = await folderWith({ Dockerfile: dockerfile });
    const path = join(folder, "Dockerfile");
    const base = { environment: { PATH: "/bin" }, command: ["sh"] };
    expect(stepsOf(path, await readDockerfile(path), base)).toEqual({
      start: {
        entrypoint: ["greet.sh"],
        command: ["world"],
        user: "10001:10001",
        folder: "/app",
        environment: { PATH: "/app:/bin", GREETING: "good morning", WHOM: "world" },
        ports: ["8000/tcp"],
      },
      copies: [{ sources: ["greet.sh", "data"], target: "/app/" }],
      others: [],
    });
  });
});

describe.skipIf(missing !== "")(`what cannot be built is told${missing}`, () => {
  const cases: { what: string; image?: string; dockerfile?: string; message: string; remedy: string }[] = [
    {
      what: "without an image.yaml",
      message: "FOLDER has no image.yaml",
      remedy: "Write one beside its Dockerfile: docs/images.md.",
    },
    {
      what: "with a file that is no YAML",
      image: "name: [",
      message:
        "FOLDER/image.yaml is not valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ] at line 1, column 8",
      remedy: "Mend the file.",
    },
    {
      what: "with fields that are wrong",
      image: "name: Greet\nbase: debian\njava: yes please\njar: {}\njars:\n  into: /jars\n  artifacts: [hadoop]\n",
      message: [
        "FOLDER/image.yaml has 5 problems:",
        '  name is "Greet"; allowed: a name of lower-case letters and digits, with - . _ or / between them.',
        '  base is "debian"; allowed: busybox, python, java, maven, spark.',
        '  java is "yes please"; allowed: true.',
        '  jars.artifacts[0] is "hadoop"; allowed: group:artifact:version.',
        '  jar is not a known key; allowed: name, context, base, java, jars, repository. Did you mean "jars"?',
      ].join("\n"),
      remedy: "Every field is described in docs/images.md.",
    },
    {
      what: "without a Dockerfile",
      image: "name: greet\nbase: busybox\n",
      message: "FOLDER/Dockerfile cannot be read",
      remedy: "Name a folder with a Dockerfile.",
    },
    {
      what: "with an instruction that is not known",
      image: "name: greet\nbase: busybox\n",
      dockerfile: "FROM busybox:1.37.0\nHEALTHCHECK NONE\n",
      message: "FOLDER/Dockerfile:2: HEALTHCHECK NONE is not understood without Docker",
      remedy: "Known are ENV, WORKDIR, USER, EXPOSE, COPY, RUN, ENTRYPOINT, CMD, with entrypoint and command as JSON.",
    },
    {
      what: "with a command for a shell",
      image: "name: greet\nbase: busybox\n",
      dockerfile: "FROM busybox:1.37.0\n\nENTRYPOINT greet\n",
      message: "FOLDER/Dockerfile:3: ENTRYPOINT greet is not understood without Docker",
      remedy: "Known are ENV, WORKDIR, USER, EXPOSE, COPY, RUN, ENTRYPOINT, CMD, with entrypoint and command as JSON.",
    },
    {
      what: "with something that only Docker runs",
      image: "name: greet\nbase: busybox\n",
      dockerfile: "FROM busybox:1.37.0\nRUN make\n",
      message: "FOLDER/Dockerfile:2: RUN make cannot be done without Docker, and nothing in image.yaml stands for it",
      remedy: "Say what does: docs/images.md.",
    },
    {
      what: "with a field that stands for nothing",
      image: "name: greet\nbase: busybox\nrepository:\n  into: /opt/maven\n",
      dockerfile: "FROM busybox:1.37.0\n",
      message: "repository of FOLDER/image.yaml stands for nothing in the Dockerfile",
      remedy: "Leave it out.",
    },
    {
      what: "with a file that is not there",
      image: "name: greet\nbase: busybox\n",
      dockerfile: "FROM busybox:1.37.0\nCOPY greet.sh /\n",
      message: "FOLDER/greet.sh is not there, which a Dockerfile copies",
      remedy: "Mend the Dockerfile, or the context of image.yaml.",
    },
  ];

  it.each(cases)("$what", async ({ image, dockerfile, message, remedy }) => {
    setForTest("XDG_CACHE_HOME", await scratchFolder());
    const folder = await folderWith({
      ...(image === undefined ? {} : { [IMAGE_FILE]: image }),
      ...(dockerfile === undefined ? {} : { Dockerfile: dockerfile }),
    });
    await expect(exampleImage(folder)).rejects.toMatchObject({ message: message.replaceAll("FOLDER", folder), remedy });
  });

  it("on a machine without apt", async () => {
    setForTest("XDG_CACHE_HOME", await scratchFolder());
    setForTest("PATH", "/nowhere");
    const folder = await folderWith({
      [IMAGE_FILE]: "name: greet\nbase: python\n",
      Dockerfile: "FROM python:3.12.11-slim\n",
    });
    await expect(exampleImage(folder)).rejects.toMatchObject({
      message: "images of Python, Java and Spark are made of packages of Debian, and there is no apt-get",
      remedy: "Build them on Debian, or with Docker: examples/build-images.sh.",
    });
  });

  it("where apt does not know a package", async () => {
    setForTest("XDG_CACHE_HOME", await scratchFolder());
    const programs = await folderWith({
      "apt-get": "#!/bin/sh\necho 'E: Unable to locate package python3' >&2\nexit 100\n",
    });
    await chmod(join(programs, "apt-get"), 0o755);
    setForTest("PATH", `${programs}:/bin`);
    const folder = await folderWith({
      [IMAGE_FILE]: "name: greet\nbase: python\n",
      Dockerfile: "FROM python:3.12.11-slim\n",
    });
    await expect(exampleImage(folder)).rejects.toMatchObject({
      message: "apt-get does not get python3, ca-certificates, libc-bin, libstdc++6: Unable to locate package python3",
      remedy: "Run apt-get update, and see to it that its index can be reached.",
    });
  });
});
