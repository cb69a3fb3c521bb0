package sample_test

import (
	"bytes"
	"fmt"
	"time"

	"github.com/kontakty/kontakty/internal/sample"
)

// The same Config makes the same contacts, to the last byte.
func ExampleGenerator_WriteTo() {
	config := sample.Config{Contacts: 50, Months: 1, Seed: 7, Until: time.Date(2024, 3, 31, 12, 0, 0, 0, time.UTC)}
	var first, second bytes.Buffer
	for _, out := range []*bytes.Buffer{&first, &second} {
		if _, err := sample.New(config).WriteTo(out); err != nil {
			fmt.Println(err)
		}
	}
	fmt.Println(first.Len() > 0, bytes.Equal(first.Bytes(), second.Bytes()))
	// Output: true true
}
