package fault_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/kontakty/kontakty/internal/fault"
)

func TestAt_MovesAFaultBelowAFieldAndLeavesOthersAlone(t *testing.T) {
	t.Parallel()
	moved := fault.At("filter", fault.At("hours", fault.New(fault.TimeMalformed, "to")))
	var e *fault.Error
	if !errors.As(moved, &e) || e.Field != "filter.hours.to" {
		t.Fatalf("field is %q, want filter.hours.to", e.Field)
	}
	other := errors.New("other")
	if any(fault.At("filter", other)) != any(other) {
		t.Fatal("an error that is no fault was changed")
	}
}

func TestCodeOf_FindsAWrappedFault(t *testing.T) {
	t.Parallel()
	if code := fault.CodeOf(fmt.Errorf("resolving: %w", fault.New(fault.IDUnknown, ""))); code != fault.UnknownID {
		t.Fatalf("code is %s", code)
	}
	if code := fault.CodeOf(errors.New("boom")); code != fault.Internal {
		t.Fatalf("code of a defect is %s", code)
	}
}
