//go:build linux

package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// insideCommand is how the process is called that finds itself in the new namespaces.
const insideCommand = "inside"

// runInside is the first process of a node: it prepares the namespaces and runs the programs of the node in them. When it
// ends, all others are ended.
func runInside(args []string) int {
	if len(args) != 2 {
		return failed(errors.New("inside takes a file and the name of a node"))
	}
	machine, err := readMachine(args[0])
	if err != nil {
		return failed(err)
	}
	node, err := machine.node(args[1])
	if err != nil {
		return failed(err)
	}
	for _, prepare := range []func() error{
		func() error { return mountFolders(node) },
		func() error { return pretendCPUs(node) },
		func() error { return syscall.Sethostname([]byte(node.Name)) },
		func() error { return makeNetwork(machine, node) },
		func() error { return openGateway(node) },
	} {
		if err := prepare(); err != nil {
			return failed(fmt.Errorf("%s: %w", node.Name, err))
		}
	}
	processes := newProcesses()
	for _, program := range node.Programs {
		go processes.keepRunning(program, filepath.Join(node.Folder, "logs"))
	}
	processes.reap()
	return 0
}

// ownFolders are those in which programs keep what is of a node; each gets empty ones, which nobody else sees.
var ownFolders = []string{"/run", "/var/lib", "/var/log"}

// mountFolders gives the node a view of the files of this machine with folders of its own.
func mountFolders(node Node) error {
	// Nothing that is mounted here is to be seen outside; inside, containers are to see what the kubelet mounts for them.
	for _, propagation := range []uintptr{syscall.MS_PRIVATE, syscall.MS_SHARED} {
		if err := syscall.Mount("", "/", "", syscall.MS_REC|propagation, ""); err != nil {
			return fmt.Errorf("mounts: %w", err)
		}
	}
	if err := syscall.Mount("proc", "/proc", "proc", syscall.MS_NOSUID|syscall.MS_NODEV|syscall.MS_NOEXEC, ""); err != nil {
		return fmt.Errorf("/proc: %w", err)
	}
	for _, folder := range ownFolders {
		if strings.HasPrefix(node.Folder, folder+"/") {
			return fmt.Errorf("its folder %s is in %s, which is another one inside", node.Folder, folder)
		}
		if err := syscall.Mount("tmpfs", folder, "tmpfs", 0, "mode=755"); err != nil {
			return fmt.Errorf("%s: %w", folder, err)
		}
	}
	for _, folder := range []string{"/run/lock", "/run/netns"} {
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return err
		}
	}
	for target, source := range node.Mounts {
		for _, folder := range []string{source, target} {
			if err := os.MkdirAll(folder, 0o755); err != nil {
				return err
			}
		}
		if err := syscall.Mount(source, target, "", syscall.MS_BIND, ""); err != nil {
			return fmt.Errorf("%s: %w", target, err)
		}
	}
	return nil
}

// Where Linux tells of processors. See https://docs.kernel.org/admin-guide/cputopology.html
const (
	processors = "/sys/devices/system/cpu"
	numaNodes  = "/sys/devices/system/node"
)

// pretendCPUs has the kubelet count more processors than there are, by another view of where it counts them. What pods ask
// for is a share of what is there, so they get less of it, and nothing else changes. How they are connected is not told, or
// pods would be kept on those that are not there.
func pretendCPUs(node Node) error {
	if node.CPUs == 0 {
		return nil
	}
	view := filepath.Join(node.Folder, "processors")
	if err := os.RemoveAll(view); err != nil {
		return err
	}
	counted, connected := filepath.Join(view, "cpu"), filepath.Join(view, "node")
	folders := []string{connected}
	for index := range node.CPUs {
		folders = append(folders, filepath.Join(counted, fmt.Sprintf("cpu%d", index)))
	}
	for _, folder := range folders {
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return err
		}
	}
	online := fmt.Sprintf("0-%d\n", node.CPUs-1)
	if err := os.WriteFile(filepath.Join(counted, "online"), []byte(online), 0o644); err != nil {
		return err
	}
	for target, source := range map[string]string{processors: counted, numaNodes: connected} {
		if err := syscall.Mount(source, target, "", syscall.MS_BIND, ""); err != nil {
			return fmt.Errorf("%s: %w", target, err)
		}
	}
	return nil
}
