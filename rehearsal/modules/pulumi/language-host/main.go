// Command pulumi-language-nodejs is a Pulumi language host for Node.js: the program that the Pulumi engine starts to run
// a stack's TypeScript, its policy packs and its plugins.
//
// Pulumi ships a host of its own, which is not published as a Go module. This one stands in for it on machines that
// build their tools from modules. It runs programs and plugins; generating code (`pulumi convert`, `pulumi package`) is
// left to the official host, and asking for it here is answered with Unimplemented.
package main

import (
	"context"
	"flag"
	"fmt"
	"net"
	"os"
	"os/signal"
	"syscall"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
)

// version is the Pulumi release that this host was built for and with; it is stamped at link time.
var version = "0.0.0-unstamped"

// maxMessageBytes is the limit that the engine and its other plugins use; gRPC's default of 4 MiB is less than some
// stacks' configuration.
const maxMessageBytes = 400 << 20

func main() {
	showVersion := flag.Bool("version", false, "print the version and exit")
	tracing := flag.String("tracing", "", "an endpoint that takes the program's traces")
	// The engine hands its own logging flags to every plugin. This host logs nothing.
	flag.Bool("logtostderr", false, "accepted and ignored")
	flag.Int("v", 0, "accepted and ignored")
	flag.Parse()

	if *showVersion {
		fmt.Println(version)
		return
	}
	if err := serve(flag.Arg(0), *tracing); err != nil {
		fmt.Fprintln(os.Stderr, "pulumi-language-nodejs:", err)
		os.Exit(1)
	}
}

// serve answers the engine until the host is told to stop or the process that started it is gone, and leaves no child
// behind.
func serve(engineAddress, tracing string) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	ctx = untilOrphaned(ctx)

	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	host := newHost(ctx, engineAddress, tracing)
	server := grpc.NewServer(grpc.MaxRecvMsgSize(maxMessageBytes))
	pulumirpc.RegisterLanguageRuntimeServer(server, host)
	context.AfterFunc(ctx, func() {
		host.children.wait()
		server.Stop()
	})

	// The engine reads the port from the first line, and takes all that follows for the program's output.
	fmt.Println(listener.Addr().(*net.TCPAddr).Port)
	return server.Serve(listener)
}
