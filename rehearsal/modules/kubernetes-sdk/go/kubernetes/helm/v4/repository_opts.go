// Package v4 has the structured arguments of the component kubernetes:helm.sh/v4:Chart.
//
// Each argument comes as Pulumi knows a structured type: the resolved struct, the arguments that resolve to it, an output
// of it, and the interface that arguments and output share.
package v4

import (
	"context"
	"reflect"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// RepositoryOpts says where a chart is fetched from, and with which credentials.
type RepositoryOpts struct {
	// CaFile is the certificate authority that signs the repository's certificate.
	CaFile pulumi.AssetOrArchive `pulumi:"caFile"`
	// CertFile is the client certificate shown to the repository.
	CertFile pulumi.AssetOrArchive `pulumi:"certFile"`
	// KeyFile is the private key of the client certificate.
	KeyFile pulumi.AssetOrArchive `pulumi:"keyFile"`
	// Password is the password of HTTP basic authentication.
	Password *string `pulumi:"password"`
	// Repo is the repository's address.
	Repo *string `pulumi:"repo"`
	// Username is the user of HTTP basic authentication.
	Username *string `pulumi:"username"`
}

// RepositoryOptsInput accepts RepositoryOptsArgs and RepositoryOptsOutput.
type RepositoryOptsInput interface {
	pulumi.Input

	ToRepositoryOptsOutput() RepositoryOptsOutput
	ToRepositoryOptsOutputWithContext(context.Context) RepositoryOptsOutput
}

// RepositoryOptsArgs is RepositoryOpts with fields that may still be unknown.
type RepositoryOptsArgs struct {
	CaFile   pulumi.AssetOrArchiveInput `pulumi:"caFile"`
	CertFile pulumi.AssetOrArchiveInput `pulumi:"certFile"`
	KeyFile  pulumi.AssetOrArchiveInput `pulumi:"keyFile"`
	Password pulumi.StringPtrInput      `pulumi:"password"`
	Repo     pulumi.StringPtrInput      `pulumi:"repo"`
	Username pulumi.StringPtrInput      `pulumi:"username"`
}

// ElementType is what these arguments resolve to.
func (RepositoryOptsArgs) ElementType() reflect.Type { return reflect.TypeFor[RepositoryOpts]() }

// ToRepositoryOptsOutput awaits the fields.
func (args RepositoryOptsArgs) ToRepositoryOptsOutput() RepositoryOptsOutput {
	return args.ToRepositoryOptsOutputWithContext(context.Background())
}

// ToRepositoryOptsOutputWithContext awaits the fields until the context ends.
func (args RepositoryOptsArgs) ToRepositoryOptsOutputWithContext(ctx context.Context) RepositoryOptsOutput {
	return pulumi.ToOutputWithContext(ctx, args).(RepositoryOptsOutput)
}

// RepositoryOptsOutput is a RepositoryOpts that may still be unknown.
type RepositoryOptsOutput struct{ *pulumi.OutputState }

// ElementType is what this output resolves to.
func (RepositoryOptsOutput) ElementType() reflect.Type { return reflect.TypeFor[RepositoryOpts]() }

// ToRepositoryOptsOutput returns the output itself.
func (output RepositoryOptsOutput) ToRepositoryOptsOutput() RepositoryOptsOutput { return output }

// ToRepositoryOptsOutputWithContext returns the output itself.
func (output RepositoryOptsOutput) ToRepositoryOptsOutputWithContext(context.Context) RepositoryOptsOutput {
	return output
}

func init() {
	pulumi.RegisterInputType(reflect.TypeFor[RepositoryOptsInput](), RepositoryOptsArgs{})
	pulumi.RegisterOutputType(RepositoryOptsOutput{})
}
