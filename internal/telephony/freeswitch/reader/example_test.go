package reader_test

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/kontakty/kontakty/internal/telephony/freeswitch/reader"
)

// Legs stand one after another in a file, with or without line ends between them.
func ExampleLegs() {
	const file = `{"variables": {"uuid": "u1", "start_epoch": "1795816717"}}{"variables":
 {"uuid": "u2", "start_epoch": "1795816718"}} <cdr><variables><uuid>u3</uuid><start_epoch>1795816719</start_epoch></variables></cdr>`
	legs := reader.Legs{}
	records, err := legs.Split(strings.NewReader(file))
	if err != nil {
		fmt.Println(err)
		return
	}
	for {
		text, line, err := records.Next()
		if errors.Is(err, io.EOF) {
			return
		}
		row, err := legs.Read(text, line)
		fmt.Println(row.Key, line, err)
	}
	// Output:
	// u1 1 <nil>
	// u2 1 <nil>
	// u3 2 <nil>
}
