package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// project writes files, given by their path, and returns the folder they are in.
func project(t *testing.T, files map[string]string) string {
	t.Helper()
	folder, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for path, text := range files {
		full := filepath.Join(folder, filepath.FromSlash(path))
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

func TestInstallCommand(t *testing.T) {
	auto := options{packageManager: "auto"}
	const workspaces = `{"workspaces":["app"]}`
	for name, test := range map[string]struct {
		files   map[string]string
		options options
		want    string
	}{
		"npm is the default":     {nil, auto, "npm install"},
		"a lockfile is followed": {map[string]string{"app/package-lock.json": ""}, auto, "npm ci"},
		"a lockfile chooses":     {map[string]string{"app/pnpm-lock.yaml": ""}, auto, "pnpm install --frozen-lockfile"},
		"a lockfile above belongs to another project": {
			map[string]string{"package-lock.json": "", "package.json": `{"name":"another"}`}, auto, "npm install",
		},
		"a lockfile above without a project is a stray one": {map[string]string{"yarn.lock": ""}, auto, "npm install"},
		"workspaces share the lockfile of their root": {
			map[string]string{"package-lock.json": "", "package.json": workspaces}, auto, "npm ci",
		},
		"workspaces may be listed in an object": {
			map[string]string{"yarn.lock": "", "package.json": `{"workspaces":{"packages":["app"]}}`},
			auto,
			"yarn install --frozen-lockfile",
		},
		"workspaces that are null are none": {
			map[string]string{"package-lock.json": "", "package.json": `{"workspaces":null}`}, auto, "npm install",
		},
		"pnpm lists its workspaces in a file of their own": {
			map[string]string{"pnpm-lock.yaml": "", "pnpm-workspace.yaml": ""}, auto, "pnpm install --frozen-lockfile",
		},
		"pnpm does not go by those in package.json": {
			map[string]string{"pnpm-lock.yaml": "", "package.json": workspaces}, auto, "npm install",
		},
		"the nearest lockfile chooses": {
			map[string]string{"app/yarn.lock": "", "package-lock.json": "", "package.json": workspaces},
			auto,
			"yarn install --frozen-lockfile",
		},
		"the option beats the lockfile": {
			map[string]string{"app/yarn.lock": ""}, options{packageManager: "npm"}, "npm install",
		},
		"production leaves out devDependencies": {
			map[string]string{"app/package-lock.json": ""},
			options{packageManager: "auto", production: true},
			"npm ci --omit=dev",
		},
	} {
		t.Run(name, func(t *testing.T) {
			folder := filepath.Join(project(t, test.files), "app")
			manager, arguments, err := installCommand(folder, test.options)
			if got := strings.Join(append([]string{manager}, arguments...), " "); err != nil || got != test.want {
				t.Errorf("got %q, %v, want %q", got, err, test.want)
			}
		})
	}
}

func TestInstallCommandNamesTheKnownPackageManagers(t *testing.T) {
	_, _, err := installCommand(t.TempDir(), options{packageManager: "bower"})
	want := `Pulumi.yaml: runtime option "packagemanager" must be one of auto, npm, pnpm, yarn, and is "bower"`
	if err == nil || !strings.HasSuffix(err.Error(), want) {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

func TestDependenciesOf(t *testing.T) {
	folder := project(t, map[string]string{
		"package.json":                                     `{"dependencies":{"a":"^1","absent":"~2"},"devDependencies":{"@s/b":"*"}}`,
		"node_modules/a/package.json":                      `{"version":"1.2.3","dependencies":{"c":"^2"},"devDependencies":{"d":"*"}}`,
		"node_modules/a/node_modules/c/package.json":       `{"version":"2.0.0","dependencies":{"a":"*"}}`,
		"node_modules/@s/b/package.json":                   `{"version":"0.1.0","dependencies":{"c":"^3"},"optionalDependencies":{"e":"*"}}`,
		"node_modules/@s/b/node_modules/left/package.json": `{"version":"9.9.9"}`,
		"node_modules/c/package.json":                      `{"version":"3.0.0"}`,
	})
	for name, test := range map[string]struct {
		transitive bool
		want       []dependency
	}{
		"direct, installed or not": {false, []dependency{{"@s/b", "0.1.0"}, {"a", "1.2.3"}, {"absent", "~2"}}},
		"transitive, in every version": {true, []dependency{
			{"@s/b", "0.1.0"}, {"a", "1.2.3"}, {"absent", "~2"}, {"c", "2.0.0"}, {"c", "3.0.0"},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := dependenciesOf(folder, test.transitive)
			if err != nil || !slices.Equal(got, test.want) {
				t.Errorf("got %v, %v\nwant %v", got, err, test.want)
			}
		})
	}
}
