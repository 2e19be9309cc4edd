//go:build linux

package main

import (
	"context"
	"flag"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	api "k8s.io/kubelet/pkg/apis/deviceplugin/v1beta1"
)

// pluginSocket is where the stand-in answers, in the kubelet's folder for device plugins.
const pluginSocket = "mlstack-stand-in.sock"

// devicePlugin stands in for one that finds GPUs: it offers as many as it is told, and there are none.
type devicePlugin struct {
	api.UnimplementedDevicePluginServer
	count int
}

func (devicePlugin) GetDevicePluginOptions(context.Context, *api.Empty) (*api.DevicePluginOptions, error) {
	return &api.DevicePluginOptions{}, nil
}

func (p devicePlugin) ListAndWatch(_ *api.Empty, stream api.DevicePlugin_ListAndWatchServer) error {
	var devices []*api.Device
	for index := range p.count {
		devices = append(devices, &api.Device{ID: fmt.Sprintf("stand-in-%d", index), Health: api.Healthy})
	}
	if err := stream.Send(&api.ListAndWatchResponse{Devices: devices}); err != nil {
		return err
	}
	<-stream.Context().Done()
	return nil
}

// Allocate tells a container which devices are its own, as NVIDIA's runtime has it.
func (devicePlugin) Allocate(_ context.Context, request *api.AllocateRequest) (*api.AllocateResponse, error) {
	answer := &api.AllocateResponse{}
	for _, container := range request.ContainerRequests {
		answer.ContainerResponses = append(answer.ContainerResponses, &api.ContainerAllocateResponse{
			Envs: map[string]string{"NVIDIA_VISIBLE_DEVICES": strings.Join(container.DevicesIds, ",")},
		})
	}
	return answer, nil
}

// runDevicePlugin offers `--count` devices as the resource `--resource`.
func runDevicePlugin(args []string) int {
	flags := flag.NewFlagSet("device-plugin", flag.ExitOnError)
	resource := flags.String("resource", "nvidia.com/gpu", "name of the resource")
	count := flags.Int("count", 0, "how many devices there are")
	_ = flags.Parse(args)
	socket := filepath.Join(api.DevicePluginPath, pluginSocket)
	for {
		// A kubelet that starts removes the sockets of all plugins, and has forgotten them.
		if !exists(socket) {
			if err := offer(devicePlugin{count: *count}, socket, *resource); err != nil {
				fmt.Fprintln(os.Stderr, "node: device-plugin:", err)
			}
		}
		time.Sleep(restartPause)
	}
}

func offer(plugin devicePlugin, socket, resource string) error {
	listener, err := net.Listen("unix", socket)
	if err != nil {
		return err
	}
	server := grpc.NewServer()
	api.RegisterDevicePluginServer(server, plugin)
	go func() { _ = server.Serve(listener) }()
	if err := register(resource); err != nil {
		// Closes the listener too, which removes the socket.
		server.Stop()
		return err
	}
	return nil
}

func register(resource string) error {
	kubelet := "unix://" + filepath.Join(api.DevicePluginPath, "kubelet.sock")
	connection, err := grpc.NewClient(kubelet, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	defer func() { _ = connection.Close() }()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	_, err = api.NewRegistrationClient(connection).Register(ctx, &api.RegisterRequest{
		Version:      api.Version,
		Endpoint:     pluginSocket,
		ResourceName: resource,
	})
	return err
}
