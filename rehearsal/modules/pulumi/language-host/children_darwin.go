package main

import "syscall"

// childAttributes gives a child its own process group. Only a host that is itself killed outright leaves it behind.
func childAttributes() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }
