package floor

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/kontakty/kontakty/internal/relay"
)

// request is what is asked for.
type request struct {
	from, to time.Time
	scope    relay.Scope
	// days are the period's first and last day, as a cursor holds them.
	days [8]byte
}

func (f *server) handle(answer func(context.Context, request, []byte) ([]byte, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		asked, err := f.read(r)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		body, err := answer(r.Context(), asked, make([]byte, 0, 48<<10))
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		header := w.Header()
		header.Set("Content-Type", "application/json; charset=utf-8")
		header.Set("Content-Length", strconv.Itoa(len(body)))
		_, _ = w.Write(body)
	}
}

func (f *server) read(r *http.Request) (asked request, err error) {
	query := r.URL.Query()
	if asked.from, err = time.ParseInLocation(time.DateOnly, query.Get("from"), f.zone); err != nil {
		return asked, err
	}
	last, err := time.ParseInLocation(time.DateOnly, query.Get("to"), f.zone)
	if err != nil {
		return asked, err
	}
	asked.to = last.AddDate(0, 0, 1)
	scope, err := hex.DecodeString(query.Get("scope"))
	if err != nil || len(scope) != len(asked.scope) {
		return asked, errors.New("no scope")
	}
	asked.scope = relay.Scope(scope)
	binary.BigEndian.PutUint32(asked.days[:], dayNumber(asked.from))
	binary.BigEndian.PutUint32(asked.days[4:], dayNumber(last))
	return asked, nil
}

// dayNumber counts days from 1970.
func dayNumber(at time.Time) uint32 {
	year, month, day := at.Date()
	return uint32(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / (24 * 60 * 60))
}
