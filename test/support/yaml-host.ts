import { build } from "../../rehearsal/toolchain/build";
import type { Tool } from "../../rehearsal/toolchain/tools";

const VERSION = "1.32.0";

/**
 * What runs programs written in YAML. Official releases of Pulumi bring it along; the engine that is built here does without, and
 * only a test needs it. It is the newest version that Go's public proxy has.
 *
 * @see https://github.com/pulumi/pulumi-yaml/releases/tag/v1.32.0
 */
const YAML_HOST: Tool = {
  name: "pulumi-yaml",
  title: "Pulumi's language host for YAML",
  version: VERSION,
  modules: ["pulumi-yaml"],
  builds: [
    {
      binary: "pulumi-language-yaml",
      package: "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml",
      stamps: { "github.com/pulumi/pulumi-yaml/pkg/version.Version": VERSION },
      // It knows no way to print it.
      versionArguments: [],
      versionText: VERSION,
    },
  ],
  instead: "; only a test needs it",
  typicalMinutes: 2,
};

/** The folder for `PATH` in which an engine finds the host; it is built on first use. */
export function yamlHostFolder(): Promise<string> {
  return build(YAML_HOST);
}
