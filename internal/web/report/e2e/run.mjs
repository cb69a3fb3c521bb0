// Uses the report as its users would, in a real Chromium against a running demo:
//
//   node e2e/run.mjs http://127.0.0.1:8080
//
// PART names a part to run alone, or a subject. What the page shows is compared with what the API says to the same
// question. It records a few contacts with hostile texts, orders some thirty files and deletes what it ordered.
import { base } from './base.mjs';
import { visit } from './visit.mjs';

const subjects = [
  'page',
  'filters',
  'address',
  'columns',
  'table',
  'conversation',
  'session',
  'details-content',
  'details-ivr',
  'details-panel',
  'player',
  'files-order',
  'files-follow',
  'files-list',
  'sources',
];
const wanted = process.env.PART ?? '';

for (const subject of subjects) {
  const { default: parts } = await import(`./${subject}.mjs`);
  const chosen = parts.filter((part) => `${subject} ${part.name}`.includes(wanted));
  if (chosen.length === 0) continue;
  console.log(subject);
  await visit(base, chosen);
}
console.log(`The report at ${base.origin}: all as the API says, nothing serious for axe.`);
