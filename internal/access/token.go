package access

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"encoding/binary"
	"hash/crc32"
	"strings"
)

// A key reads kky_<id>_<secret>: 10 characters of id, 52 of secret (256 bits) and 7 of checksum, in the 32 letters
// and digits that are hard to mistake for one another. The checksum tells a key that was copied badly from a forged
// one without a look into the database; it proves nothing.
const (
	tokenPrefix    = "kky_"
	keyIDLength    = 10
	secretLength   = 52
	checksumLength = 7
	tokenLength    = len(tokenPrefix) + keyIDLength + 1 + secretLength + checksumLength
)

const tokenAlphabet = "abcdefghijklmnopqrstuvwxyz234567"

var tokenEncoding = base32.NewEncoding(tokenAlphabet).WithPadding(base32.NoPadding)

// token is a key as its holder has it.
type token struct {
	id     string
	secret string
}

// newToken makes a key from the system's randomness.
func newToken() token {
	var id [6]byte
	var secret [32]byte
	// crypto/rand.Read never fails: it would end the process first.
	_, _ = rand.Read(id[:])
	_, _ = rand.Read(secret[:])
	return token{id: tokenEncoding.EncodeToString(id[:]), secret: tokenEncoding.EncodeToString(secret[:])}
}

// isKey says that credentials mean to be a key rather than a provider's token.
func isKey(credentials string) bool { return strings.HasPrefix(credentials, tokenPrefix) }

// parseToken reads a key; false means that it was never one of ours, or not copied whole. Each key has one spelling.
func parseToken(credentials string) (token, bool) {
	if len(credentials) != tokenLength || !isKey(credentials) {
		return token{}, false
	}
	id, rest, found := strings.Cut(credentials[len(tokenPrefix):], "_")
	if !found || len(id) != keyIDLength {
		return token{}, false
	}
	parsed := token{id: id, secret: rest[:secretLength]}
	secret, err := tokenEncoding.DecodeString(parsed.secret)
	if err != nil || tokenEncoding.EncodeToString(secret) != parsed.secret || parsed.String() != credentials {
		return token{}, false
	}
	return parsed, true
}

// String is the key as it is shown to its holder.
func (t token) String() string { return tokenPrefix + t.id + "_" + t.secret + t.checksum() }

func (t token) checksum() string {
	sum := binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE([]byte(t.id+"_"+t.secret)))
	return tokenEncoding.EncodeToString(sum)
}

// digest is what is kept of the secret.
func (t token) digest() []byte {
	sum := sha256.Sum256([]byte(t.secret))
	return sum[:]
}

// matches compares with a kept digest in constant time.
func (t token) matches(digest []byte) bool {
	return subtle.ConstantTimeCompare(t.digest(), digest) == 1
}
