package main

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/kontakty/kontakty/cmd/kontakty/flags"
)

// release is set by the linker when a release is built: -ldflags "-X main.release=1.2.0".
var release string

type versionCommand struct{}

func (*versionCommand) check(*flags.Faults) {}

func (*versionCommand) run(_ context.Context, term terminal) error {
	_, err := fmt.Fprintf(term.out, "kontakty %s (%s, %s/%s)\n", version(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}

// version is the release, or else what the Go tool knows of the source it was built from.
func version() string {
	if release != "" {
		return release
	}
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "unknown"
	}
	return info.Main.Version
}
