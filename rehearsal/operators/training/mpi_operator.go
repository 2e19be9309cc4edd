package main

import (
	"context"
	"fmt"
	"net/http"

	kubernetesinformers "k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	clientgoscheme "k8s.io/client-go/kubernetes/scheme"
	ctrl "sigs.k8s.io/controller-runtime"

	"github.com/kubeflow/mpi-operator/cmd/mpi-operator/app/options"
	"github.com/kubeflow/mpi-operator/pkg/client/clientset/versioned"
	mpischeme "github.com/kubeflow/mpi-operator/pkg/client/clientset/versioned/scheme"
	mpiinformers "github.com/kubeflow/mpi-operator/pkg/client/informers/externalversions"
	"github.com/kubeflow/mpi-operator/pkg/controller"
)

// runMPIOperator runs a controller that is older than the others: it has no manager and no webhooks.
func runMPIOperator(ctx context.Context, settings settings) error {
	config, err := ctrl.GetConfig()
	if err != nil {
		return err
	}
	config.QPS, config.Burst = 500, 500
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	mpiClient, err := versioned.NewForConfig(config)
	if err != nil {
		return err
	}
	// Its events name objects of its own kind.
	if err := mpischeme.AddToScheme(clientgoscheme.Scheme); err != nil {
		return err
	}
	informers := kubernetesinformers.NewSharedInformerFactory(client, 0)
	mpi := mpiinformers.NewSharedInformerFactory(mpiClient, 0)
	core := informers.Core().V1()
	jobs, err := controller.NewMPIJobController(
		ctx, client, mpiClient, nil, nil,
		core.ConfigMaps(), core.Secrets(), core.Services(), informers.Batch().V1().Jobs(), core.Pods(),
		informers.Scheduling().V1().PriorityClasses(), mpi.Kubeflow().V2beta1().MPIJobs(),
		&options.ServerOption{Threadiness: 2, ControllerRateLimit: 10, ControllerBurst: 100},
	)
	if err != nil {
		return err
	}
	informers.Start(ctx.Done())
	mpi.Start(ctx.Done())
	failed := make(chan error, 1)
	go func() { failed <- serveReady(settings.readyPort) }()
	go func() { failed <- jobs.Run(2, ctx.Done()) }()
	return <-failed
}

func serveReady(port int) error {
	answers := http.NewServeMux()
	answers.HandleFunc("/readyz", func(http.ResponseWriter, *http.Request) {})
	return http.ListenAndServe(fmt.Sprintf("%s:%d", loopback, port), answers)
}
