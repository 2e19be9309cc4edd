//go:build linux

// Command node makes real nodes out of one machine: for each a set of namespaces in which a container runtime, a kubelet
// and kube-proxy run, apart from the machine that they are on.
//
// `node real-nodes --machine=FILE` brings up the nodes that a file of JSON describes, see [Machine], and ends them when it
// ends, however that is. The kubelet, kube-proxy and a stand-in for a device plugin are in this program too, and are called by their names.
// `node version` prints the version of Kubernetes.
package main

import (
	"context"
	"fmt"
	"os"

	"k8s.io/component-base/cli"
	"k8s.io/component-base/version"
	proxy "k8s.io/kubernetes/cmd/kube-proxy/app"
	kubelet "k8s.io/kubernetes/cmd/kubelet/app"

	// What the programs of Kubernetes load for logs and metrics.
	_ "k8s.io/component-base/logs/json/register"
	_ "k8s.io/component-base/metrics/prometheus/clientgo"
	_ "k8s.io/component-base/metrics/prometheus/version"
)

const exitUsage = 2

// commands take the arguments after their name and return an exit code.
var commands = map[string]func(args []string) int{
	"real-nodes":    runMachine,
	insideCommand:   runInside,
	"device-plugin": runDevicePlugin,
	"kubelet":       func([]string) int { return cli.Run(kubelet.NewKubeletCommand(context.Background())) },
	"kube-proxy":    func([]string) int { return cli.Run(proxy.NewProxyCommand()) },
	"version": func([]string) int {
		fmt.Println(version.Get().GitVersion)
		return 0
	},
}

func main() {
	if len(os.Args) < 2 || commands[os.Args[1]] == nil {
		fmt.Fprintln(os.Stderr, "usage: node real-nodes | kubelet | kube-proxy | device-plugin | version")
		os.Exit(exitUsage)
	}
	name := os.Args[1]
	// The programs of Kubernetes read their flags from the process.
	os.Args = os.Args[1:]
	os.Exit(commands[name](os.Args[1:]))
}

func failed(err error) int {
	fmt.Fprintln(os.Stderr, "node:", err)
	return 1
}
