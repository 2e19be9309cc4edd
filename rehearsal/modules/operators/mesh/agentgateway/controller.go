// Package agentgateway stands for istiod's controller of the same name, which is made only where PILOT_ENABLE_AGENTGATEWAY asks
// for it. Upstream's needs the module github.com/agentgateway/agentgateway/api, which was not to be had from the module proxy.
package agentgateway

import (
	"k8s.io/apimachinery/pkg/runtime/schema"

	"istio.io/istio/pilot/pkg/model"
	"istio.io/istio/pilot/pkg/serviceregistry/kube/controller"
	"istio.io/istio/pilot/pkg/status"
	"istio.io/istio/pilot/pkg/xds"
	"istio.io/istio/pkg/kube"
)

// Controller is the type that istiod knows; there is never one.
type Controller struct {
	model.AgentgatewayController
	Registrations []xds.Registration
}

// NewAgwController refuses the feature that is not in this build.
func NewAgwController(
	kube.Client,
	func(schema.GroupVersionResource, <-chan struct{}) bool,
	controller.Options,
) *Controller {
	panic("PILOT_ENABLE_AGENTGATEWAY is set: this istiod is built without agentgateway")
}

// SetStatusWrite has nothing to write.
func (*Controller) SetStatusWrite(bool, *status.Manager) {}
