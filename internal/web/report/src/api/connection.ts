import { useSyncExternalStore } from 'react';

let connected = true;
let waiting = false;
const listeners = new Set<() => void>();

function set(next: boolean): void {
  if (connected === next) return;
  connected = next;
  for (const listener of listeners) listener();
}

/** Whether the server answered last time. */
export function useConnected(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => connected,
  );
}

/** The server answered. */
export function reached(): void {
  set(true);
}

/** No answer came: it is asked again and again whether it is back. */
export function lost(): void {
  set(false);
  void wait();
}

async function wait(): Promise<void> {
  if (waiting) return;
  waiting = true;
  for (let pause = 1_000; !connected; pause = Math.min(pause * 1.5, 10_000)) {
    await new Promise((resolve) => setTimeout(resolve, pause));
    try {
      const answer = await fetch('/readyz', { cache: 'no-store' });
      if (answer.ok) set(true);
    } catch {
      // Still away.
    }
  }
  waiting = false;
}

addEventListener('offline', lost);
