package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// nodeBinary finds Node.js on PATH.
func nodeBinary() (string, error) {
	path, err := exec.LookPath("node")
	if err != nil {
		return "", status.Error(codes.FailedPrecondition, "Node.js is not on PATH")
	}
	return filepath.Abs(path)
}

// sdkScript finds a script of the program's own @pulumi/pulumi, as Node would from the program's folder. The engine
// knows the first words of the error, and adds advice to them.
func sdkScript(programDirectory, name string) (string, error) {
	module := "@pulumi/pulumi/cmd/" + name
	path, found := findUpwards(programDirectory, filepath.Join("node_modules", filepath.FromSlash(module)))
	if !found {
		return "", status.Error(codes.FailedPrecondition, fmt.Sprintf(
			"Cannot find module '%s' from %s: install the program's dependencies, for example with npm install",
			module, programDirectory))
	}
	return path, nil
}

// findUpwards looks for a path in a folder and in all that the folder lies in, and returns the nearest.
func findUpwards(from, path string) (found string, ok bool) {
	for directory := filepath.Clean(from); ; directory = filepath.Dir(directory) {
		candidate := filepath.Join(directory, path)
		if exists(candidate) {
			return candidate, true
		}
		if directory == filepath.Dir(directory) {
			return "", false
		}
	}
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
