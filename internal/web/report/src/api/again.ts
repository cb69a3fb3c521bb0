import { useEffect } from 'react';

/** How often what is not over is looked at again, in milliseconds. */
const again = 5_000;

/** Asks again and again while something is live and somebody looks at the page. */
export function useAgain(live: boolean, ask: () => void) {
  useEffect(() => {
    if (!live) return;
    const timer = setInterval(() => document.hidden || ask(), again);
    return () => clearInterval(timer);
  }, [live, ask]);
}
