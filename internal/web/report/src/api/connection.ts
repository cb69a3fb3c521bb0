import { createStore, useStore } from '../state/store';

/** Whether the server answered last time. */
const connected = createStore(true);
let polling = false;

export function useConnected(): boolean {
  return useStore(connected);
}

/** The server answered. */
export function reached(): void {
  connected.set(true);
}

/** No answer came: it is asked again and again whether it is back. */
export function lost(): void {
  connected.set(false);
  void poll();
}

async function poll(): Promise<void> {
  if (polling) return;
  polling = true;
  for (let pause = 1_000; !connected.get(); pause = Math.min(pause * 1.5, 10_000)) {
    await new Promise((resolve) => setTimeout(resolve, pause));
    try {
      const answer = await fetch('/readyz', { cache: 'no-store' });
      if (answer.ok) connected.set(true);
    } catch {
      // Still away.
    }
  }
  polling = false;
}

addEventListener('offline', lost);
