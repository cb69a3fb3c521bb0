package storage

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"syscall"
)

// folder is an archive in a local directory. The directory is opened anew for each file, so that it may be mounted at any
// time; nothing outside it is opened, whatever links in it say.
type folder string

// Open opens a file. Only the directory's own regular files count: a pipe or a device could hold its reader for ever.
func (f folder) Open(_ context.Context, key string) (Object, error) {
	root, err := os.OpenRoot(string(f))
	if err != nil {
		return nil, fmt.Errorf("%w: its directory cannot be opened", ErrAway)
	}
	defer func() { _ = root.Close() }()
	file, err := root.OpenFile(key, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	switch {
	case errors.Is(err, syscall.EIO), errors.Is(err, syscall.ESTALE), errors.Is(err, syscall.ETIMEDOUT), errors.Is(err, syscall.EMFILE), errors.Is(err, syscall.ENFILE):
		return nil, fmt.Errorf("%w: a file cannot be opened", ErrAway)
	case errors.Is(err, fs.ErrPermission):
		return nil, fmt.Errorf("%w: it forbids a file to the account that this program runs under", ErrAway)
	case err != nil: // not there, or no part of the directory
		return nil, ErrNotFound
	}
	info, err := file.Stat()
	if err != nil || !info.Mode().IsRegular() {
		_ = file.Close()
		return nil, ErrNotFound
	}
	return &folderObject{file, info}, nil
}

// SignedAddress signs nothing.
func (folder) SignedAddress(context.Context, string, string, string) (string, error) {
	return "", ErrNotSigned
}

// Close has nothing to give up.
func (folder) Close() error { return nil }

type folderObject struct {
	*os.File
	info fs.FileInfo
}

func (o *folderObject) Size() int64 { return o.info.Size() }

func (o *folderObject) ETag() string {
	return strconv.FormatInt(o.info.Size(), 36) + "-" + strconv.FormatInt(o.info.ModTime().UnixNano(), 36)
}
