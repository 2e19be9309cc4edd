package main

import (
	"bytes"
	"context"
	"os/exec"
	"strings"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// About tells which Node.js runs the programs.
func (h *host) About(call context.Context, _ *pulumirpc.AboutRequest) (*pulumirpc.AboutResponse, error) {
	node, err := nodeBinary()
	if err != nil {
		return nil, err
	}
	ctx, done := during(call, h.life)
	defer done()
	var printed bytes.Buffer
	command := exec.CommandContext(ctx, node, "--version")
	command.Stdout = &printed
	if err := h.children.run(ctx, command); err != nil {
		return nil, err
	}
	return &pulumirpc.AboutResponse{Executable: node, Version: strings.TrimSpace(printed.String())}, nil
}
