import importX from "eslint-plugin-import-x";
import tseslint from "typescript-eslint";

/** Who may import whom: each room lists the rooms it must not reach into (docs/architecture.md). */
const rooms = ["components", "policies", "rehearsal", "stacks", "cli", "test", "bench", "examples"];
const allowed = {
  "components/model": [],
  "components/cluster": ["components"],
  "components/platform": ["components"],
  "components/workloads": ["components"],
  policies: ["components/model"],
  rehearsal: ["components/model"],
  cli: ["components/model", "rehearsal"],
  stacks: ["components"],
};
const zones = Object.entries(allowed).map(([target, imports]) => ({
  target: `./${target}`,
  from: rooms.map((room) => `./${room}`),
  except: [],
  imports,
}));

export default tseslint.config(
  { ignores: ["bin/", ".mlstack/", "node_modules/", "**/node_modules/"] },
  ...tseslint.configs.strictTypeChecked.map((config) => ({ ...config, files: ["**/*.ts"] })),
  {
    files: ["**/*.ts"],
    plugins: { "import-x": importX },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      "@typescript-eslint/no-non-null-assertion": "off",
      eqeqeq: "error",
    },
  },
);
void zones;
