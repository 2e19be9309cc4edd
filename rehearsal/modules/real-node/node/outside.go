//go:build linux

package main

import (
	"errors"
	"flag"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strconv"
	"sync"
	"syscall"
	"time"
)

// namespaces of a node; control groups are named apart instead, as the runtime makes them from outside.
const namespaces = syscall.CLONE_NEWNS | syscall.CLONE_NEWNET | syscall.CLONE_NEWPID | syscall.CLONE_NEWIPC | syscall.CLONE_NEWUTS

// runMachine brings all nodes up and waits until it is told to end, or one of them has ended.
func runMachine(args []string) int {
	flags := flag.NewFlagSet("real-nodes", flag.ExitOnError)
	described := flags.String("machine", "", "file that describes the nodes")
	_ = flags.Parse(args)
	file := *described
	// A node is to end with the thread that started it, which therefore must live as long as this process.
	runtime.LockOSThread()
	machine, err := readMachine(file)
	if err != nil {
		return failed(err)
	}
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT)
	var started []*exec.Cmd
	ended := make(chan error, len(machine.Nodes))
	defer func() { endNodes(machine, started) }()
	for index, node := range machine.Nodes {
		child, err := startNode(file, node)
		if err != nil {
			return failed(fmt.Errorf("%s: %w", node.Name, err))
		}
		started = append(started, child)
		go func() { ended <- fmt.Errorf("%s has ended: %w", node.Name, errorOf(child.Wait())) }()
		// The others are linked to the network of the first.
		if index == 0 {
			err = awaitGateway(node)
		} else {
			err = linkTo(started[0].Process.Pid, child.Process.Pid, index, node)
		}
		if err != nil {
			return failed(fmt.Errorf("%s: %w", node.Name, err))
		}
	}
	go serveHealth(machine)
	select {
	case <-signals:
		return 0
	case err := <-ended:
		return failed(err)
	}
}

func errorOf(err error) error {
	if err == nil {
		return errors.New("exit status 0")
	}
	return err
}

func startNode(file string, node Node) (*exec.Cmd, error) {
	if err := makeCgroups(node.Cgroup); err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	// That of a node before would be taken for this one's.
	_ = os.Remove(gatewayOf(node))
	child := exec.Command(self, insideCommand, file, node.Name)
	child.Stdout, child.Stderr = os.Stdout, os.Stderr
	child.SysProcAttr = &syscall.SysProcAttr{Cloneflags: namespaces, Pdeathsig: syscall.SIGKILL}
	if err := child.Start(); err != nil {
		return nil, fmt.Errorf("this machine gives no namespaces: %w", err)
	}
	pid := strconv.Itoa(child.Process.Pid)
	return child, os.WriteFile(filepath.Join(node.Folder, "pid"), []byte(pid), 0o600)
}

// endNodes ends the first process of each node, with which all others of it end, and removes what is not in a namespace.
func endNodes(machine Machine, started []*exec.Cmd) {
	var all sync.WaitGroup
	for index, child := range started {
		_ = child.Process.Kill()
		all.Go(func() { removeCgroups(machine.Nodes[index].Cgroup) })
	}
	all.Wait()
}

// awaitGateway waits until the namespaces of a node are prepared.
func awaitGateway(node Node) error {
	for deadline := time.Now().Add(linkPatience); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if exists(gatewayOf(node)) {
			return nil
		}
	}
	return errors.New("its namespaces were not prepared in time")
}

// linkTo connects a node with the first one.
func linkTo(first, pid, index int, node Node) error {
	port := fmt.Sprintf("node%d", index)
	into := []string{"nsenter", "-t", strconv.Itoa(first), "-n", "--", "ip"}
	return runAll([][]string{
		append(into, "link", "add", port, "type", "veth", "peer", "name", linkName, "netns", strconv.Itoa(pid)),
		append(into, "link", "set", port, "master", linkName, "up"),
		append(into, "route", "replace", node.Pods, "via", hostOf(node.Address)),
	})
}

// serveHealth answers whether the kubelet of every node does its work.
func serveHealth(machine Machine) {
	http.HandleFunc("/healthz", func(response http.ResponseWriter, _ *http.Request) {
		for _, node := range machine.Nodes {
			if err := askKubelet(node); err != nil {
				http.Error(response, fmt.Sprintf("%s: %v", node.Name, err), http.StatusServiceUnavailable)
				return
			}
		}
		_, _ = fmt.Fprintln(response, "ok")
	})
	for {
		fmt.Fprintln(os.Stderr, "node:", http.ListenAndServe(machine.Health, nil))
		time.Sleep(time.Second)
	}
}
