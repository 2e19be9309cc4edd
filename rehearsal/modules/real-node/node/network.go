//go:build linux

package main

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strings"
	"time"
)

// linkName is the link of every node to the others: a bridge on the first, which has ports for all others.
const linkName = "node0"

// linkPatience is how long the link to the first node may take.
const linkPatience = 10 * time.Second

// makeNetwork gives a node its addresses and routes. There is none that leads out of the machine.
func makeNetwork(machine Machine, node Node) error {
	commands := [][]string{{"ip", "link", "set", "lo", "up"}}
	if node.Name == machine.Nodes[0].Name {
		commands = append(commands, []string{"ip", "link", "add", linkName, "type", "bridge"})
	} else if err := awaitLink(linkName); err != nil {
		return err
	}
	commands = append(commands,
		[]string{"ip", "address", "add", node.Address, "dev", linkName},
		[]string{"ip", "link", "set", linkName, "up"},
		// Without a route, programs of the node itself are told that Services can not be reached, before kube-proxy sees it.
		[]string{"ip", "route", "add", machine.Services, "dev", linkName, "src", hostOf(node.Address)},
	)
	for _, network := range machine.Outside {
		commands = append(commands, []string{"ip", "route", "add", "local", network, "dev", "lo"})
	}
	for _, other := range machine.Nodes {
		// The first one learns of another when that is linked to it.
		if other.Name != node.Name && node.Name != machine.Nodes[0].Name {
			commands = append(commands, []string{"ip", "route", "add", other.Pods, "via", hostOf(other.Address)})
		}
	}
	if err := runAll(commands); err != nil {
		return err
	}
	return os.WriteFile("/proc/sys/net/ipv4/ip_forward", []byte("1"), 0o644)
}

func awaitLink(name string) error {
	for deadline := time.Now().Add(linkPatience); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if _, err := net.InterfaceByName(name); err == nil {
			return nil
		}
	}
	return fmt.Errorf("the link %s did not come", name)
}

// hostOf is an address without the length of its prefix.
func hostOf(address string) string {
	host, _, _ := strings.Cut(address, "/")
	return host
}

// runAll runs commands one after the other, until one fails.
func runAll(commands [][]string) error {
	for _, command := range commands {
		var complaint bytes.Buffer
		process := exec.Command(command[0], command[1:]...)
		process.Stderr = &complaint
		if err := process.Run(); err != nil {
			return fmt.Errorf("%s: %w %s", strings.Join(command, " "), err, strings.TrimSpace(complaint.String()))
		}
	}
	return nil
}
