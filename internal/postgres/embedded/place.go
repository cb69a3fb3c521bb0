package embedded

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// place is the data directory and the names of what lies in it.
type place struct{ directory string }

func openPlace(directory string) (place, error) {
	if directory == "" {
		return place{}, errors.New("the private PostgreSQL needs a data directory")
	}
	absolute, err := filepath.Abs(directory)
	if err != nil {
		return place{}, fmt.Errorf("finding the data directory: %w", err)
	}
	// Searchable by the user that root hands the cluster to; the cluster and the files inside are private.
	mode := os.FileMode(0o700)
	if os.Geteuid() == 0 {
		mode = 0o711
	}
	if err := os.MkdirAll(absolute, mode); err != nil {
		return place{}, fmt.Errorf("making the data directory: %w", err)
	}
	// One directory is one server, whichever way leads to it.
	if absolute, err = filepath.EvalSymlinks(absolute); err != nil {
		return place{}, fmt.Errorf("finding the data directory: %w", err)
	}
	return place{directory: absolute}, nil
}

func (p place) cluster() string { return filepath.Join(p.directory, "postgres") }
func (p place) log() string     { return filepath.Join(p.directory, "postgres.log") }
func (p place) gate() string    { return filepath.Join(p.directory, "postgres.gate") }
func (p place) users() string   { return filepath.Join(p.directory, "postgres.lease") }
