package main

import (
	"context"
	"os"
	"time"
)

// parentPoll is how soon an orphaned host notices. Asking for the parent's id costs nothing worth counting.
const parentPoll = 250 * time.Millisecond

// untilOrphaned returns a context that also ends when the process that started this one is gone. An engine that is
// killed outright cannot tell its plugins to stop; the system then gives them another parent.
func untilOrphaned(ctx context.Context) context.Context {
	ctx, cancel := context.WithCancel(ctx)
	parent := os.Getppid()
	go func() {
		defer cancel()
		ticker := time.NewTicker(parentPoll)
		defer ticker.Stop()
		for os.Getppid() == parent {
			select {
			case <-ticker.C:
			case <-ctx.Done():
				return
			}
		}
	}()
	return ctx
}
