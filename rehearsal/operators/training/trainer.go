package main

import (
	"context"
	"fmt"

	"sigs.k8s.io/controller-runtime/pkg/controller"
	jobset "sigs.k8s.io/jobset/api/jobset/v1alpha2"
	schedulerplugins "sigs.k8s.io/scheduler-plugins/apis/scheduling/v1alpha1"
	volcano "volcano.sh/apis/pkg/apis/scheduling/v1beta1"

	configuration "github.com/kubeflow/trainer/v2/pkg/apis/config/v1alpha1"
	trainer "github.com/kubeflow/trainer/v2/pkg/apis/trainer/v1alpha1"
	"github.com/kubeflow/trainer/v2/pkg/config"
	trainercontroller "github.com/kubeflow/trainer/v2/pkg/controller"
	runtimes "github.com/kubeflow/trainer/v2/pkg/runtime/core"
	"github.com/kubeflow/trainer/v2/pkg/webhooks"
)

func runTrainer(ctx context.Context, settings settings) error {
	scheme, err := newScheme(
		configuration.AddToScheme,
		trainer.AddToScheme,
		jobset.AddToScheme,
		schedulerplugins.AddToScheme,
		volcano.AddToScheme,
	)
	if err != nil {
		return err
	}
	_, defaults, err := config.Load(scheme, "")
	if err != nil {
		return err
	}
	manager, err := newManager(scheme, settings)
	if err != nil {
		return err
	}
	known, err := runtimes.New(ctx, manager.GetClient(), manager.GetFieldIndexer(), &defaults)
	if err != nil {
		return err
	}
	if kind, err := trainercontroller.SetupControllers(manager, known, controller.Options{}); err != nil {
		return fmt.Errorf("controller of %s: %w", kind, err)
	}
	if kind, err := webhooks.Setup(manager, known); err != nil {
		return fmt.Errorf("webhook of %s: %w", kind, err)
	}
	return manager.Start(ctx)
}
