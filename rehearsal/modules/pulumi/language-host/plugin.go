package main

import (
	"os"
	"os/exec"
	"path/filepath"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// policyPack is the engine's word for a plugin that judges resources.
const policyPack = "analyzer"

// RunPlugin runs a policy pack, a provider or another plugin written for Node.js until it ends or the engine is done with
// it. It sends on what the plugin prints, and the exit code as the last message.
//
// Node's own arguments (`nodeargs`) do not apply here, as with the official host; NODE_OPTIONS does.
func (h *host) RunPlugin(request *pulumirpc.RunPluginRequest, stream pulumirpc.LanguageRuntime_RunPluginServer) error {
	if request.GetAttachDebugger() {
		return status.Error(codes.Unimplemented,
			"this language host attaches no debugger; set NODE_OPTIONS to --inspect-brk instead")
	}
	node, err := nodeBinary()
	if err != nil {
		return err
	}
	arguments, err := pluginArguments(request)
	if err != nil {
		return err
	}

	ctx, done := during(stream.Context(), h.life)
	defer done()
	command := exec.CommandContext(ctx, node, arguments...)
	command.Dir = workingDirectory(request)
	command.Env = append(os.Environ(), request.GetEnv()...)
	command.Stdout, command.Stderr = outputs(
		func(text []byte) error {
			return stream.Send(&pulumirpc.RunPluginResponse{Output: &pulumirpc.RunPluginResponse_Stdout{Stdout: text}})
		},
		func(text []byte) error {
			return stream.Send(&pulumirpc.RunPluginResponse{Output: &pulumirpc.RunPluginResponse_Stderr{Stderr: text}})
		},
	)
	err = h.children.run(ctx, command)
	code, ended := exitCode(err)
	if !ended {
		return err
	}
	return stream.Send(&pulumirpc.RunPluginResponse{Output: &pulumirpc.RunPluginResponse_Exitcode{Exitcode: int32(code)}})
}

// workingDirectory is the plugin's own folder for a policy pack, whose SDK reads the pack's version from the package.json
// there, and the program's folder for every other plugin.
func workingDirectory(request *pulumirpc.RunPluginRequest) string {
	if request.GetKind() == policyPack {
		return request.GetInfo().GetProgramDirectory()
	}
	return request.GetPwd()
}

// pluginArguments is Node's command line for a plugin.
func pluginArguments(request *pulumirpc.RunPluginRequest) ([]string, error) {
	directory := request.GetInfo().GetProgramDirectory()
	program := filepath.Join(directory, request.GetInfo().GetEntryPoint())
	if request.GetKind() == policyPack {
		script, err := sdkScript(directory, "run-policy-pack")
		if err != nil {
			return nil, err
		}
		return []string{script, engineOf(request.GetArgs()), program}, nil
	}
	script, err := sdkScript(directory, "run-plugin")
	if err != nil {
		return nil, err
	}
	return append([]string{script, program}, request.GetArgs()...), nil
}

// engineOf finds the engine's address in the arguments of a policy pack: it is the last. The logging flags that may
// stand before it mean nothing to the SDK, whose parser would take the address for the value of one of them.
func engineOf(arguments []string) string {
	if len(arguments) == 0 {
		return ""
	}
	return arguments[len(arguments)-1]
}
