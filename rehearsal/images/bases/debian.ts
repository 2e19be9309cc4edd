import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { Problem } from "../../problem";
import { merged } from "../busybox";
import { entriesUnder, type LayerEntry, textFile } from "../layer-entry";

const run = promisify(execFile);

/** What apt is told, so that it finds what packages need as if nothing were installed, and changes nothing here. */
const APART = {
  "Dir::State::status": "/dev/null",
  "Debug::NoLocking": "true",
  "APT::Sandbox::User": "",
  "APT::Install-Recommends": "false",
};

/** What all programs in C++ are linked with, and the locale C.UTF-8, without which Java takes texts for ASCII. */
export const COMMON = ["libc-bin", "libstdc++6"];

/** What nobody reads in a container, and what only makes a Java smaller or shows its sources. */
const UNUSED = [
  /^usr\/share\/(doc|man|info|locale|lintian|bug|bash-completion|doc-base)$/,
  /^usr\/lib\/jvm\/[^/]+\/(jmods|man|lib\/src\.zip)$/,
];

/** Packages of this machine's distribution, unpacked. */
export interface UnpackedPackages {
  folder: string;
  /** Name and version of each, in the order of names. */
  versions: string[];
}

/** Name and version of the distribution that packages come from, as part of the inputs of their layers. */
export function distribution(): string {
  const told = existsSync("/etc/os-release") ? readFileSync("/etc/os-release", "utf8") : "";
  return ["ID", "VERSION_ID"].map((key) => new RegExp(`^${key}="?([^"\n]*)`, "m").exec(told)?.[1] ?? "").join(" ");
}

/**
 * Downloads packages of this machine's distribution with all that they need, and unpacks them. Their scripts are not run.
 *
 * @param work Folder for the packages and what is in them.
 * @throws {Problem} when there is no apt, or it does not get them.
 */
export async function unpackPackages(packages: string[], work: string): Promise<UnpackedPackages> {
  const [cache, folder] = [join(work, "apt"), join(work, "root")];
  await mkdir(join(cache, "archives", "partial"), { recursive: true });
  await mkdir(folder, { recursive: true });
  const settings = Object.entries({ ...APART, "Dir::Cache": cache }).flatMap(([name, value]) => [
    "-o",
    `${name}=${value}`,
  ]);
  await apt([...settings, "--yes", "--quiet", "--download-only", "install", ...packages], packages);
  const archives = (await readdir(join(cache, "archives"))).filter((name) => name.endsWith(".deb")).sort();
  for (const archive of archives) await run("dpkg-deb", ["--extract", join(cache, "archives", archive), folder]);
  // NAME_VERSION_ARCHITECTURE.deb, with an epoch's colon as %3a.
  const versions = archives.map((name) => decodeURIComponent(basename(name, ".deb").split("_").slice(0, 2).join("=")));
  return { folder, versions };
}

/** Entries of unpacked packages, where a layer has them. */
export async function packageEntries({ folder }: UnpackedPackages): Promise<LayerEntry[]> {
  const omits = (path: string) => UNUSED.some((unused) => unused.test(path));
  const entries = await entriesUnder(folder, "", { omits, moved: merged });
  return [...entries.filter(({ path }) => path !== ""), ...certificateBundle(folder)];
}

/** The one file with all certificates, which a script of the package would make. */
function certificateBundle(folder: string): LayerEntry[] {
  const certificates = entriesOfCertificates(join(folder, "usr", "share", "ca-certificates", "mozilla"));
  return certificates === "" ? [] : [textFile("etc/ssl/certs/ca-certificates.crt", certificates)];
}

function entriesOfCertificates(folder: string): string {
  if (!existsSync(folder)) return "";
  return readdirSync(folder)
    .sort()
    .map((name) => readFileSync(join(folder, name), "utf8"))
    .join("");
}

async function apt(args: string[], packages: string[]): Promise<void> {
  try {
    await run("apt-get", args, {
      env: { ...process.env, LC_ALL: "C", DEBIAN_FRONTEND: "noninteractive" },
      maxBuffer: 1 << 26,
    });
  } catch (error) {
    const { code, stderr = "" } = error as { code?: unknown; stderr?: string };
    if (code === "ENOENT") {
      throw new Problem(
        "images of Python, Java and Spark are made of packages of Debian, and there is no apt-get",
        "Build them on Debian, or with Docker: examples/build-images.sh.",
      );
    }
    const reason =
      stderr
        .split("\n")
        .find((line) => line.startsWith("E: "))
        ?.slice("E: ".length) ?? String(code);
    throw new Problem(
      `apt-get does not get ${packages.join(", ")}: ${reason}`,
      "Run apt-get update, and see to it that its index can be reached.",
    );
  }
}
