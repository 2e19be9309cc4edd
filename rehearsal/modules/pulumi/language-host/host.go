package main

import (
	"context"
	"sync/atomic"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/emptypb"
)

var errCancelled = status.Error(codes.Canceled, "the engine cancelled the operation")

// host answers the engine's calls. What it does not override answers Unimplemented.
type host struct {
	pulumirpc.UnimplementedLanguageRuntimeServer

	engineAddress atomic.Pointer[string]
	tracing       string
	children      children

	// life ends with the host and takes every child along.
	life context.Context
	// work ends with life or by Cancel, and takes programs and installations along.
	work       context.Context
	cancelWork context.CancelCauseFunc
}

func newHost(ctx context.Context, engineAddress, tracing string) *host {
	h := &host{tracing: tracing, life: ctx}
	h.engineAddress.Store(&engineAddress)
	h.work, h.cancelWork = context.WithCancelCause(h.life)
	return h
}

// Handshake takes the engine's address from an engine that found this host running and so could not pass it as an
// argument.
func (h *host) Handshake(_ context.Context, request *pulumirpc.LanguageHandshakeRequest) (
	*pulumirpc.LanguageHandshakeResponse, error) {
	if address := request.GetEngineAddress(); address != "" {
		h.engineAddress.Store(&address)
	}
	return &pulumirpc.LanguageHandshakeResponse{}, nil
}

// GetPluginInfo tells this host's version.
func (h *host) GetPluginInfo(context.Context, *emptypb.Empty) (*pulumirpc.PluginInfo, error) {
	return &pulumirpc.PluginInfo{Version: version}, nil
}

// GetRequiredPackages names no package: the engine then looks for a plugin when the program first uses it. Naming what
// node_modules holds would make it fetch plugins that the stack at hand never starts.
func (h *host) GetRequiredPackages(context.Context, *pulumirpc.GetRequiredPackagesRequest) (
	*pulumirpc.GetRequiredPackagesResponse, error) {
	return &pulumirpc.GetRequiredPackagesResponse{}, nil
}

// Cancel stops programs and installations. Plugins go on until the engine stops each, for it still needs them to finish
// what is under way.
func (h *host) Cancel(context.Context, *emptypb.Empty) (*emptypb.Empty, error) {
	h.cancelWork(errCancelled)
	return &emptypb.Empty{}, nil
}

// during returns the context of a call that ends early when the given part of the host's life does.
func during(call, part context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(call)
	detach := context.AfterFunc(part, func() { cancel(context.Cause(part)) })
	return ctx, func() { detach(); cancel(nil) }
}
