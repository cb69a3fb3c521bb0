import { lazy } from 'react';

/** The parts that nobody sees at first are loaded once the page rests, so that the first rows need not wait for them. */
const details = () => import('../details/DetailsPanel');
const downloads = () => import('../files/DownloadsPanel');
const generate = () => import('../files/GenerateDialog');
const player = () => import('../player/PlayerBar');
const sources = () => import('../sources/SourcesPanel');

export const DetailsPanel = lazy(() => details().then((module) => ({ default: module.DetailsPanel })));
export const DownloadsPanel = lazy(() => downloads().then((module) => ({ default: module.DownloadsPanel })));
export const PlayerBar = lazy(() => player().then((module) => ({ default: module.PlayerBar })));
export const SourcesPanel = lazy(() => sources().then((module) => ({ default: module.SourcesPanel })));
export const GenerateDialog = lazy(() => generate().then((module) => ({ default: module.GenerateDialog })));

/** Fetches them before they are asked for: then they open at once, even while the server is away. */
export function prepare(): void {
  const fetchAll = () => void Promise.allSettled([details(), downloads(), generate(), player(), sources()]);
  if ('requestIdleCallback' in window) requestIdleCallback(fetchAll, { timeout: 5_000 });
  else setTimeout(fetchAll, 2_000);
}
