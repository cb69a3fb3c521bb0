import './workers.js';
import 'graphiql/style.css';
import '@graphiql/plugin-explorer/style.css';
import './page.css';

import { explorerPlugin } from '@graphiql/plugin-explorer';
import { HISTORY_PLUGIN, GraphiQL } from 'graphiql';
import { createRoot } from 'react-dom/client';

import { createFetcher } from './fetcher.js';
import { storage } from './storage.js';
import { openingTabs, queryOfAddress } from './tabs.js';

const root = document.getElementById('graphiql');
const fetcher = createFetcher(root.dataset.endpoint);
const explorer = explorerPlugin();
const plugins = [explorer, HISTORY_PLUGIN];

// The explorer is open on the first visit. GraphiQL remembers what was open last, but takes "nothing" for "not decided".
const firstVisit = storage.getItem('graphiql:visiblePlugin') === null;

// A query from the report gets a tab of its own, in front.
const query = queryOfAddress();

createRoot(root).render(
  <GraphiQL
    fetcher={fetcher}
    storage={storage}
    defaultTabs={query === null ? openingTabs : [{ query }, ...openingTabs]}
    initialQuery={query ?? undefined}
    initialVariables={query === null ? undefined : ''}
    plugins={plugins}
    visiblePlugin={firstVisit ? explorer : undefined}
    inputValueDeprecation
    schemaDescription
  >
    <GraphiQL.Logo>
      <span className="kontakty-logo">Kontakty</span>
    </GraphiQL.Logo>
  </GraphiQL>,
);
