package embedded

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// maxSocketPath is what every system allows a socket's path to have, in bytes.
const maxSocketPath = 103

const socketPrefix = "kontakty-"

var socketFiles = []string{".s.PGSQL." + port, ".s.PGSQL." + port + ".lock"}

// makeSocketDirectory makes the directory for the server's socket. A data directory may lie too deep for a socket's
// path, so it lies in the system's directory for temporary files, under a name that follows from the data directory:
// a killed process leaves nothing that is not found again. It is made afresh, for a stale socket or its lock file
// would keep the server from starting.
func makeSocketDirectory(dataDirectory string, a account) (string, error) {
	digest := sha256.Sum256([]byte(dataDirectory))
	name := socketPrefix + hex.EncodeToString(digest[:6])
	var failures []error
	for _, parent := range slices.Compact([]string{"/tmp", filepath.Clean(os.TempDir())}) {
		// The name can be foretold, so somebody may have taken it; another one does as well.
		for attempt := range 4 {
			path := filepath.Join(parent, name)
			if attempt > 0 {
				path += "-" + strconv.Itoa(attempt)
			}
			if len(filepath.Join(path, socketFiles[0])) > maxSocketPath {
				failures = append(failures, fmt.Errorf("%s is too long for a socket", path))
				break
			}
			err := makePrivateDirectory(path, a)
			if err == nil {
				return path, nil
			}
			failures = append(failures, err)
		}
	}
	return "", fmt.Errorf("making a directory for the socket of the private PostgreSQL: %w", errors.Join(failures...))
}

func makePrivateDirectory(path string, a account) error {
	err := os.Mkdir(path, 0o700)
	if err == nil {
		return a.give(path)
	}
	if !errors.Is(err, fs.ErrExist) {
		return err
	}
	info, err := os.Lstat(path)
	if err != nil {
		return err
	}
	if !info.IsDir() || info.Mode().Perm() != 0o700 || int(info.Sys().(*syscall.Stat_t).Uid) != a.uid {
		return fmt.Errorf("%s belongs to somebody else", path)
	}
	for _, file := range socketFiles {
		if err := os.Remove(filepath.Join(path, file)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// removeSocketDirectory removes a directory that makeSocketDirectory made, and nothing else.
func removeSocketDirectory(path string) {
	if !strings.HasPrefix(filepath.Base(path), socketPrefix) {
		return
	}
	for _, file := range socketFiles {
		_ = os.Remove(filepath.Join(path, file))
	}
	_ = os.Remove(path) // only if it is empty
}
