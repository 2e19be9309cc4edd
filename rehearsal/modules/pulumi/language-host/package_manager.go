package main

import (
	"maps"
	"path/filepath"
	"slices"
	"strings"
)

// autoPackageManager has the lockfile decide.
const autoPackageManager = "auto"

// packageManager says how one of Node's package managers installs what a project's manifest and lockfile name.
type packageManager struct {
	lockfile string
	// locked installs just what the lockfile says, and fails where the manifest says otherwise.
	locked []string
	// unlocked resolves the manifest anew.
	unlocked []string
	// withoutDev leaves devDependencies out.
	withoutDev string
}

var packageManagers = map[string]packageManager{
	"npm": {
		lockfile:   "package-lock.json",
		locked:     []string{"ci"},
		unlocked:   []string{"install"},
		withoutDev: "--omit=dev",
	},
	"pnpm": {
		lockfile:   "pnpm-lock.yaml",
		locked:     []string{"install", "--frozen-lockfile"},
		unlocked:   []string{"install"},
		withoutDev: "--prod",
	},
	"yarn": {
		lockfile:   "yarn.lock",
		locked:     []string{"install", "--frozen-lockfile"},
		unlocked:   []string{"install"},
		withoutDev: "--production",
	},
}

// installCommand chooses the package manager for the project in a folder and how it is called: by the option, else by
// the lockfile in that folder or the nearest above (workspaces share one), else npm.
func installCommand(directory string, options options) (name string, arguments []string, err error) {
	name = options.packageManager
	if name == autoPackageManager {
		name = managerOfLockfile(directory)
	}
	manager, known := packageManagers[name]
	if !known {
		choices := append([]string{autoPackageManager}, slices.Sorted(maps.Keys(packageManagers))...)
		return "", nil, invalidOption("packagemanager", "one of "+strings.Join(choices, ", "), name)
	}
	arguments = manager.unlocked
	if _, locked := findUpwards(directory, manager.lockfile); locked {
		arguments = manager.locked
	}
	if options.production {
		arguments = append(slices.Clone(arguments), manager.withoutDev)
	}
	return name, arguments, nil
}

// managerOfLockfile goes by the nearest lockfile: among folders that lie in one another, the one with the longest path.
func managerOfLockfile(directory string) string {
	chosen, nearest := "npm", ""
	for _, name := range slices.Sorted(maps.Keys(packageManagers)) {
		lockfile, found := findUpwards(directory, packageManagers[name].lockfile)
		if folder := filepath.Dir(lockfile); found && len(folder) > len(nearest) {
			chosen, nearest = name, folder
		}
	}
	return chosen
}
