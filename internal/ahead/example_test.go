package ahead_test

import (
	"context"
	"fmt"

	"github.com/kontakty/kontakty/internal/ahead"
)

func ExampleEach() {
	batches := [][]string{{"a", "b"}, {"c"}}
	err := ahead.Each(context.Background(), 1, func(_ context.Context, send func([]string) error) error {
		for _, batch := range batches {
			if err := send(batch); err != nil {
				return err // nobody takes batches any more
			}
		}
		return nil
	}, func(batch []string) error {
		fmt.Println(len(batch), batch)
		return nil
	})
	fmt.Println(err)
	// Output:
	// 2 [a b]
	// 1 [c]
	// <nil>
}
