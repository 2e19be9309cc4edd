//go:build linux

package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

// gatewayTarget is where the folder of sockets is seen.
const gatewayTarget = "/run/gateway"

// devices are all that a program without hardware needs.
var devices = []string{"/dev/null", "/dev/zero", "/dev/random", "/dev/urandom"}

// enterRoot gives this process a root that holds the program, its mounts and little else.
func enterRoot(pod Pod) error {
	// Nothing that is mounted from here on is seen outside.
	if err := syscall.Mount("", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, ""); err != nil {
		return fmt.Errorf("mounts of this machine cannot be made private: %w", err)
	}
	if err := syscall.Mount("tmpfs", pod.Root, "tmpfs", 0, "mode=755"); err != nil {
		return fmt.Errorf("a root on %s: %w", pod.Root, err)
	}
	mounts := []Mount{{Source: pod.Program, Target: pod.Entry}, {Source: pod.Gateway, Target: gatewayTarget}}
	for _, device := range devices {
		mounts = append(mounts, Mount{Source: device, Target: device})
	}
	for _, mount := range append(mounts, pod.Mounts...) {
		target := filepath.Join(pod.Root, mount.Target)
		if err := bind(mount.Source, target); err != nil {
			return fmt.Errorf("%s at %s: %w", mount.Source, mount.Target, err)
		}
		if mount.ReadOnly {
			if err := protect(target); err != nil {
				return fmt.Errorf("%s at %s cannot be read-only: %w", mount.Source, mount.Target, err)
			}
		}
	}
	for _, folder := range []string{"tmp", "proc", "etc", ".outside"} {
		if err := os.MkdirAll(filepath.Join(pod.Root, folder), 0o755); err != nil {
			return err
		}
	}
	// Some programs do not start without the second, which says what would be so without it.
	files := map[string]string{"hosts": hostsFile(pod.Hosts), "resolv.conf": "nameserver " + nameServerAddress + "\n"}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(pod.Root, "etc", name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	// Shells read what other programs print from there.
	if err := os.Symlink("/proc/self/fd", filepath.Join(pod.Root, "dev", "fd")); err != nil {
		return err
	}
	// Some machines allow no further /proc; only shells depend on it.
	_ = syscall.Mount("proc", filepath.Join(pod.Root, "proc"), "proc", 0, "")
	if err := syscall.PivotRoot(pod.Root, filepath.Join(pod.Root, ".outside")); err != nil {
		return fmt.Errorf("a root of its own: %w", err)
	}
	if err := os.Chdir("/"); err != nil {
		return err
	}
	if err := syscall.Unmount("/.outside", syscall.MNT_DETACH); err != nil {
		return err
	}
	return os.Remove("/.outside")
}

// bind shows a file or folder at another path, which is made.
func bind(source, target string) error {
	info, err := os.Stat(source)
	if err != nil {
		return err
	}
	if info.IsDir() {
		err = os.MkdirAll(target, 0o755)
	} else if err = os.MkdirAll(filepath.Dir(target), 0o755); err == nil {
		err = os.WriteFile(target, nil, 0o644)
	}
	if err != nil {
		return err
	}
	return syscall.Mount(source, target, "", syscall.MS_BIND|syscall.MS_REC, "")
}

// protect makes what is mounted at a path read-only. What the mount is restricted to already stays, as nobody but the root
// of this machine may lift it.
func protect(target string) error {
	var status syscall.Statfs_t
	if err := syscall.Statfs(target, &status); err != nil {
		return err
	}
	// Linux has these flags at the same places in what it tells and in what it takes, but for the last.
	const kept = syscall.MS_NOSUID | syscall.MS_NODEV | syscall.MS_NOEXEC | syscall.MS_NOATIME | syscall.MS_NODIRATIME
	const toldRelatime = 0x1000
	flags := uintptr(status.Flags) & kept
	if status.Flags&toldRelatime != 0 {
		flags |= syscall.MS_RELATIME
	}
	return syscall.Mount("", target, "", flags|syscall.MS_BIND|syscall.MS_REMOUNT|syscall.MS_RDONLY, "")
}

func hostsFile(hosts map[string]string) string {
	lines := []string{"127.0.0.1 localhost"}
	for _, name := range slices.Sorted(maps.Keys(hosts)) {
		lines = append(lines, hosts[name]+" "+name)
	}
	return strings.Join(lines, "\n") + "\n"
}
