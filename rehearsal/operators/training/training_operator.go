package main

import (
	"context"
	"fmt"

	schedulerplugins "sigs.k8s.io/scheduler-plugins/apis/scheduling/v1alpha1"
	volcano "volcano.sh/apis/pkg/apis/scheduling/v1beta1"

	kubeflow "github.com/kubeflow/training-operator/pkg/apis/kubeflow.org/v1"
	"github.com/kubeflow/training-operator/pkg/config"
	controllerv1 "github.com/kubeflow/training-operator/pkg/controller.v1"
	"github.com/kubeflow/training-operator/pkg/controller.v1/common"
	"github.com/kubeflow/training-operator/pkg/webhooks"
)

// kinds are those of the Training Operator but MPIJob, which the MPI Operator has in a version that replaces it.
var kinds = []string{
	kubeflow.TFJobKind,
	kubeflow.PyTorchJobKind,
	kubeflow.XGBoostJobKind,
	kubeflow.PaddleJobKind,
	kubeflow.JAXJobKind,
}

func runTrainingOperator(ctx context.Context, settings settings) error {
	config.Config.PyTorchInitContainerImage = config.PyTorchInitContainerImageDefault
	config.Config.PyTorchInitContainerTemplateFile = config.PyTorchInitContainerTemplateFileDefault
	config.Config.PyTorchInitContainerMaxTries = config.PyTorchInitContainerMaxTriesDefault
	scheme, err := newScheme(kubeflow.AddToScheme, volcano.AddToScheme, schedulerplugins.AddToScheme)
	if err != nil {
		return err
	}
	manager, err := newManager(scheme, settings)
	if err != nil {
		return err
	}
	for _, kind := range kinds {
		setUp := controllerv1.SupportedSchemeReconciler[kind]
		if err := setUp(manager, common.GenNonGangSchedulerSetupFunc(), 1); err != nil {
			return fmt.Errorf("controller of %s: %w", kind, err)
		}
		if err := webhooks.SupportedSchemeWebhook[kind](manager); err != nil {
			return fmt.Errorf("webhook of %s: %w", kind, err)
		}
	}
	return manager.Start(ctx)
}
