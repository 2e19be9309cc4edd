package main

import (
	"cmp"
	"context"
	"errors"
	"os/exec"
	"runtime"
	"sync"
	"syscall"
	"time"
)

// stopGrace is how long a child may take to end by itself once it was interrupted. The engine gives this host five
// seconds before it kills it, so the children must have less.
const stopGrace = 3 * time.Second

// children are the processes that this host runs for the engine. Each is the head of a process group, so that what it
// starts itself (npm's scripts, a program's helpers) is stopped with it.
type children struct {
	// running is held for reading by every child, and for writing by who waits for all of them.
	running sync.RWMutex
}

// run starts a command that was made with the given context and waits for its end. When the context ends first, the
// command's group is interrupted, then killed, and the error says why the context ended.
func (c *children) run(ctx context.Context, command *exec.Cmd) error {
	c.running.RLock()
	defer c.running.RUnlock()

	command.SysProcAttr = childAttributes()
	command.Cancel = func() error { return signalGroup(command, syscall.SIGINT) }
	command.WaitDelay = stopGrace

	// Linux ties a child's life to the thread that started it, so this goroutine keeps its thread until the child ends.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()

	if err := command.Start(); err != nil {
		return cmp.Or(context.Cause(ctx), err)
	}
	err := command.Wait()
	// Whoever outlived the group's head has nobody left to report to.
	_ = signalGroup(command, syscall.SIGKILL)

	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	// The command ended well and something that it started still held its output open.
	if errors.Is(err, exec.ErrWaitDelay) {
		return nil
	}
	return err
}

// wait returns when every child has ended.
func (c *children) wait() {
	c.running.Lock()
	defer c.running.Unlock()
}

// exitCode reads how a command ended from the error of run: 128 plus the signal's number for one that a signal ended, as
// shells do. It reports false when the error is not about the command's end.
func exitCode(err error) (code int, ended bool) {
	if err == nil {
		return 0, true
	}
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		return 0, false
	}
	if status, ok := exit.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return 128 + int(status.Signal()), true
	}
	return exit.ExitCode(), true
}

func signalGroup(command *exec.Cmd, signal syscall.Signal) error {
	return syscall.Kill(-command.Process.Pid, signal)
}
