package format

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/contact"
)

// Every field that a contact has, or will have, must count: one that does not would be lost when it alone changes.
func TestHash_ChangesWithEveryField(t *testing.T) {
	t.Parallel()
	for _, details := range []string{
		`{"recording":{"path":"p","seconds":1}}`,
		`{"email":{"subject":"s","body":"b","attachments":[{"name":"a","size":1}]}}`,
		`{"email":{"subject":"s","body":"b","attachments":[{"name":"a","size":1,"path":"p"}]}}`,
		`{"email":{"subject":"s","body":"b","attachments":[{"name":"a","size":1,"path":"q"}]}}`,
		`{"chat":{"messages":[{"at":"2024-03-04T08:09:16Z","author":"a","text":"t"}]}}`,
		`{"sms":{"text":"t"}}`,
	} {
		line := strings.Replace(full, `{"recording": {"path": "2024/03/04/34539.wav", "seconds": 166}}`, details, 1)
		line = strings.Replace(line, `{"externalId": "idit"}`, `{"externalId": "idit", "name": "Idit"}`, 1)
		line = strings.Replace(line, `"ccAddresses"`, `"toAddresses": ["a@example.com", "b@example.com"], "ccAddresses"`, 1)
		l, fault := Decode(line)
		if fault != nil {
			t.Fatal(fault)
		}
		c := l.Contact
		c.Recordings = []contact.Recording{{Path: "a"}}
		c.Details.Recordings = []contact.Recording{{Path: "a"}, {Path: "b"}}
		before := c.Hash()
		changes := 0
		eachLeaf(t, reflect.ValueOf(c).Elem(), "contact", func(path string, change func() (undo func())) {
			changes++
			undo := change()
			if c.Hash() == before {
				t.Errorf("a change of %s does not change the hash", path)
			}
			undo()
			if c.Hash() != before {
				t.Fatalf("%s was not put back", path)
			}
		})
		if changes < 60 {
			t.Errorf("only %d changes were tried", changes)
		}
	}
}

// eachLeaf calls try for each way to change one value.
func eachLeaf(t *testing.T, v reflect.Value, path string, try func(path string, change func() func())) {
	t.Helper()
	set := func(to reflect.Value) func() func() {
		return func() func() {
			old := reflect.New(v.Type()).Elem()
			old.Set(v)
			v.Set(to)
			return func() { v.Set(old) }
		}
	}
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			try(path+" from null", set(reflect.New(v.Type().Elem())))
			return
		}
		try(path+" to null", set(reflect.Zero(v.Type())))
		eachLeaf(t, v.Elem(), path, try)
	case reflect.Slice:
		try(path+" to empty", set(reflect.Zero(v.Type())))
		try(path+" to longer", set(reflect.Append(v.Slice3(0, v.Len(), v.Len()), reflect.Zero(v.Type().Elem()))))
		for i := range v.Len() {
			eachLeaf(t, v.Index(i), path+item(i), try)
		}
	case reflect.Struct:
		if at, isTime := v.Interface().(time.Time); isTime {
			try(path, set(reflect.ValueOf(at.Add(time.Microsecond))))
			return
		}
		for i := range v.NumField() {
			eachLeaf(t, v.Field(i), path+"."+v.Type().Field(i).Name, try)
		}
	case reflect.String:
		try(path, set(reflect.ValueOf(v.String()+"x").Convert(v.Type())))
	case reflect.Int, reflect.Int64:
		try(path, set(reflect.ValueOf(v.Int()+1).Convert(v.Type())))
	default:
		t.Fatalf("%s is of a kind that this test does not know: %s", path, v.Kind())
	}
}

func TestHash_DoesNotDependOnSpelling(t *testing.T) {
	t.Parallel()
	a, _ := Decode(minimal)
	b, _ := Decode(` { "status" : "ANSWERED", "startedAt":"2024-03-04T07:09:16.0000004Z", "type":"INBOUND_CALL","externalId":"\u00631","kind":"contact","ccAddresses":[]}`)
	if a.Contact.Hash() != b.Contact.Hash() {
		t.Error("equal contacts differ")
	}
}
