package main

import (
	"io"
	"sync"
)

// sender passes on one piece of a child's output.
type sender func(text []byte) error

// outputs returns writers for a child's standard output and standard error. They take turns: the two are written at the
// same time, and a gRPC stream takes one message at a time.
func outputs(stdout, stderr sender) (io.Writer, io.Writer) {
	var turn sync.Mutex
	return &output{&turn, stdout}, &output{&turn, stderr}
}

type output struct {
	turn *sync.Mutex
	send sender
}

func (o *output) Write(text []byte) (int, error) {
	o.turn.Lock()
	defer o.turn.Unlock()
	if err := o.send(text); err != nil {
		return 0, err
	}
	return len(text), nil
}
