//go:build linux

package main

import (
	"encoding/json"
	"fmt"
	"os"
)

// Machine is what `node real-nodes` brings up.
type Machine struct {
	// Health is the address, on loopback, where `/healthz` tells whether every node is up.
	Health string `json:"health"`
	// Services is the network of Services, which kube-proxy of each node leads on.
	Services string `json:"services"`
	// Outside are networks and addresses that are not in the namespaces: connections there go out through the gateway of
	// the node.
	Outside []string `json:"outside"`
	// Nodes come up in this order; the others are linked to the first.
	Nodes []Node `json:"nodes"`
}

// Node is one node.
type Node struct {
	Name string `json:"name"`
	// Folder has everything of the node: what it is told, its state, its logs and the sockets of its gateway. It is at the
	// same path inside.
	Folder string `json:"folder"`
	// Address is the one under which the node is known, with the length of the prefix that all nodes share.
	Address string `json:"address"`
	// Pods is the network of its pods.
	Pods string `json:"pods"`
	// Cgroup is the name of the control group that its pods are in.
	Cgroup string `json:"cgroup"`
	// CPUs is how many the node says that it has; as many as there are where it is 0.
	CPUs int `json:"cpus"`
	// Outlets are addresses inside that lead out, each to the address that it stands for.
	Outlets map[string]string `json:"outlets"`
	// Mounts are folders of the node's own, by the path that programs know them under.
	Mounts map[string]string `json:"mounts"`
	// Programs run for as long as the node does, and are started anew when they end.
	Programs []Program `json:"programs"`
}

// Program is what runs on a node.
type Program struct {
	Name    string   `json:"name"`
	Command []string `json:"command"`
	// After is a file that must be there first; nothing by default.
	After string `json:"after"`
}

func readMachine(file string) (Machine, error) {
	var machine Machine
	content, err := os.ReadFile(file)
	if err != nil {
		return machine, err
	}
	if err := json.Unmarshal(content, &machine); err != nil {
		return machine, fmt.Errorf("%s: %w", file, err)
	}
	return machine, nil
}

// node finds a node by its name.
func (m Machine) node(name string) (Node, error) {
	for _, node := range m.Nodes {
		if node.Name == name {
			return node, nil
		}
	}
	return Node{}, fmt.Errorf("there is no node %s", name)
}
