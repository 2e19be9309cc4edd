import pulumi from "@pulumi/eslint-plugin";
import tseslint from "typescript-eslint";

/**
 * Who may import whom (docs/architecture.md shows it as a picture). A room may import itself and what its row lists;
 * nothing but `site` imports `stacks` or `cli`, and nothing imports `test`.
 */
const doors = {
  "components/model": [],
  "components/internal": ["components/model"],
  "components/rendering": ["components/model", "components/internal"],
  "components/cluster": ["components/model", "components/internal", "components/rendering"],
  "components/platform": ["components/model", "components/internal", "components/rendering", "components/cluster"],
  "components/workloads": ["components/model", "components/internal"],
  preflight: ["components/model"],
  policies: ["components/model", "preflight"],
  rehearsal: ["components/model"],
  stacks: ["components"],
  cli: ["components/model", "preflight", "policies", "rehearsal"],
  packaging: ["policies", "rehearsal"],
  site: ["components/model", "preflight", "rehearsal", "stacks", "cli", "packaging"],
};

/** Every room that can be imported, by its path from the root of the checkout. */
const rooms = [...Object.keys(doors), "components", "test", "bench", "examples"];

const importRules = Object.entries(doors).map(([room, open]) => {
  const own = [room, ...open];
  const isOpen = (other) => own.some((name) => other === name || other.startsWith(`${name}/`));
  const closed = rooms.filter((other) => !isOpen(other) && !own.some((name) => name.startsWith(`${other}/`)));
  // Rooms of components see each other without the folder that they are in.
  const prefix = room.startsWith("components/") ? "(components/)?" : "components/";
  const names = closed.map((name) => name.replace("components/", prefix)).join("|");
  // The index of the components loads all of them, and Pulumi with them.
  const index = own.includes("components") ? [] : ["^(\\.\\./)+components(/index)?$", "^\\.\\.(/index)?$"];
  const message = `${room} may import only ${own.join(", ")} (docs/architecture.md).`;
  return {
    files: [`${room}/**/*.ts`],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [`^(\\.\\./)+(${names})(/|$)`, ...index].map((regex) => ({ regex, message })),
        },
      ],
    },
  };
});

export default tseslint.config(
  { ignores: ["bin/", ".mlstack/", "node_modules/"] },
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked],
    plugins: { "@pulumi": pulumi },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "@pulumi/no-output-in-template-literal": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
      "@typescript-eslint/no-non-null-assertion": "off",
      "@typescript-eslint/no-dynamic-delete": "off",
      // Taking a property out of an object names it.
      "@typescript-eslint/no-unused-vars": ["error", { varsIgnorePattern: "^_", ignoreRestSiblings: true }],
      "@typescript-eslint/no-unnecessary-condition": "off",
      "@typescript-eslint/no-unsafe-class-instance-assignment": "off",
      eqeqeq: "error",
    },
  },
  {
    // Projects to copy find the package where it is installed, and not in the checkout; the tests check their types there.
    files: ["examples/projects/**/*.ts", "templates/**/*.ts"],
    extends: [tseslint.configs.disableTypeChecked],
    rules: { "@pulumi/no-output-in-template-literal": "off" },
  },
  ...importRules,
);
