//go:build linux

package main

import (
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
)

// insideMain prepares the new namespaces, runs the program in them, and is the first process there: when it ends, all
// others are ended.
func insideMain(file string) int {
	pod, err := readPod(file)
	if err != nil {
		return failed(err)
	}
	for _, prepare := range []func() error{
		func() error { return enterRoot(pod) },
		raiseLoopback,
		func() error { return openGateway(pod.Services) },
	} {
		if err := prepare(); err != nil {
			return failed(err)
		}
	}
	program := exec.Command(pod.Entry, pod.Args...)
	program.Env = pod.Env
	program.Stdout, program.Stderr = os.Stdout, os.Stderr
	if err := program.Start(); err != nil {
		return failed(err)
	}
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT)
	go func() {
		for received := range signals {
			_ = program.Process.Signal(received)
		}
	}()
	return reap(program.Process.Pid)
}

// reap collects every process that ends, as nobody else does, until the program itself has.
func reap(program int) int {
	for {
		var status syscall.WaitStatus
		pid, err := syscall.Wait4(-1, &status, 0, nil)
		switch {
		case errors.Is(err, syscall.EINTR):
		case err != nil:
			return failed(err)
		case pid != program:
		case status.Signaled():
			return 128 + int(status.Signal())
		default:
			return status.ExitStatus()
		}
	}
}
