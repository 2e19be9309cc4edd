// Package v2 registers Kubernetes objects that were read from YAML as Pulumi resources.
package v2

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// coreKinds are the kinds that the SDK has a type for in the API group whose name is empty. Their tokens say `core/v1`
// where their manifests say `v1`.
var coreKinds = map[string]bool{
	"Binding":               true,
	"ConfigMap":             true,
	"Endpoints":             true,
	"Event":                 true,
	"LimitRange":            true,
	"Namespace":             true,
	"Node":                  true,
	"PersistentVolume":      true,
	"PersistentVolumeClaim": true,
	"Pod":                   true,
	"PodTemplate":           true,
	"ReplicationController": true,
	"ResourceQuota":         true,
	"Secret":                true,
	"Service":               true,
	"ServiceAccount":        true,
}

// RegisterResource registers one object of any kind, built in or custom, with the Pulumi engine.
//
// The caller gets its URN and id and can depend on it. The outputs are not unpacked into fields: nothing in the provider
// reads them here.
func RegisterResource(ctx *pulumi.Context, apiVersion, kind, name string, props pulumi.Input,
	opts ...pulumi.ResourceOption) (pulumi.CustomResource, error) {
	var object pulumi.CustomResourceState
	if err := ctx.RegisterResource(token(apiVersion, kind), name, props, &object, opts...); err != nil {
		return nil, err
	}
	return &object, nil
}

func token(apiVersion, kind string) string {
	if apiVersion == "v1" && coreKinds[kind] {
		apiVersion = "core/v1"
	}
	return fmt.Sprintf("kubernetes:%s:%s", apiVersion, kind)
}
