package storage_test

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/kontakty/kontakty/internal/storage"
)

// A file that was written whole can be read, and one whose writing failed is not there.
func ExampleBucket_Write() {
	directory, err := os.MkdirTemp("", "bucket")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = os.RemoveAll(directory) }()
	ctx := context.Background()
	bucket, err := storage.Open(ctx, "file://"+directory)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = bucket.Close() }()

	file, err := bucket.Write(ctx, storage.Key(7, 1, ".xlsx"), func(w io.Writer) error {
		_, err := io.WriteString(w, "rows")
		return err
	})
	fmt.Println(file.Size, file.SHA256[:8], err)
	_, err = bucket.Write(ctx, storage.Key(7, 2, ".xlsx"), func(io.Writer) error { return io.ErrUnexpectedEOF })
	_, missing := bucket.Read(ctx, storage.Key(7, 2, ".xlsx"))
	fmt.Println(err != nil, missing)
	// Output:
	// 4 bc51e9e6 <nil>
	// true there is no such file in the bucket
}
