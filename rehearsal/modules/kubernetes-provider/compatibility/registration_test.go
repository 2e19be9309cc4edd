package compatibility

import (
	"slices"
	"sync"
	"testing"

	yaml "github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/provider/yaml/v2"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// engine records what is registered with it.
type engine struct {
	mutex      sync.Mutex
	registered map[string]pulumi.MockResourceArgs
}

func (e *engine) NewResource(args pulumi.MockResourceArgs) (string, resource.PropertyMap, error) {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	e.registered[args.Name] = args
	return args.Name, args.Inputs, nil
}

func (e *engine) Call(pulumi.MockCallArgs) (resource.PropertyMap, error) { return nil, nil }

func object(apiVersion, kind, name string, fields map[string]any) unstructured.Unstructured {
	whole := map[string]any{"apiVersion": apiVersion, "kind": kind, "metadata": map[string]any{"name": name}}
	for field, value := range fields {
		whole[field] = value
	}
	return unstructured.Unstructured{Object: whole}
}

// register has the provider register objects, as it does for ConfigGroup, ConfigFile and Chart.
func register(t *testing.T, objects ...unstructured.Unstructured) map[string]pulumi.MockResourceArgs {
	t.Helper()
	engine := &engine{registered: map[string]pulumi.MockResourceArgs{}}
	err := pulumi.RunErr(func(ctx *pulumi.Context) error {
		_, err := yaml.Register(ctx, yaml.RegisterOptions{Objects: objects, ResourcePrefix: "app"})
		return err
	}, pulumi.WithMocks("project", "stack", engine))
	if err != nil {
		t.Fatal(err)
	}
	return engine.registered
}

func TestTokenOfEachKindIsTheOneOfTheTypedResource(t *testing.T) {
	for _, test := range []struct{ apiVersion, kind, token string }{
		{"v1", "ConfigMap", "kubernetes:core/v1:ConfigMap"},
		{"v1", "ServiceAccount", "kubernetes:core/v1:ServiceAccount"},
		{"v1", "ComponentStatus", "kubernetes:v1:ComponentStatus"},
		{"apps/v1", "Deployment", "kubernetes:apps/v1:Deployment"},
		{"rbac.authorization.k8s.io/v1", "ClusterRole", "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole"},
		{"kueue.x-k8s.io/v1beta1", "ClusterQueue", "kubernetes:kueue.x-k8s.io/v1beta1:ClusterQueue"},
	} {
		t.Run(test.kind, func(t *testing.T) {
			got := register(t, object(test.apiVersion, test.kind, "x", nil))["app:x"]
			if got.TypeToken != test.token || !got.Custom {
				t.Errorf("got %s (custom: %t), want %s", got.TypeToken, got.Custom, test.token)
			}
		})
	}
}

func TestEveryFieldArrivesUnchanged(t *testing.T) {
	spec := map[string]any{"replicas": int64(2), "paused": true, "selector": map[string]any{"a": []any{"b", nil}}}
	got := register(t, object("apps/v1", "Deployment", "x", map[string]any{"spec": spec}))["app:x"].Inputs
	want := resource.NewPropertyMapFromMap(map[string]any{
		"apiVersion": "apps/v1", "kind": "Deployment", "metadata": map[string]any{"name": "x"},
		"spec": map[string]any{"replicas": 2, "paused": true, "selector": map[string]any{"a": []any{"b", nil}}},
	})
	if !got.DeepEquals(want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

func TestDataOfSecretsIsSecret(t *testing.T) {
	data := map[string]any{"password": "aHVudGVy"}
	got := register(t, object("v1", "Secret", "x", map[string]any{"data": data}))["app:x"].Inputs["data"]
	if !got.IsSecret() {
		t.Errorf("got %v", got)
	}
}

func TestObjectsDependOnTheirNamespace(t *testing.T) {
	inside := object("v1", "ConfigMap", "x", nil)
	inside.SetNamespace("team")
	got := register(t, inside, object("v1", "Namespace", "team", nil))["app:team/x"]
	want := "urn:pulumi:stack::project::kubernetes:core/v1:Namespace::app:team"
	if !slices.Contains(got.RegisterRPC.GetDependencies(), want) {
		t.Errorf("got %v, want %s", got.RegisterRPC.GetDependencies(), want)
	}
}
