//go:build linux

// Command sandbox runs one program as a container would run it, but without an image: with a root of its own, in
// namespaces of its own for mounts, processes and the network, and reached by nobody but through two sockets.
//
// `sandbox FILE` reads what to run from a file of JSON, see [Pod]. It ends when the program ends, with its exit code;
// SIGTERM is passed on, and everything in it ends with this process. `sandbox version` prints its version.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
)

// version is stamped at link time.
var version = "0"

// inside is the first argument of the process that finds itself in the new namespaces.
const inside = "inside"

// Exit codes of this program itself, as shells and container runtimes have them.
const (
	exitUsage  = 2
	exitCannot = 125
)

// Pod is what to run, and what it sees.
type Pod struct {
	// Program is the path of the binary on this machine.
	Program string `json:"program"`
	// Entry is where the program finds itself.
	Entry string `json:"entry"`
	// Args come after the name of the program.
	Args []string `json:"args"`
	// Env has entries NAME=VALUE, and nothing is taken over from this process.
	Env []string `json:"env"`
	// Mounts are files and folders of this machine, at paths of the program's choice.
	Mounts []Mount `json:"mounts"`
	// Hosts maps names to addresses.
	Hosts map[string]string `json:"hosts"`
	// Gateway is a folder with two sockets. Whoever connects to "in" and sends a port and a newline is connected to
	// that port inside. What connects to one of the Services from inside is connected to "out", where the address
	// and a newline go before what it sends. There names are asked for, too: a question mark, the name and a newline,
	// answered by an address and ports, which then lead out as well, or by an empty line.
	Gateway string `json:"gateway"`
	// Services are addresses, as 10.96.0.1:443, all of one network, that lead out.
	Services []string `json:"services"`
	// Root is an empty folder that the program's root is mounted on.
	Root string `json:"root"`
}

// Mount is a file or folder of this machine.
type Mount struct {
	Source string `json:"source"`
	Target string `json:"target"`
	// ReadOnly is set for what belongs to this machine and not to the pod.
	ReadOnly bool `json:"readOnly"`
}

func main() {
	switch {
	case len(os.Args) == 2 && os.Args[1] == "version":
		fmt.Println("sandbox", version)
	case len(os.Args) == 2:
		os.Exit(outsideMain(os.Args[1]))
	case len(os.Args) == 3 && os.Args[1] == inside:
		os.Exit(insideMain(os.Args[2]))
	default:
		fmt.Fprintln(os.Stderr, "usage: sandbox FILE | sandbox version")
		os.Exit(exitUsage)
	}
}

// outsideMain starts this program again in new namespaces and waits for it.
func outsideMain(file string) int {
	if _, err := readPod(file); err != nil {
		return failed(err)
	}
	// Whoever started this is to leave nothing behind, however it ends.
	if _, _, errno := syscall.RawSyscall(syscall.SYS_PRCTL, syscall.PR_SET_PDEATHSIG, uintptr(syscall.SIGKILL), 0); errno != 0 {
		return failed(errno)
	}
	self, err := os.Executable()
	if err != nil {
		return failed(err)
	}
	child := exec.Command(self, inside, file)
	child.Stdout, child.Stderr = os.Stdout, os.Stderr
	child.SysProcAttr = namespaces()
	if err := child.Start(); err != nil {
		return failed(fmt.Errorf("this machine gives no namespaces: %w", err))
	}
	return waitFor(child)
}

// namespaces are those of a container. Whoever is not root is root in a user namespace of its own.
func namespaces() *syscall.SysProcAttr {
	attributes := &syscall.SysProcAttr{
		Cloneflags: syscall.CLONE_NEWNS | syscall.CLONE_NEWNET | syscall.CLONE_NEWPID,
		Pdeathsig:  syscall.SIGKILL,
	}
	if user, group := os.Getuid(), os.Getgid(); user != 0 {
		attributes.Cloneflags |= syscall.CLONE_NEWUSER
		attributes.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: user, Size: 1}}
		attributes.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: group, Size: 1}}
	}
	return attributes
}

// waitFor passes signals on to a process and returns its exit code.
func waitFor(child *exec.Cmd) int {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT)
	go func() {
		for received := range signals {
			_ = child.Process.Signal(received)
		}
	}()
	err := child.Wait()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return 0
	case !errors.As(err, &exit):
		return failed(err)
	}
	if status, is := exit.Sys().(syscall.WaitStatus); is && status.Signaled() {
		return 128 + int(status.Signal())
	}
	return exit.ExitCode()
}

func readPod(file string) (Pod, error) {
	var pod Pod
	content, err := os.ReadFile(file)
	if err != nil {
		return pod, err
	}
	if err := json.Unmarshal(content, &pod); err != nil {
		return pod, fmt.Errorf("%s: %w", file, err)
	}
	return pod, nil
}

func failed(err error) int {
	fmt.Fprintln(os.Stderr, "sandbox:", err)
	return exitCannot
}
