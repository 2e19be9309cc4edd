package main

import (
	"fmt"

	"github.com/google/shlex"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// options are what Pulumi.yaml says under `runtime.options`.
type options struct {
	// typescript has programs loaded through ts-node; true unless switched off.
	typescript bool
	// tsconfig is the path of the program's tsconfig.json, relative to its working directory; empty for the default.
	tsconfig string
	// nodeArgs are Node's own arguments, such as --inspect.
	nodeArgs []string
	// packageManager is auto, npm, pnpm or yarn.
	packageManager string
	// production leaves devDependencies out of an installation.
	production bool
}

func readOptions(info *pulumirpc.ProgramInfo) (options, error) {
	given := info.GetOptions().AsMap()
	read := options{typescript: true, packageManager: autoPackageManager}
	var nodeArgs string
	err := firstError(
		readOption(given, "typescript", "a boolean", &read.typescript),
		readOption(given, "tsconfig", "a string", &read.tsconfig),
		readOption(given, "nodeargs", "a string", &nodeArgs),
		readOption(given, "packagemanager", "a string", &read.packageManager),
		readOption(given, "production", "a boolean", &read.production),
	)
	if err != nil {
		return options{}, err
	}
	if read.nodeArgs, err = shlex.Split(nodeArgs); err != nil {
		return options{}, invalidOption("nodeargs", "arguments as a shell would read them", nodeArgs)
	}
	return read, nil
}

// readOption leaves the default in place for an option that is absent.
func readOption[T any](given map[string]any, name, expected string, into *T) error {
	value, present := given[name]
	if !present {
		return nil
	}
	typed, ok := value.(T)
	if !ok {
		return invalidOption(name, expected, value)
	}
	*into = typed
	return nil
}

func invalidOption(name, expected string, value any) error {
	return status.Error(codes.InvalidArgument,
		fmt.Sprintf("Pulumi.yaml: runtime option %q must be %s, and is %#v", name, expected, value))
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
