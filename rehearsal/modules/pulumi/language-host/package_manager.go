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
	// isRoot tells whether a folder's lockfile holds for projects in the folders below too, its workspaces.
	isRoot func(folder string) bool
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
		isRoot:     listsWorkspaces,
		locked:     []string{"ci"},
		unlocked:   []string{"install"},
		withoutDev: "--omit=dev",
	},
	"pnpm": {
		lockfile:   "pnpm-lock.yaml",
		isRoot:     func(folder string) bool { return exists(filepath.Join(folder, "pnpm-workspace.yaml")) },
		locked:     []string{"install", "--frozen-lockfile"},
		unlocked:   []string{"install"},
		withoutDev: "--prod",
	},
	"yarn": {
		lockfile:   "yarn.lock",
		isRoot:     listsWorkspaces,
		locked:     []string{"install", "--frozen-lockfile"},
		unlocked:   []string{"install"},
		withoutDev: "--production",
	},
}

// installCommand chooses the package manager for the project in a folder and how it is called: by the option, else by
// the lockfile that holds for it, else npm. Without a lockfile a locked installation would fail.
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
	if _, locked := manager.lockedIn(directory); locked {
		arguments = manager.locked
	}
	if options.production {
		arguments = append(slices.Clone(arguments), manager.withoutDev)
	}
	return name, arguments, nil
}

// lockedIn finds the folder whose lockfile holds for a project: its own, else the nearest above that shares its lockfile
// with its workspaces. Any other lockfile above is that of another project.
func (m packageManager) lockedIn(directory string) (folder string, ok bool) {
	directory = filepath.Clean(directory)
	for folder = directory; ; folder = filepath.Dir(folder) {
		if exists(filepath.Join(folder, m.lockfile)) && (folder == directory || m.isRoot(folder)) {
			return folder, true
		}
		if folder == filepath.Dir(folder) {
			return "", false
		}
	}
}

// listsWorkspaces tells whether a folder's package.json does; one that cannot be read lists none.
func listsWorkspaces(folder string) bool {
	root, err := readManifest(folder)
	return err == nil && root.Workspaces != nil
}

// managerOfLockfile goes by the nearest lockfile: among folders that lie in one another, the one with the longest path.
func managerOfLockfile(directory string) string {
	chosen, nearest := "npm", ""
	for _, name := range slices.Sorted(maps.Keys(packageManagers)) {
		if folder, locked := packageManagers[name].lockedIn(directory); locked && len(folder) > len(nearest) {
			chosen, nearest = name, folder
		}
	}
	return chosen
}
