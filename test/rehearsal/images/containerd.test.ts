import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { busyboxImage, pauseImage, programImage } from "../../../rehearsal/images";
import { Containerd, missingContainerd } from "../../support/containerd";
import { scratchFolder } from "../../support/scratch";

const missing = missingContainerd();

describe.skipIf(missing !== undefined)(`images in a containerd${missing === undefined ? "" : `: ${missing}`}`, () => {
  let containerd: Containerd;

  beforeAll(async () => {
    containerd = await Containerd.start();
  });
  afterAll(() => containerd.stop());

  it("have the name that they were built with, and their digest", async () => {
    const images = [await pauseImage(), await busyboxImage("docker.io/library/busybox:1.37.0")];
    for (const { archive } of images) await containerd.import(archive);
    const listed = await containerd.ctr("images", "list");
    for (const { name, digest } of images) expect(listed).toMatch(new RegExp(`^${name} .* ${digest} `, "m"));
  });

  it("run as their user, with their variables, by their entrypoint", async () => {
    const scratch = await scratchFolder();
    const script = join(scratch, "tell");
    await writeFile(script, "");
    const image = await programImage({
      name: "registry.example.com/mlstack/tell:1.0.0",
      files: [
        { source: "/usr/bin/busybox", target: "/bin/busybox" },
        { source: script, target: "/etc/tell", mode: 0o600 },
      ],
      entrypoint: [
        "/bin/busybox",
        "sh",
        "-c",
        "busybox id -u; busybox id -g; echo $GREETING; busybox stat -c %a /etc/tell",
      ],
      user: "10001:10002",
      environment: { GREETING: "good morning" },
    });
    await containerd.import(image.archive);
    expect(await containerd.output(image.name)).toBe("10001\n10002\ngood morning\n600\n");
  });

  it("have a shell with the usual commands, and a folder for files that pass", async () => {
    const image = await busyboxImage("docker.io/library/busybox:1.37.0");
    await containerd.import(image.archive);
    const told = await containerd.output(
      image.name,
      "/bin/sh",
      "-c",
      "echo one > /tmp/two && wc -l < /tmp/two && ls -ld /tmp | cut -c1-10",
    );
    expect(told).toBe("1\ndrwxrwxrwt\n");
  });
});
