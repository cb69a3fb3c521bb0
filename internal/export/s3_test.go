package export

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/kontakty/kontakty/internal/export/storage"
	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/workbook"
	"github.com/kontakty/kontakty/internal/workbook/workbooktest"
)

// versitygw is the S3 service that the tests run against.
const versitygw = "github.com/versity/versitygw/cmd/versitygw@v1.8.0"

// gateway is an S3 service with one empty bucket, and its address for OpenBucket. It sets the environment that the
// AWS SDK reads, so nothing runs beside it.
func gateway(t *testing.T) string {
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

func TestFiles_LiveInAnS3BucketJustSo(t *testing.T) {
	address := gateway(t)
	s := newSite(t, WorkerConfig{})
	s.fill(t, 6000)
	bucket, err := storage.Open(t.Context(), address)
	must(t, err)
	t.Cleanup(func() { _ = bucket.Close() })
	s.set(t, func(config *Config) { config.Bucket = bucket }, WorkerConfig{})
	keys := func() (keys []string) {
		entries, err := bucket.Entries(t.Context(), 0)
		must(t, err)
		for _, one := range entries {
			keys = append(keys, one.Key)
		}
		return keys
	}

	download, content := s.made(t, workbooktest.March(), workbook.Detailed, fault.Polish)
	equal(t, "files", len(keys()), 1)
	equal(t, "a part", s.fetch(t, download, http.Header{"Range": {"bytes=100-199"}}).Body.String(), string(content[100:200]))
	findings, err := Check(t.Context(), s.pool, CheckConfig{Bucket: bucket, Now: s.config.Now})
	must(t, err)
	equal(t, "files checked", findings.Files, 1)
	equal(t, "findings", len(findings.Wrong), 0)

	// Cancelled in the middle, it leaves nothing.
	cancelled := s.order(t, workbooktest.March(), workbook.Simple, fault.Polish)
	s.reading.set("FETCH", 3, func(ctx context.Context) {
		_, err := s.downloads.Cancel(t.Context(), operator.Principal, cancelled.ID)
		must(t, err)
		<-ctx.Done()
	})
	must(t, s.worker.make(t.Context(), cancelled.ID))
	equal(t, "files after one was cancelled", len(keys()), 1)
	equal(t, "state", s.look(t, cancelled).State, Cancelled)

	// A late worker's file is whole when it finds that it is late; it removes it.
	late := s.order(t, workbooktest.March(), workbook.Simple, fault.Polish)
	s.set(t, func(config *Config) {
		config.Step = func(step string) {
			if step == StepPublish {
				s.exec(t, `UPDATE downloads SET attempt = attempt + 1 WHERE id = $1`, late.ID)
				equal(t, "files before it is published", len(keys()), 2)
			}
		}
	}, WorkerConfig{})
	must(t, s.worker.make(t.Context(), late.ID))
	equal(t, "files after the late one", len(keys()), 1)

	s.set(t, func(config *Config) { config.Step, config.Redirect = nil, true }, WorkerConfig{})
	answer := s.fetch(t, download, nil)
	equal(t, "redirect", answer.Code, http.StatusFound)
	response, err := http.Get(answer.Header().Get("Location"))
	must(t, err)
	defer func() { _ = response.Body.Close() }()
	equal(t, "answer of the bucket", response.StatusCode, http.StatusOK)
	equal(t, "content", string(readAll(t, response.Body)) == string(content), true)
	equal(t, "name", response.Header.Get("Content-Disposition"), disposition(*download.FileName))
	equal(t, "cache", response.Header.Get("Cache-Control"), "no-store")

	must(t, s.downloads.Delete(t.Context(), operator.Principal, download.ID))
	equal(t, "files at last", len(keys()), 0)
}
