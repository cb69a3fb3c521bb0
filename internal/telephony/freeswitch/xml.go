package freeswitch

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
)

// ParseXML reads a leg as mod_xml_cdr writes it.
func ParseXML(content string) (*Leg, error) {
	var doc xmlDocument
	decoder := xml.NewDecoder(strings.NewReader(content))
	decoder.Strict = false
	decoder.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil } // bytes that are no UTF-8 are cleaned
	if err := decoder.Decode(&doc); err != nil {
		return nil, errBadRow
	}
	return doc.document().leg()
}

type xmlDocument struct {
	XMLName   xml.Name         `xml:"cdr"`
	Direction string           `xml:"channel_data>direction"`
	Variables xmlVariables     `xml:"variables"`
	Apps      []xmlApplication `xml:"app_log>application"`
	Flow      []xmlFlow        `xml:"callflow"`
}

// xmlVariables are elements named by what they hold.
type xmlVariables map[string]flexible

// UnmarshalXML reads the elements inside.
func (v *xmlVariables) UnmarshalXML(decoder *xml.Decoder, start xml.StartElement) error {
	*v = xmlVariables{}
	for {
		token, err := decoder.Token()
		if err != nil {
			return err
		}
		switch element := token.(type) {
		case xml.StartElement:
			var text string
			if err := decoder.DecodeElement(&text, &element); err != nil {
				return err
			}
			(*v)[element.Name.Local] = flexible(text)
		case xml.EndElement:
			if element.Name != start.Name {
				return errors.New("an element ends that was not begun")
			}
			return nil
		}
	}
}

type xmlApplication struct {
	Name  string `xml:"app_name,attr"`
	Data  string `xml:"app_data,attr"`
	Stamp string `xml:"app_stamp,attr"`
}

type xmlFlow struct {
	Profile struct {
		Caller      string      `xml:"caller_id_number"`
		CallerName  string      `xml:"caller_id_name"`
		Destination string      `xml:"destination_number"`
		Context     string      `xml:"context"`
		UUID        string      `xml:"uuid"`
		Called      []xmlCalled `xml:"originatee>originatee_caller_profile"`
	} `xml:"caller_profile"`
	Times struct {
		Created     string `xml:"profile_created_time"`
		Bridged     string `xml:"bridged_time"`
		Transferred string `xml:"transfer_time"`
		HungUp      string `xml:"hangup_time"`
	} `xml:"times"`
}

type xmlCalled struct {
	UUID        string `xml:"uuid"`
	Destination string `xml:"destination_number"`
}

// document is what was read in the form of mod_json_cdr.
func (x *xmlDocument) document() *document {
	d := &document{Channel: channelData{Direction: flexible(x.Direction)}, Variables: x.Variables}
	for _, app := range x.Apps {
		d.AppLog.Applications = append(d.AppLog.Applications, application{Name: flexible(app.Name), Data: flexible(app.Data), Stamp: flexible(app.Stamp)})
	}
	for i := range x.Flow {
		p, times := &x.Flow[i].Profile, &x.Flow[i].Times
		flow := flowRecord{
			Profile: profileRecord{
				Caller: flexible(p.Caller), CallerName: flexible(p.CallerName), Destination: flexible(p.Destination),
				Context: flexible(p.Context), UUID: flexible(p.UUID),
			},
			Times: timesRecord{
				Created: flexible(times.Created), Bridged: flexible(times.Bridged), Transferred: flexible(times.Transferred), HungUp: flexible(times.HungUp),
			},
		}
		for _, one := range p.Called {
			flow.Profile.Originatee.One = append(flow.Profile.Originatee.One, calledRecord{UUID: flexible(one.UUID), Destination: flexible(one.Destination)})
		}
		d.Flow = append(d.Flow, flow)
	}
	return d
}
