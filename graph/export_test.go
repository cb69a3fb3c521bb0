package graph

import "github.com/99designs/gqlgen/graphql"

// NewHandlerWith is NewHandler with other compiled answers, or without any: what they are compared with.
func NewHandlerWith(config Config, answers ...graphql.HandlerExtension) *Handler {
	return newHandler(config, answers...)
}

// CompiledAnswers are those of NewHandler.
func CompiledAnswers(config Config) graphql.HandlerExtension { return compiledAnswers(config) }
