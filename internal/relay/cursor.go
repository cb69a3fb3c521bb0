package relay

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strings"

	"github.com/kontakty/kontakty/internal/fault"
)

const (
	cursorVersion = 1
	scopeLength   = 8
	macLength     = 16
	// maxCursor bounds the work that a forged cursor can cause.
	maxCursor = 1024
)

var cursorEncoding = base64.RawURLEncoding.Strict()

// Signer seals and opens cursors with one key.
type Signer struct{ key []byte }

// NewSigner makes a signer. Every process that serves the same data needs the same key.
func NewSigner(key []byte) *Signer { return &Signer{key: bytes.Clone(key)} }

// Scope is the short name of what a cursor belongs to.
type Scope [scopeLength]byte

// NewScope names a scope by the canonical description of a list: its filter and order.
func NewScope(description []byte) Scope {
	sum := sha256.Sum256(description)
	return Scope(sum[:scopeLength])
}

// Seal makes the cursor of a payload within a scope. Equal arguments give equal cursors.
func (s *Signer) Seal(scope Scope, payload []byte) string {
	sealed := make([]byte, 0, 1+scopeLength+len(payload)+macLength)
	sealed = append(sealed, cursorVersion)
	sealed = append(sealed, scope[:]...)
	sealed = append(sealed, payload...)
	return cursorEncoding.EncodeToString(append(sealed, s.mac(sealed)...))
}

// Open gives back the payload and scope of a cursor. Errors: INVALID_CURSOR for what Seal with this key never made.
func (s *Signer) Open(cursor string) (Scope, []byte, error) {
	// The decoder passes over line breaks, which would let one cursor have many spellings.
	if len(cursor) > maxCursor || strings.ContainsAny(cursor, "\r\n") {
		return Scope{}, nil, fault.New(fault.CursorMalformed, "")
	}
	sealed, err := cursorEncoding.DecodeString(cursor)
	if err != nil || len(sealed) < 1+scopeLength+macLength || sealed[0] != cursorVersion {
		return Scope{}, nil, fault.New(fault.CursorMalformed, "")
	}
	body, mac := sealed[:len(sealed)-macLength], sealed[len(sealed)-macLength:]
	if !hmac.Equal(mac, s.mac(body)) {
		return Scope{}, nil, fault.New(fault.CursorMalformed, "")
	}
	return Scope(body[1 : 1+scopeLength]), body[1+scopeLength:], nil
}

func (s *Signer) mac(body []byte) []byte {
	mac := hmac.New(sha256.New, s.key)
	mac.Write(body)
	return mac.Sum(nil)[:macLength]
}
