package oracle

import (
	"errors"
	"fmt"
	"strings"

	"github.com/kontakty/kontakty/internal/fault"
)

// finding is one thing that is wrong with a question: the code it is refused with, and the path of what is wrong.
type finding struct {
	code  fault.Code
	field string
}

// faults is everything that is wrong with a question. It may be refused for any of them.
type faults map[finding]bool

// refused says what is wrong with how a filter was refused that stands below a field.
func (f faults) refused(err error, below string) error {
	var refusal *fault.Error
	switch {
	case err == nil:
		return fmt.Errorf("was taken, should be refused: %v", f)
	case !errors.As(err, &refusal):
		return fmt.Errorf("failed with %w, should be refused: %v", err, f)
	case !strings.HasPrefix(refusal.Field, below) || !f[finding{refusal.Code, strings.TrimPrefix(refusal.Field, below)}]:
		return fmt.Errorf("was refused with %s at %q (%w), should be %v", refusal.Code, refusal.Field, err, f)
	default:
		return nil
	}
}

// refusedWith says what is wrong with how something was refused that has one fault.
func refusedWith(code fault.Code, err error) error {
	switch {
	case err == nil:
		return fmt.Errorf("was taken, should be refused with %s", code)
	case fault.CodeOf(err) != code:
		return fmt.Errorf("was refused with %s (%w), should be %s", fault.CodeOf(err), err, code)
	default:
		return nil
	}
}
