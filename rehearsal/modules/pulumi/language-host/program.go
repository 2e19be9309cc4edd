package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strconv"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// alreadyReported is the exit code with which the SDK says that the user has been told what went wrong.
const alreadyReported = 32

// Run runs a Pulumi program to its end. Its output goes to this host's own, which the engine shows.
func (h *host) Run(call context.Context, request *pulumirpc.RunRequest) (*pulumirpc.RunResponse, error) {
	if request.GetAttachDebugger() {
		return nil, status.Error(codes.Unimplemented,
			"this language host attaches no debugger; set the runtime option nodeargs to --inspect-brk instead")
	}
	options, err := readOptions(request.GetInfo())
	if err != nil {
		return nil, err
	}
	node, err := nodeBinary()
	if err != nil {
		return nil, err
	}
	script, err := sdkScript(request.GetInfo().GetProgramDirectory(), "run")
	if err != nil {
		return nil, err
	}
	environment, err := programEnvironment(request, options)
	if err != nil {
		return nil, err
	}

	ctx, done := during(call, h.work)
	defer done()
	arguments := programArguments(request, options, script, *h.engineAddress.Load(), h.tracing)
	command := exec.CommandContext(ctx, node, arguments...)
	command.Dir = request.GetPwd()
	command.Env = append(os.Environ(), environment...)
	command.Stdout, command.Stderr = os.Stdout, os.Stderr
	return programResult(h.children.run(ctx, command))
}

func programArguments(request *pulumirpc.RunRequest, options options, script, engine, tracing string) []string {
	info := request.GetInfo()
	arguments := append([]string{}, options.nodeArgs...)
	arguments = append(arguments, script,
		"--monitor", request.GetMonitorAddress(),
		"--engine", engine,
		"--organization", request.GetOrganization(),
		"--project", request.GetProject(),
		"--stack", request.GetStack(),
		"--pwd", request.GetPwd(),
		"--root-directory", info.GetRootDirectory(),
		"--parallel", strconv.Itoa(int(request.GetParallel())),
	)
	if request.GetDryRun() {
		arguments = append(arguments, "--dry-run")
	}
	if tracing != "" {
		arguments = append(arguments, "--tracing", tracing)
	}
	entry := info.GetEntryPoint()
	if entry == "" {
		entry = "."
	}
	return append(append(arguments, entry), request.GetArgs()...)
}

// programEnvironment is what the SDK reads from the environment: configuration is too long for a command line, and
// visible to other users there.
func programEnvironment(request *pulumirpc.RunRequest, options options) ([]string, error) {
	config, secretKeys := request.GetConfig(), request.GetConfigSecretKeys()
	if config == nil {
		config = map[string]string{}
	}
	if secretKeys == nil {
		secretKeys = []string{}
	}
	configText, err := json.Marshal(config)
	if err != nil {
		return nil, err
	}
	secretKeysText, err := json.Marshal(secretKeys)
	if err != nil {
		return nil, err
	}
	environment := []string{
		"PULUMI_CONFIG=" + string(configText),
		"PULUMI_CONFIG_SECRET_KEYS=" + string(secretKeysText),
		"PULUMI_NODEJS_TYPESCRIPT=" + strconv.FormatBool(options.typescript),
	}
	if options.tsconfig != "" {
		environment = append(environment, "PULUMI_NODEJS_TSCONFIG_PATH="+options.tsconfig)
	}
	return environment, nil
}

// programResult tells a program that failed, which is a result of the call, from a call that failed.
func programResult(err error) (*pulumirpc.RunResponse, error) {
	code, ended := exitCode(err)
	switch {
	case !ended:
		return nil, err
	case code == 0:
		return &pulumirpc.RunResponse{}, nil
	case code == alreadyReported:
		return &pulumirpc.RunResponse{Bail: true}, nil
	default:
		return &pulumirpc.RunResponse{Error: fmt.Sprintf("the program ended with exit code %d", code)}, nil
	}
}
