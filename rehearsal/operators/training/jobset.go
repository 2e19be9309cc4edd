package main

import (
	"context"

	jobset "sigs.k8s.io/jobset/api/jobset/v1alpha2"
	"sigs.k8s.io/jobset/pkg/controllers"
	"sigs.k8s.io/jobset/pkg/webhooks"
)

func runJobSet(ctx context.Context, settings settings) error {
	scheme, err := newScheme(jobset.AddToScheme)
	if err != nil {
		return err
	}
	manager, err := newManager(scheme, settings)
	if err != nil {
		return err
	}
	indexer, client := manager.GetFieldIndexer(), manager.GetClient()
	if err := controllers.SetupJobSetIndexes(ctx, indexer); err != nil {
		return err
	}
	if err := controllers.SetupPodIndexes(ctx, indexer); err != nil {
		return err
	}
	jobSets := controllers.NewJobSetReconciler(client, scheme, manager.GetEventRecorder("jobset"))
	if err := jobSets.SetupWithManager(manager); err != nil {
		return err
	}
	pods := controllers.NewPodReconciler(client, scheme, manager.GetEventRecorder("pod"))
	if err := pods.SetupWithManager(manager); err != nil {
		return err
	}
	if err := webhooks.Setup(manager); err != nil {
		return err
	}
	return manager.Start(ctx)
}
