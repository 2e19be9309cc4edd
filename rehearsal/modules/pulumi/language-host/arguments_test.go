package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/protobuf/types/known/structpb"
)

func TestProgramArguments(t *testing.T) {
	request := &pulumirpc.RunRequest{
		Organization: "acme", Project: "platform", Stack: "dev", Pwd: "/project/stacks", Parallel: 16,
		MonitorAddress: "127.0.0.1:1", DryRun: true, Args: []string{"--extra"},
		Info: &pulumirpc.ProgramInfo{RootDirectory: "/project", ProgramDirectory: "/project/stacks", EntryPoint: "index.ts"},
	}
	options := options{nodeArgs: []string{"--inspect"}}
	got := strings.Join(programArguments(request, options, "/sdk/run", "127.0.0.1:2", "file:///traces"), " ")
	want := "--inspect /sdk/run --monitor 127.0.0.1:1 --engine 127.0.0.1:2 --organization acme --project platform " +
		"--stack dev --pwd /project/stacks --root-directory /project --parallel 16 --dry-run --tracing file:///traces " +
		"index.ts --extra"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestProgramArgumentsOfAnUpdateWithoutEntryPointEndWithTheFolder(t *testing.T) {
	got := programArguments(&pulumirpc.RunRequest{}, options{}, "run", "", "")
	if slices.Contains(got, "--dry-run") || slices.Contains(got, "--tracing") || got[len(got)-1] != "." {
		t.Errorf("got %q", got)
	}
}

func TestProgramEnvironment(t *testing.T) {
	for name, test := range map[string]struct {
		request *pulumirpc.RunRequest
		options options
		want    []string
	}{
		"configuration and secret keys are JSON": {
			&pulumirpc.RunRequest{Config: map[string]string{"a:b": "c"}, ConfigSecretKeys: []string{"a:b"}},
			options{typescript: true, tsconfig: "../tsconfig.json"},
			[]string{`PULUMI_CONFIG={"a:b":"c"}`, `PULUMI_CONFIG_SECRET_KEYS=["a:b"]`,
				"PULUMI_NODEJS_TYPESCRIPT=true", "PULUMI_NODEJS_TSCONFIG_PATH=../tsconfig.json"},
		},
		"no configuration is an empty one": {
			&pulumirpc.RunRequest{},
			options{},
			[]string{"PULUMI_CONFIG={}", "PULUMI_CONFIG_SECRET_KEYS=[]", "PULUMI_NODEJS_TYPESCRIPT=false"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := programEnvironment(test.request, test.options)
			if err != nil || !slices.Equal(got, test.want) {
				t.Errorf("got %q, %v\nwant %q", got, err, test.want)
			}
		})
	}
}

func TestPluginArguments(t *testing.T) {
	folder := t.TempDir()
	sdk := filepath.Join(folder, "node_modules", "@pulumi", "pulumi", "cmd")
	for _, script := range []string{"run-policy-pack", "run-plugin"} {
		if err := os.MkdirAll(filepath.Join(sdk, script), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	flagsAndEngine := []string{"--logtostderr", "-v=9", "127.0.0.1:1"}
	for kind, want := range map[string][]string{
		"analyzer": {filepath.Join(sdk, "run-policy-pack"), "127.0.0.1:1", folder},
		"resource": {filepath.Join(sdk, "run-plugin"), folder, "--logtostderr", "-v=9", "127.0.0.1:1"},
	} {
		t.Run(kind, func(t *testing.T) {
			info := &pulumirpc.ProgramInfo{ProgramDirectory: folder, EntryPoint: "."}
			got, err := pluginArguments(&pulumirpc.RunPluginRequest{Kind: kind, Args: flagsAndEngine, Info: info})
			if err != nil || !slices.Equal(got, want) {
				t.Errorf("got %q, %v\nwant %q", got, err, want)
			}
		})
	}
}

func TestReadOptions(t *testing.T) {
	for name, test := range map[string]struct {
		given map[string]any
		want  string
	}{
		"a wrong type": {
			map[string]any{"typescript": "yes"},
			`Pulumi.yaml: runtime option "typescript" must be a boolean, and is "yes"`,
		},
		"an open quote": {
			map[string]any{"nodeargs": "--title 'x"},
			`Pulumi.yaml: runtime option "nodeargs" must be arguments as a shell would read them, and is "--title 'x"`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := readOptions(programInfo(t, test.given))
			if err == nil || !strings.HasSuffix(err.Error(), test.want) {
				t.Errorf("got  %v\nwant %s", err, test.want)
			}
		})
	}

	t.Run("node's arguments are split as a shell would", func(t *testing.T) {
		got, err := readOptions(programInfo(t, map[string]any{"nodeargs": "--inspect --title 'a b'"}))
		if err != nil || !slices.Equal(got.nodeArgs, []string{"--inspect", "--title", "a b"}) {
			t.Errorf("got %q, %v", got.nodeArgs, err)
		}
	})
	t.Run("defaults", func(t *testing.T) {
		got, err := readOptions(programInfo(t, nil))
		if err != nil || !got.typescript || got.packageManager != autoPackageManager || got.production {
			t.Errorf("got %+v, %v", got, err)
		}
	})
}

func programInfo(t *testing.T, given map[string]any) *pulumirpc.ProgramInfo {
	t.Helper()
	options, err := structpb.NewStruct(given)
	if err != nil {
		t.Fatal(err)
	}
	return &pulumirpc.ProgramInfo{Options: options}
}
