// PostGraphile over Kontakty's tables: what it makes of them by itself, told which rows belong together (the tables have
// no foreign keys) and how to ask for a period (its conditions know equality alone).
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";
import { makePgService } from "postgraphile/adaptors/pg";
import { TYPES } from "postgraphile/@dataplan/pg";
import { addPgTableCondition, pgSmartTags } from "postgraphile/utils";

const related = pgSmartTags([
  {
    kind: "class",
    match: ({ relname, relkind }) => relname === "contacts" && relkind === "p",
    tags: {
      foreignKey: ["campaign", "agent", "queue", "classifier", "record"].map(
        (one) => `(${one}_id) references public.${one}s (id)|@fieldName ${one}|@behavior -*:many -backwards`,
      ),
    },
  },
  {
    kind: "class",
    match: ({ relname, relkind }) => relname === "ivr_steps" && relkind === "p",
    tags: {
      foreignKey:
        "(contact_started_at, contact_id) references public.contacts (started_at, id)|@foreignFieldName ivrSteps|@behavior +list -connection",
    },
  },
]);

const bound = (field, operator) =>
  addPgTableCondition(
    { schemaName: "public", tableName: "contacts" },
    field,
    (build) => ({ type: build.graphql.GraphQLString }),
    (value, { sql, sqlTableAlias, sqlValueWithCodec }) =>
      sql`${sqlTableAlias}.started_at ${sql.raw(operator)} ${sqlValueWithCodec(value, TYPES.timestamptz)}`,
  );

export default {
  extends: [PostGraphileAmberPreset],
  plugins: [related, bound("startedFrom", ">="), bound("startedBefore", "<")],
  pgServices: [makePgService({ connectionString: process.env.DATABASE_URL, schemas: ["public"], poolConfig: { max: 10 } })],
  grafserv: { graphqlPath: "/graphql", graphiql: false, websockets: false, watch: false, maxRequestLength: 100_000 },
  grafast: { explain: false },
};
