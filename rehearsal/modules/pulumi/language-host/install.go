package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// InstallDependencies installs what the program's package.json names, and sends on what the package manager prints.
func (h *host) InstallDependencies(request *pulumirpc.InstallDependenciesRequest,
	stream pulumirpc.LanguageRuntime_InstallDependenciesServer) error {
	options, err := readOptions(request.GetInfo())
	if err != nil {
		return err
	}
	directory, err := projectDirectory(request.GetInfo().GetProgramDirectory())
	if err != nil {
		return err
	}
	name, arguments, err := installCommand(directory, options)
	if err != nil {
		return err
	}
	path, err := exec.LookPath(name)
	if err != nil {
		return status.Error(codes.FailedPrecondition, name+" is not on PATH")
	}

	ctx, done := during(stream.Context(), h.work)
	defer done()
	command := exec.CommandContext(ctx, path, arguments...)
	command.Dir = directory
	command.Env = os.Environ()
	if request.GetIsTerminal() {
		command.Env = append(command.Env, "FORCE_COLOR=1")
	}
	command.Stdout, command.Stderr = outputs(
		func(text []byte) error { return stream.Send(&pulumirpc.InstallDependenciesResponse{Stdout: text}) },
		func(text []byte) error { return stream.Send(&pulumirpc.InstallDependenciesResponse{Stderr: text}) },
	)
	err = h.children.run(ctx, command)
	if code, ended := exitCode(err); ended && code != 0 {
		return status.Error(codes.Unknown, fmt.Sprintf(
			"%s %s in %s ended with exit code %d", name, strings.Join(arguments, " "), directory, code))
	}
	return err
}

// projectDirectory finds the folder of the package.json that a program belongs to.
func projectDirectory(programDirectory string) (string, error) {
	manifest, found := findUpwards(programDirectory, "package.json")
	if !found {
		return "", status.Error(codes.FailedPrecondition, "no package.json in "+programDirectory+" or above")
	}
	return filepath.Dir(manifest), nil
}
