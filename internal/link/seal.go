package link

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"
)

// seal encrypts what links say.
type seal struct {
	aead   cipher.AEAD
	nonces []byte // the key that nonces are derived with
}

func newSeal(secret []byte) (*seal, error) {
	key, err := hkdf.Key(sha256.New, secret, nil, "what links to files say", 32)
	if err != nil {
		return nil, err
	}
	nonces, err := hkdf.Key(sha256.New, secret, nil, "nonces of links to files", 32)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCM(block)
	return &seal{aead: aead, nonces: nonces}, err
}

// encrypt gives a nonce and the encrypted text, which decrypt opens for the same file alone. The nonce is derived from file
// and text, so that no two links share one.
func (s *seal) encrypt(text, file string) []byte {
	mac := hmac.New(sha256.New, s.nonces)
	_, _ = fmt.Fprintf(mac, "%s %s", file, text) // a hash takes all
	nonce := mac.Sum(nil)[:s.aead.NonceSize()]
	return s.aead.Seal(nonce, nonce, []byte(text), []byte(file))
}

func (s *seal) decrypt(token []byte, file string) (string, error) {
	if len(token) < s.aead.NonceSize() {
		return "", errors.New("the token is shorter than a nonce")
	}
	text, err := s.aead.Open(nil, token[:s.aead.NonceSize()], token[s.aead.NonceSize():], []byte(file))
	return string(text), err
}
