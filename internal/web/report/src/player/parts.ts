import type { IvrStepKind } from '../api/generated/graphql';
import type { HeardContact } from './documents';

/** A stretch of a recording that belongs to one station of the call's way. */
export interface Part {
  kind: 'ivr' | 'ring' | 'agent';
  /** The tile of an IVR that it was; null where it is unknown, and of anything else. */
  tile: { name: string; kind: IvrStepKind } | null;
  /** Seconds from the start of the recording. */
  from: number;
  to: number;
}

type Way = Pick<HeardContact, 'ivrTime' | 'ringTime' | 'agentTalkTime' | 'ivrSteps'> & {
  recordings: readonly { seconds: number | null }[];
};

/** Recorders and exchanges count a second or two differently. */
const tolerance = (seconds: number) => Math.max(2, seconds * 0.02);

/**
 * The parts of a recording. What it holds is told by how long all recordings of the contact are together: the talk
 * alone, or the whole way to it. Where that fits neither, nothing is marked.
 */
export function partsOf(way: Way, index: number): Part[] {
  if (way.recordings.some(({ seconds }) => seconds === null)) return [];
  const lengths = way.recordings.map(({ seconds }) => seconds!);
  const length = lengths.reduce((sum, one) => sum + one, 0);
  const off = (all: readonly Stretch[]) => Math.abs(secondsOf(all) - length);
  const [stretches] = [talk(way), [...ivr(way), ...talk(way)], [...ivr(way), ...ring(way), ...talk(way)]]
    .filter((all) => all.length > 0 && off(all) <= tolerance(length))
    .sort((one, other) => off(one) - off(other));
  if (!stretches) return [];
  const begin = lengths.slice(0, index).reduce((sum, one) => sum + one, 0);
  const end = begin + lengths[index]!;
  const parts: Part[] = [];
  let passed = 0;
  stretches.forEach(({ seconds, ...stretch }, i) => {
    const from = passed;
    passed += seconds;
    // The last one takes what was counted differently.
    const to = i === stretches.length - 1 ? length : passed;
    if (to > begin && from < end) parts.push({ ...stretch, from: Math.max(from, begin) - begin, to: Math.min(to, end) - begin });
  });
  return parts;
}

type Stretch = Omit<Part, 'from' | 'to'> & { seconds: number };

function secondsOf(stretches: readonly Stretch[]): number {
  return stretches.reduce((sum, { seconds }) => sum + seconds, 0);
}

function talk({ agentTalkTime }: Way): Stretch[] {
  return agentTalkTime ? [{ kind: 'agent', tile: null, seconds: agentTalkTime }] : [];
}

function ring({ ringTime }: Way): Stretch[] {
  return ringTime ? [{ kind: 'ring', tile: null, seconds: ringTime }] : [];
}

/** The tiles of the IVR, up to the agent's; the time in the IVR as a whole where they do not tell of it. */
function ivr({ ivrTime, ivrSteps }: Way): Stretch[] {
  if (!ivrTime) return [];
  const tiles = ivrSteps
    .filter(({ kind, duration }) => kind !== 'AGENT' && duration)
    .map(({ name, kind, duration }): Stretch => ({ kind: 'ivr', tile: { name, kind }, seconds: duration! }));
  if (Math.abs(secondsOf(tiles) - ivrTime) <= tolerance(ivrTime)) return tiles;
  return [{ kind: 'ivr', tile: null, seconds: ivrTime }];
}
