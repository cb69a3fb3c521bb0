package format

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/contact"
)

// everyField is a contact each of whose fields says something.
func everyField() *Contact {
	c := &Contact{}
	fillFields(reflect.ValueOf(c).Elem())
	c.Type, c.Status = contact.OutboundEmail, contact.Answered
	c.Details, c.Recordings = contact.DetailsContent{SMS: &contact.SMS{Text: "text"}}, nil
	return c
}

// fillFields gives each field a value, an enumeration its first one.
func fillFields(value reflect.Value) {
	switch target := value.Addr().Interface().(type) {
	case *time.Time:
		*target = time.Date(2024, 3, 4, 7, 9, 16, 0, time.UTC)
		return
	case *contact.HangupParty:
		*target = contact.HangupParties[0]
		return
	case *contact.StepKind:
		*target = contact.StepKinds[0]
		return
	}
	switch value.Kind() {
	case reflect.Pointer:
		value.Set(reflect.New(value.Type().Elem()))
		fillFields(value.Elem())
	case reflect.Slice:
		value.Set(reflect.MakeSlice(value.Type(), 2, 2))
		fillFields(value.Index(0))
		fillFields(value.Index(1))
	case reflect.Struct:
		for i := range value.NumField() {
			fillFields(value.Field(i))
		}
	case reflect.String:
		value.SetString("text")
	case reflect.Int, reflect.Int64:
		value.SetInt(7)
	}
}

// TestContact_IsReadFieldByField decodes a line that says something in every field.
func TestContact_IsReadFieldByField(t *testing.T) {
	t.Parallel()
	want := everyField()
	text, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	read := &Contact{}
	if fault := (&parser{text: string(text)}).contact(read); fault != nil {
		t.Fatalf("a field of Contact is not read by decode.go: %v", fault)
	}
	got, wanted := reflect.ValueOf(read).Elem(), reflect.ValueOf(want).Elem()
	for i := range got.NumField() {
		if !reflect.DeepEqual(got.Field(i).Interface(), wanted.Field(i).Interface()) {
			t.Errorf("decode.go does not read %s of Contact: %v", got.Type().Field(i).Name, got.Field(i))
		}
	}
}

// TestContact_IsCheckedFieldByField spoils each text and each number by itself.
func TestContact_IsCheckedFieldByField(t *testing.T) {
	t.Parallel()
	fields := reflect.TypeFor[Contact]()
	for i := range fields.NumField() {
		c := everyField()
		value := reflect.ValueOf(c).Elem().Field(i)
		name, _, _ := strings.Cut(fields.Field(i).Tag.Get("json"), ",")
		if !spoil(value) {
			continue
		}
		repairs, fault := c.Check()
		told := fault != nil && strings.HasPrefix(fault.Field, name)
		for _, one := range repairs {
			told = told || strings.HasPrefix(one.Field, name)
		}
		if !told {
			t.Errorf("neither mend.go nor validate.go looks at %s of Contact: %v, %v", fields.Field(i).Name, fault, repairs)
		}
	}
}

// spoil makes a text too long and a number negative; it is false for what is neither.
func spoil(value reflect.Value) bool {
	switch value.Kind() {
	case reflect.Pointer, reflect.Slice:
		if value.IsNil() {
			return false
		}
		if value.Kind() == reflect.Slice {
			return spoil(value.Index(0))
		}
		return spoil(value.Elem())
	case reflect.String:
		value.SetString(strings.Repeat("a", maxBody+1))
	case reflect.Int, reflect.Int64:
		value.SetInt(-1)
	default:
		return false
	}
	return true
}
