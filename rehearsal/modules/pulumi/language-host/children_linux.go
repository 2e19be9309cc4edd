package main

import "syscall"

// childAttributes gives a child its own process group, and has the kernel kill it if this host is killed.
func childAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
