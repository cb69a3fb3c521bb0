package server

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"strings"

	"github.com/kontakty/kontakty/internal/access"
	"github.com/kontakty/kontakty/internal/fault"
)

// adminKeyFile is where a demo keeps its administrator's key, in the data directory. Nobody but its owner reads it.
const adminKeyFile = "admin.key"

// adminKey is the administrator's key of a demo: the one in the file, or a new one if the file is lost, or if what it
// holds does not open everything any more.
func (p *principals) adminKey(ctx context.Context, path string) (string, error) {
	kept, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("read the administrator's key: %w", err)
	}
	if key := strings.TrimSpace(string(kept)); key != "" {
		opens, err := p.opensEverything(ctx, key)
		if err != nil {
			return "", fmt.Errorf("try the administrator's key: %w", err)
		}
		if opens {
			return key, os.Chmod(path, 0o600)
		}
	}
	_, key, err := p.keys.Create(ctx, access.Actor{Principal: access.Operator()}, access.KeyInput{
		Name: "Administrator of the demo", Scopes: access.Scopes, Grants: access.Grants{Unrestricted: true},
	})
	if err != nil {
		return "", fmt.Errorf("make the administrator's key: %w", err)
	}
	if err := writeOwned(path, key+"\n"); err != nil {
		return "", fmt.Errorf("keep the administrator's key: %w", err)
	}
	return key, nil
}

// opensEverything says whether a key is an administrator's who sees every contact.
func (p *principals) opensEverything(ctx context.Context, key string) (bool, error) {
	actor, err := p.authenticator.Authenticate(ctx, http.Header{"Authorization": {"Bearer " + key}}, netip.Addr{})
	if fault.CodeOf(err) == fault.Unauthenticated {
		return false, nil
	}
	return err == nil && actor.Grants.Unrestricted && actor.Require(access.Scopes...) == nil, err
}

// writeOwned writes a file that only its owner reads. Whoever reads it finds all of it or nothing.
func writeOwned(path, content string) (err error) {
	file, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+"-*") // with mode 0600
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(file.Name())
		}
	}()
	_, err = file.WriteString(content)
	if err := errors.Join(err, file.Sync(), file.Close()); err != nil {
		return err
	}
	return os.Rename(file.Name(), path)
}
