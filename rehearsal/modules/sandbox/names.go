//go:build linux

package main

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"net"
	"strings"
	"sync"
)

// nameServerAddress is where programs ask for the addresses of names, also those that read no resolv.conf.
const nameServerAddress = "127.0.0.1"

const nameServer = nameServerAddress + ":53"

// Numbers of the DNS. See https://www.rfc-editor.org/rfc/rfc1035, section 4.1.
const (
	headerLength   = 12
	typeA          = 1
	classInternet  = 1
	isAnswer       = 0x8180
	noSuchName     = 3
	secondsToLive  = 1
	longestMessage = 512
	// firstName points to the name right after the header.
	firstName = 0xc000 | headerLength
)

// outlets are the addresses of Services whose connections lead out.
type outlets struct {
	mutex sync.Mutex
	open  map[string]bool
	// taken tells whether this namespace has their network, which all of them are in.
	taken bool
}

// add lets connections to a Service out, once.
func (o *outlets) add(service string) error {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	if o.open[service] {
		return nil
	}
	if !o.taken {
		if err := takeNetwork(service); err != nil {
			return err
		}
		o.taken = true
	}
	listener, err := net.Listen("tcp", service)
	if err != nil {
		return err
	}
	o.open[service] = true
	go accept(listener, func(client net.Conn) { letOut(client, service) })
	return nil
}

// answerNames tells programs the addresses of Services by their names, and lets out what is then sent there.
func answerNames(all *outlets) error {
	socket, err := net.ListenPacket("udp", nameServer)
	if err != nil {
		return err
	}
	go func() {
		buffer := make([]byte, longestMessage)
		for {
			length, from, err := socket.ReadFrom(buffer)
			if err != nil {
				return
			}
			question := append([]byte(nil), buffer[:length]...)
			go func() {
				if reply := answer(question, func(name string) net.IP { return lookUp(name, all) }); reply != nil {
					_, _ = socket.WriteTo(reply, from)
				}
			}()
		}
	}()
	return nil
}

// answer is the reply to a message with one question; nil where that cannot be read.
func answer(message []byte, addressOf func(string) net.IP) []byte {
	name, end := questionName(message)
	if name == "" || len(message) < end+4 || binary.BigEndian.Uint16(message[4:]) != 1 {
		return nil
	}
	reply := append([]byte(nil), message[:end+4]...)
	// Nothing but the question is taken over, such as what the asker says of itself.
	for index := 6; index < headerLength; index++ {
		reply[index] = 0
	}
	flags := uint16(isAnswer)
	address := addressOf(name).To4()
	isAsked := binary.BigEndian.Uint16(message[end:]) == typeA
	switch {
	case address == nil:
		flags |= noSuchName
	case isAsked:
		binary.BigEndian.PutUint16(reply[6:], 1)
		for _, word := range []uint16{firstName, typeA, classInternet, 0, secondsToLive, net.IPv4len} {
			reply = binary.BigEndian.AppendUint16(reply, word)
		}
		reply = append(reply, address...)
	}
	binary.BigEndian.PutUint16(reply[2:], flags)
	return reply
}

// questionName is the first name in a message and where it ends; empty where there is none.
func questionName(message []byte) (string, int) {
	labels := []string{}
	for at := headerLength; at < len(message); {
		length := int(message[at])
		at++
		if length == 0 {
			return strings.Join(labels, "."), at
		}
		if length > 63 || at+length > len(message) {
			break
		}
		labels = append(labels, string(message[at:at+length]))
		at += length
	}
	return "", 0
}

// lookUp asks outside for a Service, and lets connections to its ports out.
func lookUp(name string, all *outlets) net.IP {
	outside, err := net.Dial("unix", gatewayTarget+"/out")
	if err != nil {
		return nil
	}
	defer func() { _ = outside.Close() }()
	if _, err := fmt.Fprintf(outside, "?%s\n", name); err != nil {
		return nil
	}
	line, err := bufio.NewReader(outside).ReadString('\n')
	if err != nil {
		return nil
	}
	fields := strings.Fields(line)
	if len(fields) == 0 {
		return nil
	}
	for _, port := range fields[1:] {
		// A port that the program has for itself leads nowhere else.
		_ = all.add(net.JoinHostPort(fields[0], port))
	}
	return net.ParseIP(fields[0])
}
