// Command kubernetes-provider is pulumi-resource-kubernetes, the plugin through which Pulumi manages Kubernetes objects.
//
// The provider's own main package embeds two files that its module does not carry. They are made at build time from the
// two that it does carry, `cmd/pulumi-resource-kubernetes/{schema,terraform-mapping}.json`: the mapping is copied, and
// the schema gets its `version` field, which the engine compares with the version that a program asks for.
package main

import (
	_ "embed"
	"fmt"
	"os"

	"github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/provider"
)

// version is the release that the module's pseudo-version in go.mod was cut for.
const version = "4.25.0"

//go:embed schema.json
var schema []byte

//go:embed terraform-mapping.json
var terraformMapping []byte

func main() {
	// The provider parses its flags itself and has none that tells its version.
	if len(os.Args) == 2 && (os.Args[1] == "-version" || os.Args[1] == "--version") {
		fmt.Println(version)
		return
	}
	provider.Serve("kubernetes", version, schema, terraformMapping)
}
