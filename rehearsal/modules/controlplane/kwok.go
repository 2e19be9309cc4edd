package main

import (
	"fmt"
	"os"

	"github.com/google/uuid"
	"github.com/spf13/pflag"
	"sigs.k8s.io/kwok/pkg/config"
	kwok "sigs.k8s.io/kwok/pkg/kwok/cmd"
	"sigs.k8s.io/kwok/pkg/log"
	"sigs.k8s.io/kwok/pkg/utils/signals"
)

func runKwok([]string) int {
	if err := serveKwok(); err != nil {
		fmt.Fprintln(os.Stderr, "kwok:", err)
		return 1
	}
	return 0
}

// same is a source of randomness that has none.
type same struct{}

func (same) Read(bytes []byte) (int, error) {
	clear(bytes)
	return len(bytes), nil
}

// serveKwok wires kwok as its own main package does, but for its name, which is the same at each start.
//
// It holds the leases of its nodes under that name. By another one it would take them over, list the pods of a node at once,
// and leave alone for ever those that it hears of before its own watch has told it that the lease is its own.
// See https://github.com/kubernetes-sigs/kwok/blob/v0.8.0/pkg/kwok/controllers/node_lease_controller.go "Held".
func serveKwok() error {
	uuid.SetRand(same{})

	// Kubernetes puts a global --version flag of its own type here at start-up, which kwok's command line would inherit
	// and fail to read.
	pflag.CommandLine = pflag.NewFlagSet("kwok", pflag.ContinueOnError)

	// This set is parsed before the command exists, so it meets flags that only the command will know.
	early := pflag.NewFlagSet("early", pflag.ContinueOnError)
	early.ParseErrorsAllowlist.UnknownFlags = true
	early.Usage = func() {}

	ctx, _ := log.InitFlags(signals.SetupSignalContext(), early)
	ctx, err := config.InitFlags(ctx, early)
	if err != nil {
		return err
	}
	command := kwok.NewCommand(ctx)
	command.PersistentFlags().AddFlagSet(early)
	return command.ExecuteContext(ctx)
}
