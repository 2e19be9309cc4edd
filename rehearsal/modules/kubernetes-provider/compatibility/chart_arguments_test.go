package compatibility

import (
	"context"
	"reflect"
	"testing"

	helm "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/helm/v4"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/internals"
)

// The provider awaits a chart's arguments all together and then asserts the type of each.
func TestChartArgumentsResolveToTheTypesThatTheProviderAsserts(t *testing.T) {
	authority := pulumi.NewStringAsset("-----BEGIN CERTIFICATE-----")
	repo, user := "https://charts.example.com", "reader"
	for name, test := range map[string]struct{ given, want any }{
		"repositoryOpts": {
			helm.RepositoryOptsArgs{
				CaFile: authority, Repo: pulumi.String(repo), Username: pulumi.String(user).ToStringOutput(),
			},
			helm.RepositoryOpts{CaFile: authority, Repo: &repo, Username: &user},
		},
		"postRenderer": {
			helm.PostRendererArgs{Command: pulumi.String("sed"), Args: pulumi.ToStringArray([]string{"s/a/b/"})},
			helm.PostRenderer{Command: "sed", Args: []string{"s/a/b/"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := internals.UnsafeAwaitOutput(context.Background(), pulumi.All(test.given))
			if err != nil {
				t.Fatal(err)
			}
			if want := []any{test.want}; !reflect.DeepEqual(got.Value, want) {
				t.Errorf("got  %#v\nwant %#v", got.Value, want)
			}
		})
	}
}
