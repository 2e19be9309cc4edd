//go:build linux

package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// outletMark is what a first line starts with that asks for a further outlet.
const outletMark = "+"

// kubeletHealth is where a kubelet tells, inside, whether it does its work.
const kubeletHealth = "127.0.0.1:10248"

// outlets are addresses inside whose connections lead out.
type outlets struct {
	mutex sync.Mutex
	open  map[string]bool
	out   string
}

// openGateway lets connections in and out, through sockets in the folder of the node. Whoever connects to "in" and sends an
// address, as 10.200.0.1:10250, and a newline is connected to it from inside. What connects to an outlet is connected to
// "out", where the address that it stands for and a newline go before what it sends. A line of a plus sign and an address,
// sent to "in", makes an outlet of that address.
func openGateway(node Node) error {
	file := gatewayOf(node)
	_ = os.Remove(file)
	in, err := net.Listen("unix", file)
	if err != nil {
		return err
	}
	all := &outlets{open: map[string]bool{}, out: filepath.Join(node.Folder, "out")}
	for address, target := range node.Outlets {
		if err := all.add(address, target); err != nil {
			return err
		}
	}
	go accept(in, func(client net.Conn) { letIn(client, all) })
	return nil
}

// gatewayOf is the socket that lets connections into a node.
func gatewayOf(node Node) string { return filepath.Join(node.Folder, "in") }

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

// add makes an outlet of an address, once.
func (o *outlets) add(address, target string) error {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	if o.open[address] {
		return nil
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	o.open[address] = true
	go accept(listener, func(client net.Conn) { o.letOut(client, target) })
	return nil
}

func (o *outlets) letOut(client net.Conn, target string) {
	outside, err := net.Dial("unix", o.out)
	if err != nil {
		_ = client.Close()
		return
	}
	if _, err := fmt.Fprintf(outside, "%s\n", target); err != nil {
		_ = client.Close()
		_ = outside.Close()
		return
	}
	join(client, client, outside)
}

func letIn(client net.Conn, all *outlets) {
	reader := bufio.NewReader(client)
	line, err := reader.ReadString('\n')
	if err != nil {
		_ = client.Close()
		return
	}
	address := strings.TrimSpace(line)
	if outlet, asks := strings.CutPrefix(address, outletMark); asks {
		if err := all.add(outlet, outlet); err != nil {
			fmt.Fprintln(os.Stderr, "node:", err)
		}
		_ = client.Close()
		return
	}
	server, err := net.Dial("tcp", address)
	if err != nil {
		_ = client.Close()
		return
	}
	join(client, reader, server)
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

// askKubelet asks the kubelet of a node, from outside, whether it does its work.
func askKubelet(node Node) error {
	through := func(ctx context.Context, _, address string) (net.Conn, error) {
		var dialer net.Dialer
		connection, err := dialer.DialContext(ctx, "unix", gatewayOf(node))
		if err != nil {
			return nil, err
		}
		_, err = fmt.Fprintf(connection, "%s\n", address)
		return connection, err
	}
	client := http.Client{
		Timeout:   2 * time.Second,
		Transport: &http.Transport{DialContext: through, DisableKeepAlives: true},
	}
	response, err := client.Get("http://" + kubeletHealth + "/healthz")
	if err != nil {
		return err
	}
	_ = response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("its kubelet answers %s", response.Status)
	}
	return nil
}
