//go:build linux

package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

const cgroupRoot = "/sys/fs/cgroup"

// cgroupPatience is how long ended processes may take to leave their control groups.
const cgroupPatience = 10 * time.Second

// hierarchies are the folders in which control groups are made: one for each controller of version 1, else the one of
// version 2.
func hierarchies() []string {
	if _, err := os.Stat(filepath.Join(cgroupRoot, "cgroup.controllers")); err == nil {
		return []string{cgroupRoot}
	}
	entries, _ := os.ReadDir(cgroupRoot)
	var found []string
	for _, entry := range entries {
		folder := filepath.Join(cgroupRoot, entry.Name())
		if info, err := os.Lstat(folder); err == nil && info.IsDir() {
			found = append(found, folder)
		}
	}
	return found
}

// makeCgroups makes a control group in every hierarchy, where a kubelet expects it.
func makeCgroups(name string) error {
	for _, hierarchy := range hierarchies() {
		group := filepath.Join(hierarchy, name)
		if err := os.Mkdir(group, 0o755); err != nil && !errors.Is(err, fs.ErrExist) {
			// A hierarchy that is only there to be looked at.
			if errors.Is(err, syscall.EROFS) || errors.Is(err, syscall.EACCES) {
				continue
			}
			return err
		}
		// Version 1 has nothing in a new group of this kind, and no process can enter it.
		for _, file := range []string{"cpuset.cpus", "cpuset.mems"} {
			if all, err := os.ReadFile(filepath.Join(hierarchy, file)); err == nil {
				_ = os.WriteFile(filepath.Join(group, file), all, 0o644)
			}
		}
		// Version 2 hands controllers down only where it is told to.
		if controllers, err := os.ReadFile(filepath.Join(hierarchy, "cgroup.controllers")); err == nil {
			for _, controller := range strings.Fields(string(controllers)) {
				_ = os.WriteFile(filepath.Join(hierarchy, "cgroup.subtree_control"), []byte("+"+controller), 0o644)
			}
		}
	}
	return nil
}

// removeCgroups removes a control group with all in it, once their processes have ended.
func removeCgroups(name string) {
	deadline := time.Now().Add(cgroupPatience)
	for _, hierarchy := range hierarchies() {
		group := filepath.Join(hierarchy, name)
		for !removeCgroup(group) && time.Now().Before(deadline) {
			time.Sleep(50 * time.Millisecond)
		}
	}
}

// removeCgroup removes the groups that no process is in, the innermost first. It tells whether none is left.
func removeCgroup(group string) bool {
	entries, err := os.ReadDir(group)
	if err != nil {
		return errors.Is(err, fs.ErrNotExist)
	}
	for _, entry := range entries {
		if entry.IsDir() {
			removeCgroup(filepath.Join(group, entry.Name()))
		}
	}
	return syscall.Rmdir(group) == nil
}
