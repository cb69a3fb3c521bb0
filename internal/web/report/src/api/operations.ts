import { graphql } from './generated';

/** What kinds of filter and file there are; it makes their types part of the generated code. */
export const previewDocument = graphql(`
  query ExportPreview($filter: ContactFilter!, $kind: ExportKind!) {
    exportPreview(filter: $filter, kind: $kind) {
      contacts
      lines
      sheets
      warnings {
        code
        message
      }
    }
  }
`);
