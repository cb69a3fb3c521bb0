import { Kind, print, visit } from '@0no-co/graphql.web';
import type { TypedDocumentNode } from 'urql';

import { graphql } from '../api/generated';
import type { ContactsPageQuery, ContactsPageQueryVariables } from '../api/generated/graphql';
import { type ColumnId, columnIds } from '../report/columns';

/**
 * A page of the table. Each column's variable says whether it is shown; what is not shown is taken out before the query
 * is sent (see pageDocument), so that the API is asked for exactly the columns on the screen. The id, the type, the
 * time in the IVR, the status and the conversation belong to every row: they decide whether and to what it opens, and
 * whether it is marked as not being over yet or as never ended.
 */
const allColumns = graphql(`
  query ContactsPage(
    $filter: ContactFilter!
    $orderBy: ContactOrder
    $first: Int!
    $after: String
    $externalId: Boolean!
    $campaign: Boolean!
    $agent: Boolean!
    $sourceAddress: Boolean!
    $destinationAddress: Boolean!
    $ccAddresses: Boolean!
    $bccAddresses: Boolean!
    $startedAt: Boolean!
    $talkTime: Boolean!
    $ringTime: Boolean!
    $agentTalkTime: Boolean!
    $type: Boolean!
    $recordId: Boolean!
    $significantField: Boolean!
    $classifier: Boolean!
    $queue: Boolean!
    $details: Boolean!
    $hangupParty: Boolean!
    $holdTime: Boolean!
    $wrapUpTime: Boolean!
    $outcome: Boolean!
    $reachedAgent: Boolean!
    $lostAt: Boolean!
    $queueTime: Boolean!
    $timeToAnswer: Boolean!
    $lostAfter: Boolean!
  ) {
    contacts(filter: $filter, orderBy: $orderBy, first: $first, after: $after) {
      resolvedPeriod {
        from
        to
        timeZone
      }
      pageInfo {
        hasNextPage
        endCursor
      }
      nodes {
        id
        type
        ivrTime
        status
        unfinished
        conversationId
        channel @include(if: $type)
        externalId @include(if: $externalId)
        campaign @include(if: $campaign) {
          name
        }
        agent @include(if: $agent) {
          name
          externalId
          deletedAt
        }
        sourceAddress @include(if: $sourceAddress)
        destinationAddress @include(if: $destinationAddress)
        toAddresses @include(if: $destinationAddress)
        ccAddresses @include(if: $ccAddresses)
        bccAddresses @include(if: $bccAddresses)
        startedAt @include(if: $startedAt)
        talkTime @include(if: $talkTime)
        ringTime @include(if: $ringTime)
        agentTalkTime @include(if: $agentTalkTime)
        record @include(if: $recordId) {
          externalId
        }
        recordOfField: record @include(if: $significantField) {
          significantField {
            name
            value
          }
        }
        classifier @include(if: $classifier) {
          name
        }
        queue @include(if: $queue) {
          name
        }
        details @include(if: $details) {
          __typename
        }
        hangupParty @include(if: $hangupParty)
        holdTime @include(if: $holdTime)
        wrapUpTime @include(if: $wrapUpTime)
        outcome @include(if: $outcome)
        reachedAgent @include(if: $reachedAgent)
        lostAt @include(if: $lostAt)
        queueTime @include(if: $queueTime)
        timeToAnswer @include(if: $timeToAnswer)
        lostAfter @include(if: $lostAfter)
      }
    }
  }
`);

/** How many contacts there are over all pages; asked for apart, so that the first rows need not wait for the count. */
export const totalDocument = graphql(`
  query ContactsTotal($filter: ContactFilter!) {
    contacts(filter: $filter, first: 0) {
      totalCount
    }
  }
`);

type PageVariables = Pick<ContactsPageQueryVariables, 'filter' | 'orderBy' | 'first' | 'after'>;
export type ContactRow = ContactsPageQuery['contacts']['nodes'][number];

/** The query for the columns shown, and nothing else. */
export function pageDocument(shown: readonly ColumnId[]): TypedDocumentNode<ContactsPageQuery, PageVariables> {
  const switches = new Set<string>(columnIds);
  const wanted = new Set<string>(shown);
  return visit(
    allColumns as Parameters<typeof visit>[0],
    {
      VariableDefinition: (node: { variable: { name: { value: string } } }) =>
        switches.has(node.variable.name.value) ? null : undefined,
      Field: (node: { directives?: readonly Include[] }) => {
        const include = node.directives?.find((directive) => directive.name.value === 'include');
        if (!include) return undefined;
        const column = include.arguments[0]?.value.name.value ?? '';
        return wanted.has(column) ? { ...node, directives: [] } : null;
      },
    } as never,
  ) as unknown as TypedDocumentNode<ContactsPageQuery, PageVariables>;
}

interface Include {
  name: { value: string };
  arguments: readonly { value: { name: { value: string } } }[];
}

/** The query of the first page as text that runs as it stands: its variables are written into it. */
export function standingQuery(shown: readonly ColumnId[], variables: PageVariables): string {
  const values: Record<string, unknown> = { ...variables };
  const document = visit(
    pageDocument(shown) as Parameters<typeof visit>[0],
    {
      OperationDefinition: (node: object) => ({ ...node, variableDefinitions: [] }),
      Argument: (node: { value: { kind: Kind; name?: { value: string } } }) =>
        node.value.kind === Kind.VARIABLE && values[node.value.name!.value] == null ? null : undefined,
    } as never,
  );
  const text = print(document).replace(/\((.*)\) \{/, (_, list: string) => `(\n    ${list.replaceAll(', ', '\n    ')}\n  ) {`);
  return text.replace(/\$(\w+)/g, (_, name: string) => written(name, values[name], '    '));
}

/** Names of input fields whose texts are enum values: they are written without quotation marks. */
const enumFields = new Set(['preset', 'types', 'statuses', 'outcomes', 'weekdays', 'field', 'direction']);

/** A value as GraphQL writes it, objects with a line for each field. */
function written(name: string, value: unknown, indent: string): string {
  if (Array.isArray(value)) return `[${value.map((one) => written(name, one, indent)).join(', ')}]`;
  if (typeof value === 'string') return enumFields.has(name) && /^\w+$/.test(value) ? value : JSON.stringify(value);
  if (value && typeof value === 'object') {
    const fields = Object.entries(value).filter(([, one]) => one !== undefined && one !== null);
    const lines = fields.map(([field, one]) => `${indent}  ${field}: ${written(field, one, `${indent}  `)}\n`);
    return `{\n${lines.join('')}${indent}}`;
  }
  return String(value);
}
