package format

import "github.com/kontakty/kontakty/internal/contact"

func (p *parser) details(d *contact.DetailsContent) *Fault {
	return p.object(detailsKeys, func(key string) (fault *Fault) {
		switch key {
		case "recording":
			d.Recording, fault = optional(p, p.recording)
		case "email":
			d.Email, fault = optional(p, p.email)
		case "chat":
			d.Chat, fault = optional(p, p.chat)
		case "sms":
			d.SMS, fault = optional(p, p.sms)
		case "recordings":
			d.Recordings, fault = list(p, maxRecordings, p.recording)
		}
		return fault
	})
}

func (p *parser) recording() (r contact.Recording, _ *Fault) {
	return r, p.object(recordingKeys, func(key string) (fault *Fault) {
		switch key {
		case "path":
			r.Path, fault = p.textOrNull()
		case "seconds":
			r.Seconds, fault = optional(p, p.seconds)
		}
		return fault
	})
}

func (p *parser) email() (e contact.Email, _ *Fault) {
	return e, p.object(emailKeys, func(key string) (fault *Fault) {
		switch key {
		case "subject":
			e.Subject, fault = p.textOrNull()
		case "body":
			e.Body, fault = p.textOrNull()
		case "attachments":
			e.Attachments, fault = list(p, maxAttachments, p.attachment)
		}
		return fault
	})
}

func (p *parser) attachment() (a contact.Attachment, _ *Fault) {
	sized := false
	fault := p.object(attachmentKeys, func(key string) (fault *Fault) {
		switch key {
		case "name":
			a.Name, fault = p.textOrNull()
		case "size":
			sized = true
			a.Size, fault = p.integer()
		case "path":
			a.Path, fault = optional(p, p.textOrNull)
		}
		return fault
	})
	if fault == nil && !sized {
		p.repairs.note("size", "is missing and became 0")
	}
	return a, fault
}

func (p *parser) chat() (c contact.ChatLog, _ *Fault) {
	return c, p.object(chatKeys, func(string) (fault *Fault) {
		c.Messages, fault = list(p, maxMessages, p.message)
		return fault
	})
}

func (p *parser) message() (m contact.ChatMessage, _ *Fault) {
	return m, p.object(messageKeys, func(key string) (fault *Fault) {
		switch key {
		case "at":
			m.At, fault = p.time()
		case "author":
			m.Author, fault = p.textOrNull()
		case "text":
			m.Text, fault = p.textOrNull()
		}
		return fault
	})
}

func (p *parser) sms() (s contact.SMS, _ *Fault) {
	return s, p.object(smsKeys, func(string) (fault *Fault) {
		s.Text, fault = p.textOrNull()
		return fault
	})
}
