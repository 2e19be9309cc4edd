// Command clock lets time pass on a cluster: it moves every time that is noted in etcd back, so that each object is older
// by as much. Nothing but etcd may run meanwhile.
//
// `clock version` prints its version.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"time"

	"go.etcd.io/etcd/client/pkg/v3/transport"
	etcd "go.etcd.io/etcd/client/v3"
)

var version = "unknown"

// page is how many objects are read at once; the largest resource types have a megabyte.
const page = 200

// timeout is what etcd gets for one request.
const timeout = 30 * time.Second

func main() {
	if len(os.Args) == 2 && os.Args[1] == "version" {
		fmt.Println("clock", version)
		return
	}
	var files transport.TLSInfo
	endpoint := flag.String("endpoint", "", "address of etcd")
	flag.StringVar(&files.TrustedCAFile, "authority", "", "file with the certificate of etcd's authority")
	flag.StringVar(&files.CertFile, "certificate", "", "file with the client's certificate")
	flag.StringVar(&files.KeyFile, "key", "", "file with its key")
	by := flag.Duration("by", 0, "time that passes, for example 6h")
	flag.Parse()

	changed, err := passTime(*endpoint, files, *by)
	if err != nil {
		fmt.Fprintln(os.Stderr, "clock:", err)
		os.Exit(1)
	}
	fmt.Println(changed)
}

// passTime makes all objects older and tells how many it changed.
func passTime(endpoint string, files transport.TLSInfo, by time.Duration) (int, error) {
	tls, err := files.ClientConfig()
	if err != nil {
		return 0, err
	}
	client, err := etcd.New(etcd.Config{Endpoints: []string{endpoint}, TLS: tls, DialTimeout: timeout})
	if err != nil {
		return 0, err
	}
	defer client.Close()

	changed := 0
	end := etcd.GetPrefixRangeEnd(prefix)
	for from := prefix; ; {
		ctx, cancel := context.WithTimeout(context.Background(), timeout)
		found, err := client.Get(ctx, from, etcd.WithRange(end), etcd.WithLimit(page))
		cancel()
		if err != nil {
			return changed, err
		}
		for _, entry := range found.Kvs {
			older, err := aged(string(entry.Key), entry.Value, by)
			if err != nil {
				return changed, fmt.Errorf("%s: %w", entry.Key, err)
			}
			if older == nil {
				continue
			}
			ctx, cancel := context.WithTimeout(context.Background(), timeout)
			_, err = client.Put(ctx, string(entry.Key), string(older), etcd.WithLease(etcd.LeaseID(entry.Lease)))
			cancel()
			if err != nil {
				return changed, fmt.Errorf("%s: %w", entry.Key, err)
			}
			changed++
		}
		if !found.More {
			return changed, nil
		}
		from = string(found.Kvs[len(found.Kvs)-1].Key) + "\x00"
	}
}
