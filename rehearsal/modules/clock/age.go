package main

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer/protobuf"
	"k8s.io/client-go/kubernetes/scheme"
)

// prefix is where the API server keeps objects.
const prefix = "/registry/"

// current are objects that tell who is alive now, whatever time has passed.
var current = []string{prefix + "leases/", prefix + "masterleases/"}

// marker is what objects in Kubernetes' own encoding begin with.
var marker = []byte("k8s\x00")

var codec = protobuf.NewSerializer(scheme.Scheme, scheme.Scheme)

// aged is a stored object that is older by some time; nil where it has no times, or is of a type that has none of interest.
func aged(key string, value []byte, by time.Duration) ([]byte, error) {
	for _, alive := range current {
		if strings.HasPrefix(key, alive) {
			return nil, nil
		}
	}
	if bytes.HasPrefix(value, marker) {
		return agedBuiltIn(value, by)
	}
	return agedCustom(value, by)
}

func agedBuiltIn(value []byte, by time.Duration) ([]byte, error) {
	object, _, err := codec.Decode(value, nil, nil)
	// Resource types and aggregated APIs are no workloads.
	if runtime.IsNotRegisteredError(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if !age(reflect.ValueOf(object), by) {
		return nil, nil
	}
	var older bytes.Buffer
	err = codec.Encode(object, &older)
	return older.Bytes(), err
}

// age moves the times within a value back and tells whether there were any.
func age(value reflect.Value, by time.Duration) bool {
	switch value.Kind() {
	case reflect.Pointer, reflect.Interface:
		return !value.IsNil() && age(value.Elem(), by)
	case reflect.Slice:
		found := false
		for i := range value.Len() {
			found = age(value.Index(i), by) || found
		}
		return found
	case reflect.Struct:
		if !value.CanAddr() {
			return false
		}
		switch at := value.Addr().Interface().(type) {
		case *metav1.Time:
			return moveBack(&at.Time, by)
		case *metav1.MicroTime:
			return moveBack(&at.Time, by)
		}
		found := false
		for i := range value.NumField() {
			if value.Type().Field(i).IsExported() {
				found = age(value.Field(i), by) || found
			}
		}
		return found
	}
	return false
}

func moveBack(at *time.Time, by time.Duration) bool {
	if at.IsZero() {
		return false
	}
	*at = at.Add(-by)
	return true
}

func agedCustom(value []byte, by time.Duration) ([]byte, error) {
	var object map[string]any
	numbers := json.NewDecoder(bytes.NewReader(value))
	numbers.UseNumber()
	// Some entries of etcd are no objects.
	if numbers.Decode(&object) != nil {
		return nil, nil
	}
	if _, found := agedValue(object, by); !found {
		return nil, nil
	}
	return json.Marshal(object)
}

// agedValue is a JSON value with each text that is a time moved back; maps and lists are changed in place. That goes for times
// to come as well, which are so much closer then.
func agedValue(value any, by time.Duration) (any, bool) {
	found := false
	switch value := value.(type) {
	case map[string]any:
		for name, item := range value {
			older, isOlder := agedValue(item, by)
			value[name], found = older, found || isOlder
		}
		return value, found
	case []any:
		for i, item := range value {
			older, isOlder := agedValue(item, by)
			value[i], found = older, found || isOlder
		}
		return value, found
	case string:
		at, err := time.Parse(time.RFC3339, value)
		if err != nil {
			return value, false
		}
		return at.Add(-by).Format(time.RFC3339Nano), true
	}
	return value, false
}
