// Where Pulumi begins when it runs this package as a component provider (PulumiPlugin.yaml). Its runner would compile the
// sources as the tsconfig.json of whoever uses the package says, and check their types at each start; here they are only
// stripped of them. Plain JavaScript, as nothing is compiled yet.
const { readFileSync } = require("node:fs");
const { main } = require("@pulumi/pulumi/provider");
const ts = require("typescript");

const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2023 };

require.extensions[".ts"] = (module, fileName) => {
  const source = readFileSync(fileName, "utf8");
  module._compile(ts.transpileModule(source, { compilerOptions, fileName }).outputText, fileName);
};

const { ComponentPlugin } = require("./packaging/component-plugin.ts");

// Pulumi's runner would start its own host for components that are exported, and calls a function.
const components = () => require("./components/index.ts");
module.exports = () => main(new ComponentPlugin(components), process.argv.slice(2));
