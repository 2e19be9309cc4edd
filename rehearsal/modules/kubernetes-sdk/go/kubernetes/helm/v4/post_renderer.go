package v4

import (
	"context"
	"reflect"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// PostRenderer is a program that the rendered manifests are piped through.
type PostRenderer struct {
	// Args are the program's arguments.
	Args []string `pulumi:"args"`
	// Command is the program's path, or its name on PATH.
	Command string `pulumi:"command"`
}

// PostRendererInput accepts PostRendererArgs and PostRendererOutput.
type PostRendererInput interface {
	pulumi.Input

	ToPostRendererOutput() PostRendererOutput
	ToPostRendererOutputWithContext(context.Context) PostRendererOutput
}

// PostRendererArgs is PostRenderer with fields that may still be unknown.
type PostRendererArgs struct {
	Args    pulumi.StringArrayInput `pulumi:"args"`
	Command pulumi.StringInput      `pulumi:"command"`
}

// ElementType is what these arguments resolve to.
func (PostRendererArgs) ElementType() reflect.Type { return reflect.TypeFor[PostRenderer]() }

// ToPostRendererOutput awaits the fields.
func (args PostRendererArgs) ToPostRendererOutput() PostRendererOutput {
	return args.ToPostRendererOutputWithContext(context.Background())
}

// ToPostRendererOutputWithContext awaits the fields until the context ends.
func (args PostRendererArgs) ToPostRendererOutputWithContext(ctx context.Context) PostRendererOutput {
	return pulumi.ToOutputWithContext(ctx, args).(PostRendererOutput)
}

// PostRendererOutput is a PostRenderer that may still be unknown.
type PostRendererOutput struct{ *pulumi.OutputState }

// ElementType is what this output resolves to.
func (PostRendererOutput) ElementType() reflect.Type { return reflect.TypeFor[PostRenderer]() }

// ToPostRendererOutput returns the output itself.
func (output PostRendererOutput) ToPostRendererOutput() PostRendererOutput { return output }

// ToPostRendererOutputWithContext returns the output itself.
func (output PostRendererOutput) ToPostRendererOutputWithContext(context.Context) PostRendererOutput {
	return output
}

func init() {
	pulumi.RegisterInputType(reflect.TypeFor[PostRendererInput](), PostRendererArgs{})
	pulumi.RegisterOutputType(PostRendererOutput{})
}
