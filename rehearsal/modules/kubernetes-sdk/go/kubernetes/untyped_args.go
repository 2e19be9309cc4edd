// Package kubernetes stands in for the package of the same path in Pulumi's Kubernetes SDK for Go.
//
// The Kubernetes provider is written against that SDK, and uses four symbols of it: UntypedArgs here, RegisterResource
// in yaml/v2, and RepositoryOpts and PostRenderer in helm/v4. The SDK carries a generated type for every field of every
// Kubernetes kind besides, which takes longer to compile than all the rest of the provider. This module has the four
// symbols and what they need, behaving as they do in SDK 4.24.0.
//
// One thing is left out: a whole resource given as a value inside the values of a Chart or the objects of a ConfigGroup
// arrives as a bare reference, not as a typed object. Neither can be written into a manifest.
package kubernetes

import "reflect"

// UntypedArgs is an object whose fields no type declares: a Kubernetes object as it is read from YAML. Its values may be
// plain or Pulumi inputs.
type UntypedArgs map[string]any

// ElementType makes UntypedArgs a Pulumi input, which resolves to a map.
func (UntypedArgs) ElementType() reflect.Type { return reflect.TypeFor[map[string]any]() }
