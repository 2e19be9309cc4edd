package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// manifest is the part of a package.json that names a package and what it depends on, each with a range of versions,
// and its workspaces: nil where it has none, else a list of paths or an object that holds one.
type manifest struct {
	Version              string            `json:"version"`
	Dependencies         map[string]string `json:"dependencies"`
	DevDependencies      map[string]string `json:"devDependencies"`
	OptionalDependencies map[string]string `json:"optionalDependencies"`
	Workspaces           any               `json:"workspaces"`
}

// dependency is one package in one version.
type dependency struct{ name, version string }

// GetProgramDependencies lists the packages that a program's package.json names, or everything that those bring along,
// sorted by name. Versions are the installed ones; a package that is not installed shows the range that was asked for.
func (h *host) GetProgramDependencies(_ context.Context, request *pulumirpc.GetProgramDependenciesRequest) (
	*pulumirpc.GetProgramDependenciesResponse, error) {
	directory, err := projectDirectory(request.GetInfo().GetProgramDirectory())
	if err != nil {
		return nil, err
	}
	found, err := dependenciesOf(directory, request.GetTransitiveDependencies())
	if err != nil {
		return nil, status.Error(codes.FailedPrecondition, err.Error())
	}
	response := &pulumirpc.GetProgramDependenciesResponse{}
	for _, one := range found {
		response.Dependencies = append(response.Dependencies,
			&pulumirpc.DependencyInfo{Name: one.name, Version: one.version})
	}
	return response, nil
}

func dependenciesOf(directory string, transitive bool) ([]dependency, error) {
	root, err := readManifest(directory)
	if err != nil {
		return nil, err
	}
	direct := merged(root.Dependencies, root.DevDependencies, root.OptionalDependencies)
	found := installed{}
	if err := found.add(directory, direct, transitive); err != nil {
		return nil, err
	}
	listed := slices.Collect(maps.Values(found))
	for name, asked := range direct {
		if _, ok := installedAt(directory, name); !ok {
			listed = append(listed, dependency{name, asked})
		}
	}
	slices.SortFunc(listed, func(a, b dependency) int {
		return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(a.version, b.version))
	})
	return slices.Compact(listed), nil
}

// installed are packages by the folder they lie in: one version may lie in several, among different neighbours.
type installed map[string]dependency

// add collects the packages that the one in a folder depends on, and those that they depend on if asked to. A package
// that is not there is passed over: it was optional, or the installation is at fault, which is not for a list to judge.
func (i installed) add(directory string, ranges map[string]string, transitive bool) error {
	for name := range ranges {
		home, ok := installedAt(directory, name)
		if _, known := i[home]; known || !ok {
			continue
		}
		itself, err := readManifest(home)
		if err != nil {
			return err
		}
		i[home] = dependency{name, itself.Version}
		if !transitive {
			continue
		}
		if err := i.add(home, merged(itself.Dependencies, itself.OptionalDependencies), true); err != nil {
			return err
		}
	}
	return nil
}

// installedAt resolves a package as Node does: in the nearest node_modules, through links to where it really is.
func installedAt(directory, name string) (home string, ok bool) {
	path, found := findUpwards(directory, filepath.Join("node_modules", filepath.FromSlash(name), "package.json"))
	if !found {
		return "", false
	}
	real, err := filepath.EvalSymlinks(filepath.Dir(path))
	return real, err == nil
}

func readManifest(directory string) (manifest, error) {
	path := filepath.Join(directory, "package.json")
	text, err := os.ReadFile(path)
	if err != nil {
		return manifest{}, err
	}
	var read manifest
	if err := json.Unmarshal(text, &read); err != nil {
		return manifest{}, fmt.Errorf("%s: %w", path, err)
	}
	return read, nil
}

func merged(parts ...map[string]string) map[string]string {
	all := map[string]string{}
	for _, part := range parts {
		maps.Copy(all, part)
	}
	return all
}
