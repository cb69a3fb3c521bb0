package ingest

import "github.com/kontakty/kontakty/internal/contact"

func (p *parser) details(d *contact.DetailsContent) *problem {
	return p.object(detailsKeys, func(key string) (fault *problem) {
		switch key {
		case "recording":
			d.Recording, fault = optional(p, p.recording)
		case "email":
			d.Email, fault = optional(p, p.email)
		case "chat":
			d.Chat, fault = optional(p, p.chat)
		case "sms":
			d.SMS, fault = optional(p, p.sms)
		}
		return fault
	})
}

func (p *parser) recording() (r contact.Recording, _ *problem) {
	return r, p.object(recordingKeys, func(key string) (fault *problem) {
		switch key {
		case "path":
			r.Path, fault = p.word()
		case "seconds":
			r.Seconds, fault = optional(p, p.seconds)
		}
		return fault
	})
}

func (p *parser) email() (e contact.Email, _ *problem) {
	return e, p.object(emailKeys, func(key string) (fault *problem) {
		switch key {
		case "subject":
			e.Subject, fault = p.word()
		case "body":
			e.Body, fault = p.word()
		case "attachments":
			e.Attachments, fault = list(p, mostAttachments, p.attachment)
		}
		return fault
	})
}

func (p *parser) attachment() (a contact.Attachment, _ *problem) {
	sized := false
	fault := p.object(attachmentKeys, func(key string) (fault *problem) {
		switch key {
		case "name":
			a.Name, fault = p.word()
		case "size":
			sized = true
			a.Size, fault = p.integer()
		}
		return fault
	})
	if fault == nil && !sized {
		fault = wrong("is required").within("size")
	}
	return a, fault
}

func (p *parser) chat() (c contact.ChatLog, _ *problem) {
	return c, p.object(chatKeys, func(string) (fault *problem) {
		c.Messages, fault = list(p, mostMessages, p.message)
		return fault
	})
}

func (p *parser) message() (m contact.ChatMessage, _ *problem) {
	return m, p.object(messageKeys, func(key string) (fault *problem) {
		switch key {
		case "at":
			m.At, fault = p.time()
		case "author":
			m.Author, fault = p.word()
		case "text":
			m.Text, fault = p.word()
		}
		return fault
	})
}

func (p *parser) sms() (s contact.SMS, _ *problem) {
	return s, p.object(smsKeys, func(string) (fault *problem) {
		s.Text, fault = p.word()
		return fault
	})
}
