/**
 * Versions of everything that the embedded cluster and the local Pulumi engine are built from.
 *
 * They must agree with the `go.mod` files under `rehearsal/modules` and with `package.json`; a test holds them together.
 */
export const PINS = {
  kubernetes: "1.36.3",
  etcd: "3.6.13",
  kwok: "0.8.0",
  pulumi: "3.259.0",
  kubernetesProvider: "4.25.0",
  /** Release 4.25.0 of the provider; the module proxy knows it by this commit. */
  kubernetesProviderModule: "v4.0.0-20260115033456-f47bc2d6f199",
  /** Oldest Go that the pinned modules build with. */
  go: "1.26.0",
} as const;

/** Oldest official Pulumi that is used in place of an own build: the first that runs TypeScript 6 programs. */
export const OLDEST_OFFICIAL_PULUMI = "3.229.0";

/**
 * Settings of every build. `-pgo=off`, or a profile in one main package recompiles every dependency for it; without
 * DWARF the compiler does less and the stripped binaries lose nothing.
 */
export const GO_ENVIRONMENT = {
  CGO_ENABLED: "0",
  GOFLAGS: "-trimpath -pgo=off -buildvcs=false",
  GOTOOLCHAIN: "local",
  // Whatever the user's own Go work sets, the tools are for this machine and from these modules.
  GOWORK: "off",
  GOOS: "",
  GOARCH: "",
  GOEXPERIMENT: "",
  GOAMD64: "",
  GOARM64: "",
} as const;

/** Flags of every build but for the stamps; part of each tool's identity. */
export const GO_BUILD_FLAGS = { compiler: "-gcflags=all=-dwarf=false", linker: "-s -w" } as const;
