// Command controllers is what runs training jobs on a cluster, in one file: the controllers of JobSet, of Kubeflow
// Trainer, of the Training Operator and of the MPI Operator. Linked together they share one copy of their common code.
//
// Each is its project's own code, wired as its main package does, but for what belongs to a pod of a cluster: leader
// election, metrics, and the rotation of certificates, which wait for files of a kubelet. All of them listen on loopback
// alone.
//
// It is called by controller: `controllers jobset --ready-port …`. `controllers version` prints what was linked in.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/log/zap"
)

// program runs one project's controllers until the context ends.
type program func(ctx context.Context, settings settings) error

var programs = map[string]program{
	"jobset":            runJobSet,
	"trainer":           runTrainer,
	"training-operator": runTrainingOperator,
	"mpi-operator":      runMPIOperator,
}

// settings are what a controller is told on its command line; which cluster it works on is in $KUBECONFIG.
type settings struct {
	// webhookPort is where the API server sends objects to be judged.
	webhookPort int
	// certificates is the folder of tls.crt and tls.key for the webhooks.
	certificates string
	// readyPort answers on /readyz once the controller works.
	readyPort int
}

func main() {
	if len(os.Args) < 2 {
		usage(os.Stderr)
		os.Exit(2)
	}
	if os.Args[1] == "version" {
		os.Exit(printVersions())
	}
	run, known := programs[os.Args[1]]
	if !known {
		usage(os.Stderr)
		os.Exit(2)
	}
	ctrl.SetLogger(zap.New())
	if err := run(ctrl.SetupSignalHandler(), parse(os.Args[1], os.Args[2:])); err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", os.Args[1], err)
		os.Exit(1)
	}
}

func parse(name string, args []string) settings {
	var chosen settings
	flags := flag.NewFlagSet(name, flag.ExitOnError)
	flags.IntVar(&chosen.webhookPort, "webhook-port", 0, "port of the webhooks, on loopback")
	flags.StringVar(&chosen.certificates, "certificates", "", "folder of tls.crt and tls.key for the webhooks")
	flags.IntVar(&chosen.readyPort, "ready-port", 0, "port that answers once the controller works, on loopback")
	// It ends the program where a flag is wrong.
	_ = flags.Parse(args)
	return chosen
}

func usage(out io.Writer) {
	names := slices.Sorted(maps.Keys(programs))
	fmt.Fprintf(out, "usage: controllers %s|version [flags]\n", strings.Join(names, "|"))
}
