import type { Wave } from './documents';

type Channel = NonNullable<Wave>[number];

/** How high a channel is drawn, from its middle up and down: the loudest sample of the recording is drawn so high. */
export const half = 50;

/** What is softer than this share of the loudest possible is drawn softer: noise does not look like speech. */
const softest = 16;

/**
 * The outline of each channel in a box as wide as it has stretches and 2 * half high: along the largest samples, and
 * back along the smallest. All channels have one scale.
 */
export function outlines(wave: NonNullable<Wave>): string[] {
  let loudest = softest;
  for (const { smallest, largest } of wave) {
    for (const sample of smallest) loudest = Math.max(loudest, -sample);
    for (const sample of largest) loudest = Math.max(loudest, sample);
  }
  return wave.map((channel) => outline(channel, half / loudest));
}

function outline({ smallest, largest }: Channel, scale: number): string {
  // A hair's breadth is left where it is silent.
  const up = largest.map((sample, i) => `${i + 0.5},${height(Math.min(half - 0.5, half - sample * scale))}`);
  const down = smallest.map((sample, i) => `${i + 0.5},${height(Math.max(half + 0.5, half - sample * scale))}`).reverse();
  return up.length === 0 ? '' : `M${up.join('L')}L${down.join('L')}Z`;
}

function height(value: number): string {
  return String(Math.round(value * 10) / 10);
}
