package embedded

import "net/url"

// The names of what Kontakty keeps in its private server.
const (
	databaseName = "kontakty"
	userName     = "kontakty"
	port         = "5432" // only part of the socket's name
)

// databaseURL is how to connect to a database by the directory of the server's socket.
func databaseURL(socket, database string) string {
	values := url.Values{"host": {socket}, "port": {port}, "user": {userName}, "sslmode": {"disable"}}
	return "postgres:///" + database + "?" + values.Encode()
}
