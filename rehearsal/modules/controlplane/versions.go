package main

import (
	"encoding/json"
	"fmt"
	"os"

	etcd "go.etcd.io/etcd/api/v3/version"
	kubernetes "k8s.io/component-base/version"
	kwok "sigs.k8s.io/kwok/pkg/consts"
)

// versions are what each component reports of itself, written as the tags of its Go module.
//
// Kubernetes knows its version only when it was stamped at link time; without a stamp it is `v0.0.0-master+…`, which
// tells a reader that charts with a `kubeVersion` check will refuse this binary.
type versions struct {
	Etcd       string `json:"etcd"`
	Kubernetes string `json:"kubernetes"`
	Kwok       string `json:"kwok"`
}

func printVersions([]string) int {
	line := json.NewEncoder(os.Stdout)
	err := line.Encode(versions{
		Etcd:       "v" + etcd.Version,
		Kubernetes: kubernetes.Get().GitVersion,
		Kwok:       "v" + kwok.Version,
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, "version:", err)
		return 1
	}
	return 0
}
