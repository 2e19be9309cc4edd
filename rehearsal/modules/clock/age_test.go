package main

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	batchv1 "k8s.io/api/batch/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

const day = 24 * time.Hour

var noon = time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)

func TestEveryTimeOfABuiltInObjectIsMovedBack(t *testing.T) {
	at := metav1.NewTime(noon)
	cron := &batchv1.CronJob{
		TypeMeta:   metav1.TypeMeta{APIVersion: "batch/v1", Kind: "CronJob"},
		ObjectMeta: metav1.ObjectMeta{Name: "nightly", CreationTimestamp: at},
		Status:     batchv1.CronJobStatus{LastScheduleTime: &at},
	}
	var stored bytes.Buffer
	if err := codec.Encode(cron, &stored); err != nil {
		t.Fatal(err)
	}
	older, err := aged("/registry/cronjobs/ml/nightly", stored.Bytes(), day)
	if err != nil {
		t.Fatal(err)
	}
	var read batchv1.CronJob
	if _, _, err := codec.Decode(older, nil, &read); err != nil {
		t.Fatal(err)
	}
	want := noon.Add(-day)
	if !read.CreationTimestamp.Time.Equal(want) || !read.Status.LastScheduleTime.Time.Equal(want) || read.Name != "nightly" {
		t.Fatalf("read %+v", read)
	}
}

func TestEveryTimeOfACustomObjectIsMovedBack(t *testing.T) {
	stored := `{"metadata":{"name":"refit","creationTimestamp":"2026-11-27T12:00:00Z"},"spec":{"count":12345678901234567890},` +
		`"status":{"nodes":[{"startedAt":"2026-11-27T12:00:00.5Z","message":"at 12:00"}],"finishedAt":null}}`
	older, err := aged("/registry/argoproj.io/workflows/ml/refit", []byte(stored), day)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"metadata":{"creationTimestamp":"2026-11-26T12:00:00Z","name":"refit"},"spec":{"count":12345678901234567890},` +
		`"status":{"finishedAt":null,"nodes":[{"message":"at 12:00","startedAt":"2026-11-26T12:00:00.5Z"}]}}`
	var canonical bytes.Buffer
	if err := json.Compact(&canonical, older); err != nil || canonical.String() != want {
		t.Fatalf("got %s, %v", older, err)
	}
}

func TestWhatTellsWhoIsAliveStaysAsItIs(t *testing.T) {
	for _, key := range []string{"/registry/leases/kube-node-lease/a", "/registry/masterleases/b"} {
		if older, err := aged(key, []byte(`{"at":"2026-11-27T12:00:00Z"}`), day); older != nil || err != nil {
			t.Fatalf("%s became %s, %v", key, older, err)
		}
	}
}

func TestWhatIsNoObjectStaysAsItIs(t *testing.T) {
	if older, err := aged("/registry/other", []byte("12"), day); older != nil || err != nil {
		t.Fatalf("became %s, %v", older, err)
	}
}
