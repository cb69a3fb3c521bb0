package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"

	"github.com/klauspost/compress/gzip"
)

// How long a browser may keep a file without asking again.
const (
	// immutable is for files whose name contains the hash of their content.
	immutable = "public, max-age=31536000, immutable"
	// revalidated is for files that keep their name when they change.
	revalidated = "no-cache"
)

// contentTypes are the types of all built files. The system's own table is not asked: it differs between machines.
var contentTypes = map[string]string{
	".css":  "text/css; charset=utf-8",
	".html": "text/html; charset=utf-8",
	".js":   "text/javascript; charset=utf-8",
	".md":   "text/plain; charset=utf-8",
	".svg":  "image/svg+xml",
	".ttf":  "font/ttf",
}

// asset is one built file as HTTP serves it, plain or compressed.
type asset struct {
	contentType string
	caching     string
	tag         string
	plain       []byte
	// compressed compresses plain when first asked, and keeps the result.
	compressed func() []byte
}

func newAsset(name string, content []byte, caching string) *asset {
	sum := sha256.Sum256(content)
	return &asset{
		contentType: contentTypes[path.Ext(name)],
		caching:     caching,
		tag:         hex.EncodeToString(sum[:12]),
		plain:       content,
		compressed:  sync.OnceValue(func() []byte { return compress(content) }),
	}
}

func compress(content []byte) []byte {
	var buffer bytes.Buffer
	writer, _ := gzip.NewWriterLevel(&buffer, gzip.BestCompression)
	// Neither can fail: the level is a constant and the buffer takes everything.
	_, _ = writer.Write(content)
	_ = writer.Close()
	return buffer.Bytes()
}

// ServeHTTP answers GET and HEAD; a browser that holds the same file already gets 304.
func (a *asset) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Cache-Control", a.caching)
	header.Set("Vary", "Accept-Encoding")
	body, tag := a.plain, `"`+a.tag+`"`
	zipped := acceptsGzip(r.Header.Values("Accept-Encoding"))
	if zipped {
		tag = `"` + a.tag + `-gzip"`
	}
	header.Set("ETag", tag)
	if holds(r.Header.Values("If-None-Match"), tag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	if zipped {
		body = a.compressed()
		header.Set("Content-Encoding", "gzip")
	}
	header.Set("Content-Type", a.contentType)
	header.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // that a client went away is no reason to say anything
	}
}

// acceptsGzip reads Accept-Encoding: gzip is named, or anything goes, and not at quality 0.
func acceptsGzip(fields []string) bool {
	anything := false
	for _, element := range elements(fields) {
		name, quality, _ := strings.Cut(strings.ReplaceAll(element, " ", ""), ";q=")
		value, err := strconv.ParseFloat(quality, 64)
		wanted := err != nil || value > 0
		switch {
		case strings.EqualFold(name, "gzip"):
			return wanted
		case name == "*":
			anything = wanted
		}
	}
	return anything
}

// holds reads If-None-Match: tag is listed, weak or strong, or anything matches.
func holds(fields []string, tag string) bool {
	for _, element := range elements(fields) {
		if element == "*" || strings.TrimPrefix(element, "W/") == tag {
			return true
		}
	}
	return false
}

// elements are the members of a header's comma-separated lists.
func elements(fields []string) []string {
	var all []string
	for _, field := range fields {
		for element := range strings.SplitSeq(field, ",") {
			if element = strings.TrimSpace(element); element != "" {
				all = append(all, element)
			}
		}
	}
	return all
}
