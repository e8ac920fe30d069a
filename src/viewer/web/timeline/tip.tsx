/** What is below the pointer in the lanes, in words. The keyboard has the same by the live region. */
import { signal } from '@preact/signals';

export const tip = signal<{ readonly x: number; readonly y: number; readonly text: string } | undefined>(undefined);

const WIDTH_PX = 320;

export function Tip(): preact.JSX.Element | null {
  const at = tip.value;
  if (at === undefined) return null;
  const isRight = at.x > window.innerWidth - WIDTH_PX;
  const side = isRight ? { right: `${window.innerWidth - at.x + 12}px` } : { left: `${at.x + 12}px` };
  return (
    <p class="tip" aria-hidden="true" style={{ ...side, top: `${at.y + 16}px` }}>
      {at.text}
    </p>
  );
}
