package main

import (
	"encoding/json"
	"fmt"
	"os"
	"runtime/debug"
)

// modules are the Go modules of the controllers, by the name under which each is called.
var modules = map[string]string{
	"jobset":            "sigs.k8s.io/jobset",
	"trainer":           "github.com/kubeflow/trainer/v2",
	"training-operator": "github.com/kubeflow/training-operator",
	"mpi-operator":      "github.com/kubeflow/mpi-operator",
}

// printVersions prints which versions were linked in, as Go itself knows them.
func printVersions() int {
	linked := map[string]string{}
	if build, ok := debug.ReadBuildInfo(); ok {
		for _, dependency := range build.Deps {
			linked[dependency.Path] = dependency.Version
		}
	}
	versions := map[string]string{}
	for name, module := range modules {
		versions[name] = linked[module]
	}
	if err := json.NewEncoder(os.Stdout).Encode(versions); err != nil {
		fmt.Fprintln(os.Stderr, "version:", err)
		return 1
	}
	return 0
}
