package system_test

import (
	"fmt"

	"github.com/kontakty/kontakty/internal/telephony"
	"github.com/kontakty/kontakty/internal/telephony/system"
)

// A format is one of the kind of system that the source is.
func ExampleReaderMaker() {
	source, err := telephony.ParseSource([]byte(`{"name": "pbx1", "kind": "freepbx", "timeZone": "Europe/Warsaw", "trunks": ["siptrunk"]}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, format := range []string{"asterisk-cdr", "freeswitch"} {
		_, err := system.ReaderMaker(source, format, nil)
		fmt.Println(format, err)
	}
	// Output:
	// asterisk-cdr <nil>
	// freeswitch freeswitch is no format of freepbx
}
