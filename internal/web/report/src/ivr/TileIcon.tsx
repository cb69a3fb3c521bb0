import type { IvrStepKind } from '../api/generated/graphql';

/** What the tiles of the IVR look like: strokes of 1.5 on a grid of 16, as the page's other icons. */
const paths: Record<IvrStepKind, string> = {
  ANNOUNCEMENT: 'M3 6.5v3h2.5L9 12.5v-9L5.5 6.5zM11.2 6a3 3 0 0 1 0 4M12.8 4.2a5.5 5.5 0 0 1 0 7.6',
  MENU: 'M3.5 3.5v.1M8 3.5v.1M12.5 3.5v.1M3.5 8v.1M8 8v.1M12.5 8v.1M3.5 12.5v.1M8 12.5v.1M12.5 12.5v.1',
  INPUT: 'M2 4.5h12v7H2zM4.5 7v2M7 9h4.5',
  QUEUE: 'M4.5 2.5h7M4.5 13.5h7M5 2.5c0 3 3 3.5 3 5.5s-3 2.5-3 5.5M11 2.5c0 3-3 3.5-3 5.5s3 2.5 3 5.5',
  AGENT: 'M3 10V8a5 5 0 0 1 10 0v2M3 9h2v3.5H4a1 1 0 0 1-1-1zM13 9h-2v3.5h1a1 1 0 0 0 1-1zM12 12.5c0 1-1.5 1.5-3 1.5',
  TRANSFER: 'M2.5 5.5h9M9 3l2.5 2.5L9 8M13.5 10.5h-9M7 8l-2.5 2.5L7 13',
  VOICEMAIL: 'M4.5 10.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM11.5 10.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5zM4.5 10.5h7',
  SURVEY: 'M3.5 3h9v10.5h-9zM6 3V1.8h4V3M5.5 7l1 1 1.5-2M9.5 7h1.5M5.5 10.5l1 1L8 9.5M9.5 10.7H11',
  OTHER: 'M4 8v.1M8 8v.1M12 8v.1',
};

/** The icon of a tile, in a field of its kind's colour. Its name stands beside it. */
export function TileIcon({ kind }: { kind: IvrStepKind }) {
  return (
    <span className={`tile-icon tile-icon-${kind.toLowerCase()}`} aria-hidden="true">
      <svg
        width={16}
        height={16}
        viewBox="0 0 16 16"
        focusable="false"
        fill="none"
        stroke="currentColor"
        strokeWidth={kind === 'MENU' || kind === 'OTHER' ? 2 : 1.4}
        strokeLinecap="round"
        strokeLinejoin="round">
        <path d={paths[kind]} />
      </svg>
    </span>
  );
}
