package main

import (
	"fmt"

	"k8s.io/apimachinery/pkg/runtime"
	clientgoscheme "k8s.io/client-go/kubernetes/scheme"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/metrics/server"
	"sigs.k8s.io/controller-runtime/pkg/webhook"
)

const loopback = "127.0.0.1"

// newScheme knows Kubernetes' own kinds and those that are added.
func newScheme(add ...func(*runtime.Scheme) error) (*runtime.Scheme, error) {
	scheme := runtime.NewScheme()
	for _, addTo := range append([]func(*runtime.Scheme) error{clientgoscheme.AddToScheme}, add...) {
		if err := addTo(scheme); err != nil {
			return nil, err
		}
	}
	return scheme, nil
}

// newManager prepares controllers and webhooks of one project.
func newManager(scheme *runtime.Scheme, settings settings) (ctrl.Manager, error) {
	config, err := ctrl.GetConfig()
	if err != nil {
		return nil, err
	}
	// The defaults of some of them are for clusters that they share with others.
	config.QPS, config.Burst = 500, 500
	manager, err := ctrl.NewManager(config, ctrl.Options{
		Scheme:  scheme,
		Metrics: server.Options{BindAddress: "0"},
		WebhookServer: webhook.NewServer(webhook.Options{
			Host:    loopback,
			Port:    settings.webhookPort,
			CertDir: settings.certificates,
		}),
		HealthProbeBindAddress: fmt.Sprintf("%s:%d", loopback, settings.readyPort),
	})
	if err != nil {
		return nil, err
	}
	return manager, manager.AddReadyzCheck("webhooks", manager.GetWebhookServer().StartedChecker())
}
