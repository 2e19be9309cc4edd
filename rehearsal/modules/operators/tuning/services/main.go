// Command services answers in place of two images of Katib that need Python or a database: the suggestion services and
// the database manager. It speaks Katib's own API and samples with Katib's own package for goptuna, so it knows the
// algorithms random, tpe, cmaes and sobol; what trials report is kept in memory.
//
// It listens on port 6789 of every address, as the images do, and knows no arguments.
package main

import (
	"context"
	"log"
	"net"
	"sync"

	health "github.com/kubeflow/katib/pkg/apis/manager/health"
	api "github.com/kubeflow/katib/pkg/apis/manager/v1beta1"
	goptuna "github.com/kubeflow/katib/pkg/suggestion/v1beta1/goptuna"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// address is where Katib expects either service.
const address = "0.0.0.0:6789"

func main() {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		log.Fatal(err)
	}
	server := grpc.NewServer()
	api.RegisterSuggestionServer(server, suggestions{goptuna.NewSuggestionService()})
	api.RegisterDBManagerServer(server, &observations{logs: map[string][]*api.MetricLog{}})
	health.RegisterHealthServer(server, healthy{})
	log.Fatal(server.Serve(listener))
}

// algorithms are those that goptuna has, of all that Katib's images have.
var algorithms = map[string]bool{"random": true, "tpe": true, "cmaes": true, "sobol": true}

// suggestions refuses what only Katib's other images can do, so that an experiment fails instead of waiting.
type suggestions struct {
	api.SuggestionServer
}

func (s suggestions) ValidateAlgorithmSettings(ctx context.Context, request *api.ValidateAlgorithmSettingsRequest) (*api.ValidateAlgorithmSettingsReply, error) {
	name := request.GetExperiment().GetSpec().GetAlgorithm().GetAlgorithmName()
	if !algorithms[name] {
		return nil, status.Errorf(codes.InvalidArgument, "algorithm %s is not played here; random, tpe, cmaes and sobol are", name)
	}
	return s.SuggestionServer.ValidateAlgorithmSettings(ctx, request)
}

// observations keeps what trials report for as long as the process lives.
type observations struct {
	api.UnimplementedDBManagerServer
	mutex sync.Mutex
	// logs are by the names of trials.
	logs map[string][]*api.MetricLog
}

func (o *observations) ReportObservationLog(_ context.Context, request *api.ReportObservationLogRequest) (*api.ReportObservationLogReply, error) {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	name := request.GetTrialName()
	o.logs[name] = append(o.logs[name], request.GetObservationLog().GetMetricLogs()...)
	return &api.ReportObservationLogReply{}, nil
}

func (o *observations) GetObservationLog(_ context.Context, request *api.GetObservationLogRequest) (*api.GetObservationLogReply, error) {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	found := &api.ObservationLog{}
	for _, entry := range o.logs[request.GetTrialName()] {
		if wanted := request.GetMetricName(); wanted == "" || wanted == entry.GetMetric().GetName() {
			found.MetricLogs = append(found.MetricLogs, entry)
		}
	}
	return &api.GetObservationLogReply{ObservationLog: found}, nil
}

func (o *observations) DeleteObservationLog(_ context.Context, request *api.DeleteObservationLogRequest) (*api.DeleteObservationLogReply, error) {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	delete(o.logs, request.GetTrialName())
	return &api.DeleteObservationLogReply{}, nil
}

// healthy answers the probes of both.
type healthy struct{}

func (healthy) Check(context.Context, *health.HealthCheckRequest) (*health.HealthCheckResponse, error) {
	return &health.HealthCheckResponse{Status: health.HealthCheckResponse_SERVING}, nil
}
