// Package storagetest runs the S3 service that tests read and write.
package storagetest

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// versitygw is the S3 service that the tests run against.
const versitygw = "github.com/versity/versitygw/cmd/versitygw@v1.8.0"

// Gateway is an S3 service with one empty bucket, and its address for storage.Open. It sets the environment that the
// AWS SDK reads, so nothing runs beside it.
func Gateway(t *testing.T) string {
	t.Helper()
	program := installed(t)
	t.Setenv("AWS_ACCESS_KEY_ID", "kontakty")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "for the tests alone")
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	address := listener.Addr().String()
	must(t, listener.Close())

	ctx, stop := context.WithCancel(context.Background())
	command := exec.CommandContext(ctx, program, "--access", "kontakty", "--secret", "for the tests alone", "--port", address, "posix", t.TempDir())
	command.Cancel = func() error { return command.Process.Signal(syscall.SIGTERM) }
	command.WaitDelay = 10 * time.Second
	command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	must(t, command.Start())
	t.Cleanup(func() { stop(); _ = command.Wait() })

	config, err := config.LoadDefaultConfig(ctx, config.WithRegion("us-east-1"))
	must(t, err)
	client := s3.NewFromConfig(config, func(o *s3.Options) {
		endpoint := "http://" + address
		o.BaseEndpoint, o.UsePathStyle = &endpoint, true
	})
	name := "files"
	deadline := time.Now().Add(30 * time.Second)
	for {
		_, err := client.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: &name})
		if err == nil {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("the S3 service does not answer: %v", err)
		}
	}
	return fmt.Sprintf("s3://%s?region=us-east-1&endpoint=http://%s&use_path_style=true", name, address)
}

// installed is the path of versitygw, which is built once and kept.
func installed(t *testing.T) string {
	t.Helper()
	cache, err := os.UserCacheDir()
	must(t, err)
	dir := filepath.Join(cache, "kontakty-test", "versitygw-v1.8.0")
	program := filepath.Join(dir, "versitygw")
	if _, err := os.Stat(program); err == nil {
		return program
	}
	command := exec.CommandContext(t.Context(), "go", "install", versitygw)
	command.Env = append(os.Environ(), "GOBIN="+dir)
	if said, err := command.CombinedOutput(); err != nil {
		t.Fatalf("installing %s: %v\n%s", versitygw, err, said)
	}
	return program
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
