package transport

import (
	"encoding/json"
	"net/http"

	"github.com/coder/websocket"
)

// message is what both sides send over a WebSocket, as graphql-transport-ws has it.
type message struct {
	ID      string          `json:"id,omitempty"`
	Type    string          `json:"type"`
	Payload json.RawMessage `json:"payload,omitempty"`
}

// closeReason is why the server closes a WebSocket.
type closeReason struct {
	code websocket.StatusCode
	text string
}

// The reasons that graphql-transport-ws knows, and those of WebSockets in general.
var (
	invalidMessage   = &closeReason{4400, "Invalid message"}
	unauthorized     = &closeReason{4401, "Unauthorized"}
	initTimeout      = &closeReason{4408, "Connection initialisation timeout"}
	duplicateID      = &closeReason{4409, "Subscriber already exists"}
	tooManyInits     = &closeReason{4429, "Too many initialisation requests"}
	tooManyStreams   = &closeReason{4429, "Too many open streams"}
	stopping         = &closeReason{websocket.StatusGoingAway, "The server is stopping"}
	protocolViolated = &closeReason{websocket.StatusProtocolError, ""}
)

// credentials are those of a WebSocket: the header of its handshake, or the payload of connection_init, as browsers cannot
// set a header.
func credentials(handshake http.Header, payload json.RawMessage) http.Header {
	if handshake.Get("Authorization") != "" {
		return handshake
	}
	var given map[string]json.RawMessage
	var authorization string
	if json.Unmarshal(payload, &given) == nil {
		for _, name := range []string{"authorization", "Authorization"} {
			if authorization == "" && json.Unmarshal(given[name], &authorization) != nil {
				authorization = ""
			}
		}
	}
	header := http.Header{}
	if authorization != "" {
		header.Set("Authorization", authorization)
	}
	return header
}
