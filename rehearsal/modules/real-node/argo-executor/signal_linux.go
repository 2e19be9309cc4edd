// Package osspecific has what Argo's executor needs of Linux. The module of Argo Workflows has the files of the other
// systems, but this one is missing from what the module proxy has of it; a build adds it to a copy of the module.
package osspecific

import (
	"errors"
	"os"
	"syscall"
	"time"

	argoerrors "github.com/argoproj/argo-workflows/v4/util/errors"
)

// signalledBase is what shells add to the number of the signal that ended a program.
const signalledBase = 128

// reapInterval is how long ended processes may wait to be reaped.
const reapInterval = 100 * time.Millisecond

// Term asks a process to end.
var Term = syscall.SIGTERM

// CanIgnoreSignal tells signals that concern the executor alone: about its own children, and of Go's scheduler.
func CanIgnoreSignal(s os.Signal) bool {
	return s == syscall.SIGCHLD || s == syscall.SIGURG
}

// Kill signals the whole group of a process, or the process alone where it has no group any more.
func Kill(pid int, s syscall.Signal) error {
	group, err := syscall.Getpgid(pid)
	if err != nil {
		return syscall.Kill(pid, s)
	}
	return syscall.Kill(-group, s)
}

// Setpgid has a process start in a group of its own, so that a signal reaches its children too.
func Setpgid(attributes *syscall.SysProcAttr) {
	attributes.Setpgid = true
}

// Wait waits for the end of a process and tells its exit code as an error; none of them for 0. The executor is the first
// process of its container, so that whatever the process leaves behind becomes a child of it and is reaped here too.
func Wait(process *os.Process) error {
	pid := process.Pid
	if err := process.Release(); err != nil {
		return err
	}
	for {
		var status syscall.WaitStatus
		ended, err := syscall.Wait4(-1, &status, syscall.WNOHANG, nil)
		switch {
		case errors.Is(err, syscall.EINTR):
			continue
		case err != nil:
			return err
		case ended == pid && status.Exited():
			return argoerrors.NewExitErr(status.ExitStatus())
		case ended == pid && status.Signaled():
			return argoerrors.NewExitErr(signalledBase + int(status.Signal()))
		case ended > 0:
			// There may be more of them.
			continue
		}
		time.Sleep(reapInterval)
	}
}
