package export

import (
	"context"
	"net/http"
	"testing"

	"github.com/kontakty/kontakty/internal/fault"
	"github.com/kontakty/kontakty/internal/link"
	"github.com/kontakty/kontakty/internal/storage"
	"github.com/kontakty/kontakty/internal/storage/storagetest"
	"github.com/kontakty/kontakty/internal/workbook"
	"github.com/kontakty/kontakty/internal/workbook/workbooktest"
)

func TestFiles_LiveInAnS3BucketJustSo(t *testing.T) {
	address := storagetest.Gateway(t)
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
		config.Stage = func(stage string) {
			if stage == StagePublish {
				s.exec(t, `UPDATE downloads SET attempt = attempt + 1 WHERE id = $1`, late.ID)
				equal(t, "files before it is published", len(keys()), 2)
			}
		}
	}, WorkerConfig{})
	must(t, s.worker.make(t.Context(), late.ID))
	equal(t, "files after the late one", len(keys()), 1)

	s.set(t, func(config *Config) { config.Stage, config.Redirect = nil, true }, WorkerConfig{})
	answer := s.fetch(t, download, nil)
	equal(t, "redirect", answer.Code, http.StatusFound)
	response, err := http.Get(answer.Header().Get("Location"))
	must(t, err)
	defer func() { _ = response.Body.Close() }()
	equal(t, "answer of the bucket", response.StatusCode, http.StatusOK)
	equal(t, "content", string(readAll(t, response.Body)) == string(content), true)
	equal(t, "name", response.Header.Get("Content-Disposition"), link.Disposition(link.Kept, *download.FileName))
	equal(t, "cache", response.Header.Get("Cache-Control"), "no-store")

	must(t, s.downloads.Delete(t.Context(), operator.Principal, download.ID))
	equal(t, "files at last", len(keys()), 0)
}
