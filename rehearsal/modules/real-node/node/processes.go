//go:build linux

package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"
)

// restartPause is how long a program that ended is not started again.
const restartPause = 500 * time.Millisecond

// processes are the programs of a node. As the first process of its namespace, this one collects all others too whose
// parent has ended, such as those that keep containers.
type processes struct {
	mutex sync.Mutex
	ended map[int]chan syscall.WaitStatus
}

func newProcesses() *processes {
	return &processes{ended: map[int]chan syscall.WaitStatus{}}
}

// reap collects every process that ends, for ever.
func (p *processes) reap() {
	for {
		var status syscall.WaitStatus
		pid, err := syscall.Wait4(-1, &status, 0, nil)
		if errors.Is(err, syscall.ECHILD) {
			time.Sleep(restartPause / 5)
			continue
		}
		if err != nil || pid <= 0 {
			continue
		}
		p.mutex.Lock()
		waiting := p.ended[pid]
		delete(p.ended, pid)
		p.mutex.Unlock()
		if waiting != nil {
			waiting <- status
		}
	}
}

// keepRunning starts a program, and again whenever it has ended. What it prints is added to its log.
func (p *processes) keepRunning(program Program, logs string) {
	for {
		for program.After != "" && !exists(program.After) {
			time.Sleep(20 * time.Millisecond)
		}
		status, err := p.runOnce(program, filepath.Join(logs, program.Name+".log"))
		if err != nil {
			fmt.Fprintf(os.Stderr, "node: %s: %v\n", program.Name, err)
		} else {
			fmt.Fprintf(os.Stderr, "node: %s has ended: exit status %d, signal %d\n", program.Name, status.ExitStatus(), status.Signal())
		}
		time.Sleep(restartPause)
	}
}

func (p *processes) runOnce(program Program, log string) (syscall.WaitStatus, error) {
	output, err := os.OpenFile(log, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return 0, err
	}
	defer func() { _ = output.Close() }()
	nothing, err := os.Open(os.DevNull)
	if err != nil {
		return 0, err
	}
	defer func() { _ = nothing.Close() }()
	ended := make(chan syscall.WaitStatus, 1)
	// It may end before this process knows its number.
	p.mutex.Lock()
	process, err := os.StartProcess(program.Command[0], program.Command, &os.ProcAttr{
		Dir:   "/",
		Env:   os.Environ(),
		Files: []*os.File{nothing, output, output},
	})
	if err == nil {
		p.ended[process.Pid] = ended
	}
	p.mutex.Unlock()
	if err != nil {
		return 0, err
	}
	_ = process.Release()
	return <-ended, nil
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
