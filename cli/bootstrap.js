#!/usr/bin/env node
"use strict";
/*
 * First program of every npm script. It needs nothing but Node and npm: it installs the locked dependencies, switches to
 * a supported Node where the machine's is older, compiles the sources that run as JavaScript, then hands over.
 * Plain JavaScript for old Nodes, because it runs before TypeScript is there.
 */
const { spawn } = require("node:child_process");
const { createHash } = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");

const root = path.join(__dirname, "..");
const modules = path.join(root, "node_modules");
const entries = {
  mlstack: "bin/cli/mlstack.js",
  test: "bin/test/run.js",
  mutation: "bin/test/mutation/run.js",
  bench: "bin/bench/run.js",
  package: "bin/packaging/run.js",
  audit: "bin/cli/audit/run.js",
  docs: "bin/site/run.js",
};
const compiledRooms = [
  "cli",
  "rehearsal",
  "components",
  "preflight",
  "policies",
  "stacks",
  "packaging",
  "site",
  "bench",
  "test",
];
const minimumNode = [22, 19];

async function main() {
  const [entry, ...args] = process.argv.slice(2);
  if (!Object.hasOwn(entries, entry)) {
    throw new Error(`usage: node cli/bootstrap.js ${Object.keys(entries).join("|")} [arguments]`);
  }
  await withLock(async () => {
    await installDependencies();
    if (canGoOn()) await compile();
    else await installNode();
  });
  if (!canGoOn()) {
    const node = path.join(modules, ".bin", "node");
    process.exitCode = await run(node, [__filename, entry, ...args], { stdio: "inherit" });
    return;
  }
  // Loading the compiled code again from V8's cache saves a good part of every command's start.
  require("node:module").enableCompileCache?.(path.join(modules, ".cache", "mlstack-compile"));
  process.env.PATH = path.dirname(process.execPath) + path.delimiter + process.env.PATH;
  const script = path.join(root, entries[entry]);
  process.argv = [process.argv[0], script, ...args];
  await require(script).main();
}

/** Whether this Node is recent enough, and still there: the dependencies may have brought it, and just have come anew. */
function canGoOn() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  const isSupported = major > minimumNode[0] || (major === minimumNode[0] && minor >= minimumNode[1]);
  return isSupported && fs.existsSync(process.execPath);
}

async function installDependencies() {
  const stamp = path.join(modules, ".mlstack-installed");
  const wanted = digest([fs.readFileSync(path.join(root, "package-lock.json"))]);
  if (readIfThere(stamp) === wanted) return;
  await step("npm ci: installing the locked dependencies (typically 30 s)", "npm", [
    "ci",
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--loglevel=error",
  ]);
  fs.writeFileSync(stamp, wanted);
}

async function installNode() {
  if (fs.existsSync(path.join(modules, "node", "bin", "node"))) return;
  await step(
    `This machine's Node is older than ${minimumNode.join(".")}: installing one beside the project (typically 15 s)`,
    "npm",
    ["rebuild", "node", "--ignore-scripts=false", "--loglevel=error"],
  );
}

async function compile() {
  const stamp = path.join(root, "bin", ".compiled");
  const wanted = digest(sourceFiles().map((file) => `${file} ${fs.statSync(file).mtimeMs} ${fs.statSync(file).size}`));
  if (readIfThere(stamp) === wanted) return;
  const tsc = path.join(modules, "typescript", "bin", "tsc");
  await step("tsc: compiling the command line and the policy packs (typically 2 s)", process.execPath, [
    tsc,
    "-p",
    "tsconfig.build.json",
  ]);
  // Components read programs and dashboards that lie beside them.
  for (const file of besideComponents()) fs.cpSync(file, path.join(root, "bin", path.relative(root, file)));
  fs.writeFileSync(stamp, wanted);
}

function sourceFiles() {
  const files = compiledRooms.flatMap(filesOf).filter((file) => file.endsWith(".ts"));
  const settings = ["tsconfig.json", "tsconfig.build.json"].map((file) => path.join(root, file));
  return [...settings, ...[...files, ...besideComponents()].sort()];
}

function besideComponents() {
  return filesOf("components").filter((file) => !file.endsWith(".ts"));
}

function filesOf(room) {
  return fs
    .readdirSync(path.join(root, room), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.endsWith("__pycache__"))
    .map((entry) => path.join(entry.parentPath, entry.name));
}

/** Runs a command quietly; its output is shown only when it fails. Prints what is done once it has taken two seconds. */
async function step(title, command, args) {
  const started = Date.now();
  const elapsed = () => `${Math.round((Date.now() - started) / 1000)} s`;
  const announce = setTimeout(() => process.stderr.write(`${title} …\n`), 2000);
  const output = [];
  try {
    const code = await run(command, args, { stdio: ["ignore", "pipe", "pipe"] }, output);
    if (code !== 0) {
      throw new Error(`${title}: failed after ${elapsed()} (${command} ${args.join(" ")})\n${Buffer.concat(output)}`);
    }
    if (Date.now() - started > 2000) process.stderr.write(`  done in ${elapsed()}\n`);
  } finally {
    clearTimeout(announce);
  }
}

function run(command, args, options, output = []) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: options.stdio === "inherit" ? process.cwd() : root, ...options });
    // The terminal signals the whole group: the child decides how to end, this process waits for it.
    const ignore = () => {};
    const forward = (signal) => child.kill(signal);
    if (options.stdio === "inherit") process.on("SIGINT", ignore).on("SIGTERM", forward).on("SIGHUP", forward);
    child.stdout?.on("data", (chunk) => output.push(chunk));
    child.stderr?.on("data", (chunk) => output.push(chunk));
    child.on("error", (error) =>
      reject(error.code === "ENOENT" ? new Error(`${command} was not found on PATH; install it and try again`) : error),
    );
    child.on("close", (code, signal) => resolve(signal ? 1 : code));
  });
}

/** Keeps two runs in one checkout from installing or compiling over each other; a dead holder is ignored. */
async function withLock(work) {
  const lock = path.join(root, ".bootstrap.lock");
  const announce = setTimeout(
    () => process.stderr.write(`waiting for run ${readIfThere(lock)} in this checkout …\n`),
    2000,
  );
  for (;;) {
    try {
      fs.writeFileSync(lock, String(process.pid), { flag: "wx" });
      break;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
      if (abandoned(lock)) take(lock);
      else await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
  clearTimeout(announce);
  try {
    return await work();
  } finally {
    fs.rmSync(lock, { force: true });
  }
}

/** Of several that see the same dead holder, one gets to move its lock away. */
function take(lock) {
  const mine = `${lock}.${process.pid}`;
  try {
    fs.renameSync(lock, mine);
  } catch {
    return;
  }
  if (abandoned(mine)) fs.rmSync(mine, { force: true });
  else fs.renameSync(mine, lock);
}

function abandoned(lock) {
  const holder = readIfThere(lock);
  if (holder === undefined) return false;
  // Just created and not yet written, unless its writer died in between.
  if (holder === "") return Date.now() - (fs.statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now()) > 5000;
  return !alive(Number(holder));
}

function alive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

function digest(parts) {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part).update("\n");
  return hash.digest("hex");
}

function readIfThere(file) {
  try {
    return fs.readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

main().catch((error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
