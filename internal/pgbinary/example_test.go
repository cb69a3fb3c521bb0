package pgbinary_test

import (
	"fmt"

	"github.com/kontakty/kontakty/internal/pgbinary"
)

// A row begins with the number of its values, and each value with its width.
func ExampleRows() {
	var rows pgbinary.Rows
	rows.Row(3)
	rows.Int(7)
	rows.Text("abc")
	rows.OptionalInt(nil)
	fmt.Printf("% x\n", []byte(rows))
	// Output:
	// 00 03 00 00 00 04 00 00 00 07 00 00 00 03 61 62 63 ff ff ff ff
}

func ExampleInteger() {
	fmt.Println(pgbinary.Integer([]byte{0xff, 0xff, 0xff, 0xfe}))
	fmt.Println(pgbinary.Integer([]byte{1}))
	// Output:
	// -2 <nil>
	// 0 an integer of 1 bytes
}

func ExampleTime() {
	fmt.Println(pgbinary.Time([]byte{0, 0, 0, 0, 0, 0x0f, 0x42, 0x40})) // a million microseconds
	// Output:
	// 2000-01-01 00:00:01 +0000 UTC <nil>
}
