//go:build linux

package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"syscall"
	"time"
	"unsafe"
)

// interfaceRequest is the part of Linux's struct ifreq that flags are set by.
type interfaceRequest struct {
	name  [syscall.IFNAMSIZ]byte
	flags uint16
	_     [22]byte
}

// addressRequest is the part of it that addresses are set by.
type addressRequest struct {
	name   [syscall.IFNAMSIZ]byte
	family uint16
	_      [2]byte
	ip     [4]byte
	_      [16]byte
}

// raiseLoopback switches on the only network that there is in a new network namespace.
func raiseLoopback() error {
	request := interfaceRequest{flags: syscall.IFF_UP | syscall.IFF_RUNNING}
	copy(request.name[:], "lo")
	return control(syscall.SIOCSIFFLAGS, unsafe.Pointer(&request))
}

// prefixOfServices is the length of the prefix that addresses of Services share.
const prefixOfServices = 16

// takeNetwork has this namespace answer for the network of a Service, which Linux does by itself only for that of loopback.
func takeNetwork(service string) error {
	host, _, err := net.SplitHostPort(service)
	if err != nil {
		return err
	}
	ip := net.ParseIP(host).To4()
	if ip == nil || ip.IsLoopback() {
		return nil
	}
	request := addressRequest{family: syscall.AF_INET, ip: [4]byte(ip)}
	copy(request.name[:], "lo:services")
	if err := control(syscall.SIOCSIFADDR, unsafe.Pointer(&request)); err != nil {
		return err
	}
	request.ip = [4]byte(net.CIDRMask(prefixOfServices, 32))
	return control(syscall.SIOCSIFNETMASK, unsafe.Pointer(&request))
}

// control tells Linux something of a network interface.
func control(command uintptr, request unsafe.Pointer) error {
	socket, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_DGRAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return err
	}
	defer func() { _ = syscall.Close(socket) }()
	if _, _, errno := syscall.Syscall(syscall.SYS_IOCTL, uintptr(socket), command, uintptr(request)); errno != 0 {
		return fmt.Errorf("loopback: %w", errno)
	}
	return nil
}

// openGateway lets connections in and out.
func openGateway(services []string) error {
	in, err := net.Listen("unix", gatewayTarget+"/in")
	if err != nil {
		return err
	}
	go accept(in, letIn)
	all := &outlets{open: map[string]bool{}}
	for _, service := range services {
		if err := all.add(service); err != nil {
			return err
		}
	}
	return answerNames(all)
}

// acceptPause is how long nobody is let in after that has failed, as where too many files are open.
const acceptPause = 100 * time.Millisecond

func accept(listener net.Listener, serve func(net.Conn)) {
	for {
		client, err := listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			time.Sleep(acceptPause)
			continue
		}
		go serve(client)
	}
}

// letIn connects a client to the port that its first line names.
func letIn(client net.Conn) {
	reader := bufio.NewReader(client)
	port, err := reader.ReadString('\n')
	if err != nil {
		_ = client.Close()
		return
	}
	program, err := net.Dial("tcp", net.JoinHostPort("127.0.0.1", strings.TrimSpace(port)))
	if err != nil {
		_ = client.Close()
		return
	}
	join(client, reader, program)
}

// letOut connects a client to whoever answers for a Service.
func letOut(client net.Conn, service string) {
	outside, err := net.Dial("unix", gatewayTarget+"/out")
	if err != nil {
		_ = client.Close()
		return
	}
	if _, err := fmt.Fprintf(outside, "%s\n", service); err != nil {
		_ = client.Close()
		_ = outside.Close()
		return
	}
	join(client, client, outside)
}

// join passes on what either side sends, until both have ended.
func join(client net.Conn, received io.Reader, server net.Conn) {
	var both sync.WaitGroup
	both.Go(func() { pass(server, received) })
	both.Go(func() { pass(client, server) })
	both.Wait()
	_ = client.Close()
	_ = server.Close()
}

func pass(to net.Conn, from io.Reader) {
	_, _ = io.Copy(to, from)
	if half, can := to.(interface{ CloseWrite() error }); can {
		_ = half.CloseWrite()
	}
}
