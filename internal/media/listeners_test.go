package media

import (
	"bytes"
	"context"
	"encoding/binary"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/access"
	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/relay"
	"github.com/kontakty/kontakty/internal/report"
)

var (
	listeners = flag.Int("listeners", 20, "how many listen at once")
	listening = flag.Duration("listening", time.Second, "for how long")
)

// minutesOfSpeech is a µ-law WAV of a telephone, which is made PCM while it is read.
func minutesOfSpeech(minutes int) []byte {
	samples := minutes * 60 * 8000
	b := bytes.NewBufferString("RIFF")
	_ = binary.Write(b, binary.LittleEndian, uint32(36+samples))
	b.WriteString("WAVEfmt ")
	_ = binary.Write(b, binary.LittleEndian, struct {
		Size            uint32
		Format, Count   uint16
		Rate, ByteRate  uint32
		Align, BitDepth uint16
	}{16, 7, 1, 8000, 8000, 1, 8})
	b.WriteString("data")
	_ = binary.Write(b, binary.LittleEndian, uint32(samples))
	for i := range samples {
		b.WriteByte(byte(i * i >> 6))
	}
	return b.Bytes()
}

// TestHandler_KeepsNothingOfWhatManyListenTo hears a call by as many as -listeners says, as fast as it was spoken and each from
// another place, and measures the memory and the time of a page beside them.
func TestHandler_KeepsNothingOfWhatManyListenTo(t *testing.T) {
	s := newSite(t)
	s.set(t, func(c *Config) { c.AskTime = time.Minute })
	s.put(t, "a.wav", minutesOfSpeech(20))
	var addresses []string
	for i := range *listeners {
		to, _ := s.person(t, access.Grants{Unrestricted: true}, access.ScopeRead, access.ScopeContent)
		addresses = append(addresses, address(t, s.record(t, to, fmt.Sprint(i), "a.wav")[0]))
	}
	server := httptest.NewServer(s.library.Handler())
	defer server.Close()

	idle := s.pages(t, *listening)
	before := heap()
	ctx, stop := context.WithCancel(t.Context())
	var heard atomic.Int64
	var all sync.WaitGroup
	for i, url := range addresses {
		all.Go(func() {
			if err := listen(ctx, server.URL+url, 44+i*16_000, &heard); err != nil && ctx.Err() == nil {
				t.Error(err)
			}
		})
	}
	busy := s.pages(t, *listening)
	grown := heap() - before
	stop()
	all.Wait()
	t.Logf("%d listeners, %.1f MB heard; p50 %v to %v, p99 %v to %v; heap grown by %.1f MB", *listeners, float64(heard.Load())/1e6,
		at(idle, 50), at(busy, 50), at(idle, 99), at(busy, 99), float64(grown)/1e6)
	if heard.Load() == 0 {
		t.Error("nothing was heard")
	}
	if limit := int64(*listeners)*400_000 + 20e6; grown > limit {
		t.Errorf("the heap grew by %d bytes, more than %d", grown, limit)
	}
}

// listen reads a recording from an offset on as a player does: half a second at a time, as fast as it was spoken.
func listen(ctx context.Context, url string, from int, heard *atomic.Int64) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	request.Header.Set("Range", fmt.Sprintf("bytes=%d-", from))
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusPartialContent {
		return fmt.Errorf("status %d", response.StatusCode)
	}
	pace := time.NewTicker(500 * time.Millisecond)
	defer pace.Stop()
	for {
		n, err := io.CopyN(io.Discard, response.Body, 8000)
		heard.Add(n)
		if err != nil {
			return err
		}
		select {
		case <-pace.C:
		case <-ctx.Done():
			return nil
		}
	}
}

// pages reads pages for a while and gives how long each took, in order.
func (s *site) pages(t *testing.T, while time.Duration) []time.Duration {
	t.Helper()
	today, size := contact.Today, 50
	var took []time.Duration
	for end := time.Now().Add(while); time.Now().Before(end) || len(took) < 20; {
		began := time.Now()
		_, err := s.store.For(contact.Unlimited).List(t.Context(), report.ListQuery{
			Filter: contact.Filter{Period: contact.Period{Preset: &today}}, Order: contact.NewestFirst, Page: relay.PageArgs{First: &size},
			Columns: contact.ColumnExternalID | contact.ColumnStatus | contact.ColumnCampaign,
		})
		must(t, err)
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	return took
}

func at(sorted []time.Duration, percent int) time.Duration {
	return sorted[len(sorted)*percent/100].Round(10 * time.Microsecond)
}

// heap is how much memory is in use.
func heap() int64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}
