// Command controlplane is a Kubernetes control plane in one file: etcd, the API server, the controller manager, the
// scheduler and kwok. Linked together they share one copy of their common code, which makes them a third of the size of
// five programs and lets one build serve them all.
//
// It is called by component: `controlplane etcd --data-dir …`, or through a link that carries the component's name.
// `controlplane version` prints what was linked in.
package main

import (
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// component runs one program with its own argument list, whose first entry is the program's name, and returns its exit
// code.
type component func(args []string) int

var components = map[string]component{
	"etcd":                    runEtcd,
	"kube-apiserver":          runAPIServer,
	"kube-controller-manager": runControllerManager,
	"kube-scheduler":          runScheduler,
	"kwok":                    runKwok,
	"version":                 printVersions,
}

func main() {
	name, args := choose(os.Args)
	run, known := components[name]
	if !known {
		usage(os.Stderr)
		os.Exit(2)
	}
	// The components read their flags from the process, not from a parameter.
	os.Args = args
	os.Exit(run(args))
}

// choose tells which component a command line asks for, and with which arguments.
func choose(argv []string) (name string, args []string) {
	if linked := filepath.Base(argv[0]); components[linked] != nil {
		return linked, argv
	}
	if len(argv) < 2 {
		return "", nil
	}
	return argv[1], argv[1:]
}

func usage(out io.Writer) {
	names := slices.Sorted(maps.Keys(components))
	fmt.Fprintf(out, "usage: controlplane %s [flags]\n", strings.Join(names, "|"))
}
